"""The device's own table of bills: an identity for each bill type, and a scaling for each country.

An identity is CCVVVVI: country, value in terms of the country's scaling, issue. What is not programmed is filled with
spaces, dots or the like. A scaling is LSB, MSB and decimal places; three zeros mean a country the device does not know.
Source: ccTalk Generic Specification 4.7, part 2, headers 158 and 156; part 3 appendices 10 and 15.
"""

from collections.abc import Iterable, Mapping

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.minor_units import minor_units

ID_BYTES = 7
SCALING_BYTES = 3
TYPES_OF_A_BYTE = 8  # of the inhibit mask: bit 0 of the first byte is bill type 1
COUPON = 255  # the bill type of a barcoded ticket

# The letters on the wire are ISO 3166 country codes, and EU; ISO 4217 names the currency.
CURRENCY_OF_COUNTRY: Mapping[str, str] = {
    "AE": "AED",
    "AR": "ARS",
    "AU": "AUD",
    "BR": "BRL",
    "CA": "CAD",
    "CH": "CHF",
    "CL": "CLP",
    "CN": "CNY",
    "CO": "COP",
    "CR": "CRC",
    "CZ": "CZK",
    "DK": "DKK",
    "EU": "EUR",
    "GB": "GBP",
    "HK": "HKD",
    "HU": "HUF",
    "IL": "ILS",
    "IN": "INR",
    "JP": "JPY",
    "KR": "KRW",
    "KZ": "KZT",
    "MD": "MDL",
    "MX": "MXN",
    "NO": "NOK",
    "NZ": "NZD",
    "PE": "PEN",
    "PH": "PHP",
    "PL": "PLN",
    "RO": "RON",
    "RS": "RSD",
    "RU": "RUB",
    "SE": "SEK",
    "SG": "SGD",
    "TR": "TRY",
    "UA": "UAH",
    "US": "USD",
    "UY": "UYU",
    "UZ": "UZS",
    "ZA": "ZAR",
}


def country_of(identity: bytes) -> str | None:
    """The country of a programmed bill whose currency we know, or None."""
    country = identity[:2].decode("ascii", "replace")
    is_programmed = len(identity) == ID_BYTES and identity[2:6].isdigit()
    return country if is_programmed and country in CURRENCY_OF_COUNTRY else None


def read_bill(identity: bytes, scaling: bytes) -> Bill | None:
    country = country_of(identity)
    if country is None or len(scaling) != SCALING_BYTES:
        return None
    currency = CURRENCY_OF_COUNTRY[country]
    factor, decimals = int.from_bytes(scaling[:2], "little"), scaling[2]
    value_minor, rest = divmod(int(identity[2:6]) * factor * minor_units(currency), 10**decimals)
    return Bill(value_minor, currency) if value_minor and not rest else None


def mask_of(types: Iterable[int], width: int) -> bytes:
    """The inhibit mask of so many bytes that lets these bill types in."""
    in_mask = (1 << kind - 1 for kind in types if 1 <= kind <= width * TYPES_OF_A_BYTE)
    return sum(in_mask).to_bytes(width, "little")
