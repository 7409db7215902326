"""The device's own table of bills, read with GET BILL TABLE (41): bill type to bill.

Source: CCNET Protocol Description, Document 1, v2.6.0, GET BILL TABLE: 24 records of five bytes, value |
three letters | exponent, whose bit 7 says that it counts decimal places; value 0 marks an unused type. The
letters are a currency in some tables (the EUR of RT-circuits/ccnet-poc's log) and a country in others
(USA, EUR, AZE beside each other in derskythe/CashInMilliKart, CcnetBillTypes.cs).
"""

from collections.abc import Mapping

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.minor_units import minor_units

RECORD_BYTES = 5
BILL_TYPES = 24
DECIMAL_PLACES = 0x80

# ISO 3166 alpha-3 to ISO 4217. Letters that are not here are taken for the currency itself.
CURRENCY_OF_COUNTRY: Mapping[str, str] = {
    "ARE": "AED",
    "ARG": "ARS",
    "ARM": "AMD",
    "AUS": "AUD",
    "AZE": "AZN",
    "BGR": "BGN",
    "BLR": "BYN",
    "BRA": "BRL",
    "CAN": "CAD",
    "CHE": "CHF",
    "CHL": "CLP",
    "CHN": "CNY",
    "COL": "COP",
    "CZE": "CZK",
    "DEU": "EUR",
    "DNK": "DKK",
    "ESP": "EUR",
    "EST": "EUR",
    "FRA": "EUR",
    "GBR": "GBP",
    "GEO": "GEL",
    "GRC": "EUR",
    "HUN": "HUF",
    "IND": "INR",
    "ISR": "ILS",
    "ITA": "EUR",
    "JPN": "JPY",
    "KAZ": "KZT",
    "KGZ": "KGS",
    "LTU": "EUR",
    "LVA": "EUR",
    "MDA": "MDL",
    "MEX": "MXN",
    "NOR": "NOK",
    "NZL": "NZD",
    "PER": "PEN",
    "POL": "PLN",
    "QAT": "QAR",
    "ROU": "RON",
    "RUS": "RUB",
    "SAU": "SAR",
    "SGP": "SGD",
    "SWE": "SEK",
    "TJK": "TJS",
    "TUR": "TRY",
    "UKR": "UAH",
    "USA": "USD",
    "UZB": "UZS",
    "ZAF": "ZAR",
}


def read_table(table: bytes) -> dict[int, Bill]:
    """The bills by type. Unused types and records that name no bill are left out."""
    bills = {}
    for bill_type in range(min(BILL_TYPES, len(table) // RECORD_BYTES)):
        record = table[bill_type * RECORD_BYTES :][:RECORD_BYTES]
        if bill := _bill(record):
            bills[bill_type] = bill
    return bills


def _bill(record: bytes) -> Bill | None:
    letters = record[1:4].decode("ascii", "replace")
    if not (record[0] and letters.isascii() and letters.isalpha() and letters.isupper()):
        return None
    currency = CURRENCY_OF_COUNTRY.get(letters, letters)
    scale: int = 10 ** (record[4] & ~DECIMAL_PLACES)
    minor = record[0] * minor_units(currency)
    if not record[4] & DECIMAL_PLACES:
        return Bill(minor * scale, currency)
    return None if minor % scale else Bill(minor // scale, currency)


def type_mask(bill_types: Mapping[int, Bill]) -> bytes:
    """Three bytes, the highest types first: type 0 is bit 0 of the third."""
    return sum(1 << bill_type for bill_type in bill_types).to_bytes(3, "big")
