"""Why a scanned text cannot be paid, in codes the screen knows."""

from dataclasses import dataclass, replace
from enum import StrEnum


class RefusalCode(StrEnum):
    WRONG_COIN = "qr_wrong_coin"
    WRONG_NETWORK = "qr_wrong_network"
    BAD_ADDRESS = "qr_bad_address"  # an address, but for a wrong letter
    EXPIRED = "qr_expired"
    FIXED_AMOUNT = "qr_fixed_amount"  # can only be paid exactly, and cash comes in bills
    TOKEN_CONTRACT = "qr_token_contract"  # noqa: S105  # what is sent to a token itself is lost
    UNSUPPORTED = "qr_unsupported"  # a wallet's code, of a kind the kiosk cannot pay
    PRIVATE_KEY = "qr_private_key"  # the key to somebody's coins: shown to no one, kept nowhere
    WEB_PAGE = "qr_web_page"
    CONTACT = "qr_contact"
    NOT_A_WALLET = "qr_not_a_wallet"  # any other text


@dataclass(frozen=True)
class PayloadRefusal:
    code: RefusalCode
    detail: str  # for the log. It never repeats the scanned text: that may be a private key
    family: str | None = None  # whose code it is, or seems to be: "Litecoin", "Lightning"


class Refused(Exception):
    """The person showed something else than a payable code. Never leaves this package."""

    def __init__(self, code: RefusalCode, detail: str, family: str | None = None) -> None:
        super().__init__(detail)
        self.refusal = PayloadRefusal(code, detail, family)

    def of(self, family: str) -> "Refused":
        """The same, said of a family's code; who already knows it better is left alone."""
        known = replace(self.refusal, family=self.refusal.family or family)
        return Refused(known.code, known.detail, known.family)
