"""What a text that no wallet of ours can be read from is instead, so that the screen can say it.

By shape and without checksums: nothing here is ever paid. Shapes overlap, so the order matters.
"""

import re

from kiosk.wallet.refusal import RefusalCode, Refused
from kiosk.wallet.script_address import BASE58_LETTERS

_WEB_PAGE = re.compile(r"https?:|www\.", re.IGNORECASE)
_CONTACT = re.compile(r"BEGIN:VCARD|MECARD:|BIZCARD:", re.IGNORECASE)
_PUBLIC_KEYS = re.compile(
    rf"[xyztuvYZUV]pub{BASE58_LETTERS}{{90,112}}"  # BIP-32, SLIP-132
    r"|(?i:ur:(crypto-)?(hdkey|account|output|account-descriptor)/.*)"  # BCR-2020-007
)
_SILENT_PAYMENT = re.compile(r"t?sp1[0-9a-z]{20,}", re.IGNORECASE)  # BIP-352

_SCHEMES = {
    "binance": "BNB",
    "bnb": "BNB",
    "cardano": "Cardano",
    "dash": "Dash",
    "polygon": "Polygon",
    "ripple": "XRP",
    "stellar": "Stellar",
    "tether": "Tether",
    "ton": "TON",
    "web+stellar": "Stellar",
    "xrpl": "XRP",
    "zcash": "Zcash",
}
# The families that are read come first: here they are what has a wrong letter in it.
_OURS = {
    "Bitcoin": re.compile(r"[13mn2][0-9A-Za-z]{24,34}"),
    "Litecoin": re.compile(rf"[LMQ]{BASE58_LETTERS}{{33}}"),
    "Dogecoin": re.compile(rf"[DA9]{BASE58_LETTERS}{{33}}"),
    "Tron": re.compile(rf"T{BASE58_LETTERS}{{33}}"),
}
_OTHERS = {
    "Dash": re.compile(rf"X{BASE58_LETTERS}{{33}}"),
    "Zcash": re.compile(rf"t[13]{BASE58_LETTERS}{{33}}|(?i:u1[0-9a-z]{{100,}}|zs1[0-9a-z]{{75}})"),
    "XRP": re.compile(rf"r{BASE58_LETTERS}{{24,34}}"),
    "Cardano": re.compile(r"addr1[0-9a-z]{50,}"),
    "Stellar": re.compile(r"[GM][A-Z2-7]{55}(?:[A-Z2-7]{13})?"),
    "TON": re.compile(r"[EU]Q[A-Za-z0-9_-]{46}"),
}


def why_not(text: str) -> Refused:
    """What `text`, which no reader has taken, seems to be."""
    if _WEB_PAGE.match(text):
        return Refused(RefusalCode.WEB_PAGE, "the address of a web page")
    if _CONTACT.match(text):
        return Refused(RefusalCode.CONTACT, "somebody's card")
    if ours := _family(text, _OURS):
        return Refused(RefusalCode.BAD_ADDRESS, "an address whose checksum is wrong", ours)
    if theirs := _scheme(text) or _family(text, _OTHERS):
        return Refused(RefusalCode.UNSUPPORTED, "a coin we do not read", theirs)
    if _SILENT_PAYMENT.fullmatch(text):
        return Refused(RefusalCode.UNSUPPORTED, "a silent payment address", "Bitcoin")
    if _PUBLIC_KEYS.fullmatch(text):
        return Refused(RefusalCode.UNSUPPORTED, "the public key of a whole wallet")
    return Refused(RefusalCode.NOT_A_WALLET, f"a text of {len(text)} characters")


def _scheme(text: str) -> str | None:
    scheme, colon, _ = text.partition(":")
    return _SCHEMES.get(scheme.lower()) if colon else None


def _family(text: str, shapes: dict[str, re.Pattern[str]]) -> str | None:
    return next((family for family, shape in shapes.items() if shape.fullmatch(text)), None)
