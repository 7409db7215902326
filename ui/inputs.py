"""What every screen is derived from: the snapshot, the language, the time. Frozen."""

from dataclasses import dataclass

from kiosk.screen_link.snapshot import Snapshot
from ui.language import Language

COIN_NAMES = {"BTC": "bitcoin", "LTC": "litecoin"}


@dataclass(frozen=True)
class Inputs:
    snapshot: Snapshot
    language: Language
    since_snapshot_ms: int = 0  # since the snapshot came in
    shows_camera: bool = False

    @property
    def coin_name(self) -> str:
        return COIN_NAMES.get(self.snapshot.coin, self.snapshot.coin)

    @property
    def network_name(self) -> str:
        match self.snapshot.network:
            case "bitcoin":
                return "Bitcoin"
            case "practice":
                return self.translate("Networks", "none: practice")
            case network:
                text = self.translate("Networks", "{network}, for tests")
                return text.format(network=network)

    def translate(self, context: str, text: str) -> str:
        return self.language.translate(context, text)

    def money(self, minor: int) -> str:
        return self.language.money(minor, self.snapshot.currency, self.snapshot.currency_exponent)

    def bills(self, minor: int) -> str:
        return self.language.round_money(
            minor, self.snapshot.currency, self.snapshot.currency_exponent
        )

    def coin_number(self, base_units: int) -> str:
        return self.language.decimal(base_units, self.snapshot.coin_exponent)

    def coins(self, base_units: int) -> str:
        return f"{self.coin_number(base_units)}\N{NO-BREAK SPACE}{self.snapshot.coin}"
