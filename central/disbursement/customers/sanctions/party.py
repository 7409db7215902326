"""One entry of a sanctions list, whichever schema it was read from."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True)


class ListedName(_Listed):
    text: str
    is_weak: bool = False  # OFAC's "weak alias": broad, and alone no reason to hold anyone
    script: str = ""  # as the list calls it; the legacy schema does not say


class Born(_Listed):
    """At some day of these. What could not be read is any day: it contradicts nobody."""

    earliest: date
    latest: date


class ListedWallet(_Listed):
    currency: str  # as the list calls it: XBT, ETH
    address: str


class Party(_Listed):
    uid: str
    kind: str  # individual, entity, vessel, aircraft; "" when the list does not say
    names: tuple[ListedName, ...]
    births: tuple[Born, ...] = ()
    wallets: tuple[ListedWallet, ...] = ()


@dataclass(frozen=True)
class SanctionsList:
    schema: str  # advanced | legacy
    published_on: date
    sha256: str  # of the file
    parties: tuple[Party, ...]


ANY_DAY = Born(earliest=date.min, latest=date.max)


def canonical_address(address: str) -> str:
    """Two texts of one address become one: bech32 and hex may be written in either case, base58 may not."""
    address = address.strip()
    lowered = address.lower()
    is_hex = lowered.startswith("0x") and all(
        letter in "0123456789abcdef" for letter in lowered[2:]
    )
    is_bech32 = (
        "1" in lowered
        and lowered.rpartition("1")[0].isalpha()
        and address
        in {
            lowered,
            address.upper(),
        }
    )
    return lowered if is_hex or is_bech32 else address
