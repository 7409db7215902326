"""Why a scanned text cannot be paid, in codes the screen knows."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    WRONG_COIN = "qr_wrong_coin"
    WRONG_NETWORK = "qr_wrong_network"
    BAD_ADDRESS = "qr_bad_address"  # a Bitcoin address, but for a wrong letter
    NOT_A_WALLET = "qr_not_a_wallet"  # a web page, a contact, a text
    UNSUPPORTED = "qr_unsupported"  # a wallet's code, of a kind the kiosk cannot pay
    PRIVATE_KEY = "qr_private_key"  # the key to somebody's coins: shown to no one, kept nowhere


@dataclass(frozen=True)
class PayloadRefusal:
    code: RefusalCode
    detail: str  # for the log. It never repeats the scanned text: that may be a private key


class Refused(Exception):
    """The person showed something else than a payable code. Never leaves this package."""

    def __init__(self, code: RefusalCode, detail: str) -> None:
        super().__init__(detail)
        self.refusal = PayloadRefusal(code, detail)
