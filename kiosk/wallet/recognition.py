"""What a text that is no payable Bitcoin address is instead, so that the screen can say it.

By shape and without checksums: nothing here is ever paid. The order matters: a private key is named
before anything could be said about it, and a Bitcoin address with a wrong letter before the coins
whose addresses look much like it.
"""

import re

from bip_utils.bip.bip39.bip39_mnemonic import Bip39Languages
from bip_utils.bip.bip39.bip39_mnemonic_validator import Bip39MnemonicValidator

from kiosk.wallet.bitcoin_address import looks_like_address
from kiosk.wallet.refusal import RefusalCode, Refused

_B58 = "[1-9A-HJ-NP-Za-km-z]"
_MNEMONIC_WORDS = (12, 15, 18, 21, 24)  # BIP-39

_PRIVATE_KEYS = re.compile(
    rf"{_B58}{{51,52}}"  # WIF of any coin: a version, 32 bytes, perhaps a flag, a checksum
    rf"|6P{_B58}{{56}}"  # BIP-38: under a passphrase, and still nobody's to see
    rf"|[xyztuvYZUV]prv{_B58}{{90,112}}"  # BIP-32, and SLIP-132 for the other letters
    r"|[0-9]{48}|[0-9]{96}"  # SeedQR: the words of a seed as numbers
    r"|(0x)?[0-9a-fA-F]{64}"  # 32 bytes in hex
)
_PUBLIC_KEYS = re.compile(rf"[xyztuvYZUV]pub{_B58}{{90,112}}")  # BIP-32, SLIP-132

_LIGHTNING = re.compile(
    r"(lightning|lnurlp|lnurlw|lnurlc|keyauth):.*"  # LUD-17
    r"|ln(bc|tb|tbs|bcrt|o|url)[0-9a-z]+"  # BOLT-11, BOLT-12, LUD-01
    r"|[a-z0-9._+-]+@[a-z0-9.-]+\.[a-z]+",  # LUD-16
    re.IGNORECASE | re.DOTALL,
)
_SILENT_PAYMENT = re.compile(r"t?sp1[0-9a-z]{20,}", re.IGNORECASE)  # BIP-352

_SCHEMES = {
    "bchtest": "Bitcoin Cash",
    "bitcoincash": "Bitcoin Cash",
    "cardano": "Cardano",
    "dash": "Dash",
    "doge": "Dogecoin",
    "dogecoin": "Dogecoin",
    "ethereum": "Ethereum",
    "litecoin": "Litecoin",
    "monero": "Monero",
    "ripple": "XRP",
    "solana": "Solana",
    "stellar": "Stellar",
    "tether": "Tether",
    "ton": "TON",
    "tron": "Tron",
    "xrpl": "XRP",
    "zcash": "Zcash",
}
_OTHER_COINS = {
    "Ethereum": re.compile(r"0x[0-9a-fA-F]{40}"),
    "Litecoin": re.compile(rf"[LMQ]{_B58}{{33}}|(?i:(t|r)?ltc(mweb)?1[0-9a-z]{{6,}})"),
    "Dogecoin": re.compile(rf"[DA9]{_B58}{{33}}"),
    "Tron": re.compile(rf"T{_B58}{{33}}"),
    "Dash": re.compile(rf"X{_B58}{{33}}"),
    "Zcash": re.compile(rf"t[13]{_B58}{{33}}"),
    "XRP": re.compile(rf"r{_B58}{{24,34}}"),
    "Bitcoin Cash": re.compile(r"(?i:[qp][0-9a-z]{41})"),
    "Cardano": re.compile(r"addr1[0-9a-z]{50,}"),
    "Monero": re.compile(rf"[48]{_B58}{{94}}|4{_B58}{{105}}"),
    "Stellar": re.compile(r"G[A-Z2-7]{55}"),
    "Solana": re.compile(rf"{_B58}{{32,44}}"),  # any 32 bytes, so it comes last
}


def why_not(text: str) -> Refused:
    """What `text`, which is no valid Bitcoin address, seems to be."""
    if _PRIVATE_KEYS.fullmatch(text) or _is_mnemonic(text):
        return Refused(RefusalCode.PRIVATE_KEY, "a private key or a wallet's seed")
    if looks_like_address(text):
        return Refused(RefusalCode.BAD_ADDRESS, "a Bitcoin address whose checksum is wrong")
    if coin := _other_coin(text):
        return Refused(RefusalCode.WRONG_COIN, f"a code of {coin}")
    if _LIGHTNING.fullmatch(text):
        return Refused(RefusalCode.UNSUPPORTED, "a Lightning code")
    if _SILENT_PAYMENT.fullmatch(text):
        return Refused(RefusalCode.UNSUPPORTED, "a silent payment address")
    if _PUBLIC_KEYS.fullmatch(text):
        return Refused(RefusalCode.UNSUPPORTED, "the public key of a whole wallet")
    return Refused(RefusalCode.NOT_A_WALLET, f"a text of {len(text)} characters")


def _other_coin(text: str) -> str | None:
    scheme, colon, _ = text.partition(":")
    if colon:
        return _SCHEMES.get(scheme.lower())
    return next((coin for coin, shape in _OTHER_COINS.items() if shape.fullmatch(text)), None)


def _is_mnemonic(text: str) -> bool:
    words = text.lower().split()
    if len(words) not in _MNEMONIC_WORDS:
        return False
    return bool(Bip39MnemonicValidator(Bip39Languages.ENGLISH).IsValid(" ".join(words)))
