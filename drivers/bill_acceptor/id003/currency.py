"""The device's own table of bills, read with CURRENCY ASSIGN (8A): escrow code to bill.

Source: 8A reply of a real device, RT-circuits/ccnet-poc "Session-logs/capture final demo.txt": records of
four bytes, escrow code | country | value | exponent; value 0 marks an unused code.
"""

from collections.abc import Mapping

from drivers.bill_acceptor.events import Bill

RECORD_BYTES = 4
ESCROW_CODES = range(0x61, 0x69)  # one for each bit of SET DENOMINATIONS

# JCM country code to ISO 4217. [T] AlexObukhoff/TerminalClient, ID003/CurrencySpecification.h;
# [C] leanfrancucci/CIM-ARM, device/id0003Mapping.m; where both name a code they agree. Codes of
# currencies the euro replaced are left out.
CURRENCY_OF_COUNTRY: Mapping[int, str] = {
    0x01: "USD",  # T C
    0x02: "AUD",  # C
    0x05: "SEK",  # C
    0x06: "ZAR",  # C
    0x08: "CAD",  # T C
    0x09: "MXN",  # C
    0x0A: "JPY",  # C
    0x0C: "BRL",  # C
    0x0D: "NZD",  # C
    0x0E: "ARS",  # C
    0x16: "CHF",  # T C
    0x17: "GBP",  # C
    0x19: "COP",  # C
    0x1A: "PLN",  # C
    0x1C: "AED",  # C
    0x22: "SGD",  # C
    0x27: "RUB",  # T C
    0x2C: "CZK",  # C
    0x2D: "CNY",  # T
    0x2F: "PEN",  # C
    0x30: "HUF",  # T
    0x31: "UYU",  # C
    0x3A: "DKK",  # C
    0x48: "CAD",  # C
    0x4A: "PHP",  # C
    0x4D: "CRC",  # C
    0x4E: "CLP",  # C
    0x51: "KZT",  # T
    0x56: "ILS",  # C
    0x5C: "UAH",  # T
    0x63: "INR",  # T
    0x7E: "MDL",  # T
    0x86: "UZS",  # T
    0xE0: "EUR",  # T C, and the real device's log
}

_NO_MINOR_UNIT = frozenset({"JPY", "CLP"})  # ISO 4217, exponent 0


def read_table(data: bytes) -> dict[int, Bill]:
    """The bills by escrow code. Unused codes and countries we do not know are left out."""
    bills = {}
    for at in range(0, len(data) - RECORD_BYTES + 1, RECORD_BYTES):
        code, country, value, exponent = data[at : at + RECORD_BYTES]
        currency = CURRENCY_OF_COUNTRY.get(country)
        if code in ESCROW_CODES and value and currency:
            minor = 1 if currency in _NO_MINOR_UNIT else 100
            bills[code] = Bill(value * 10**exponent * minor, currency)
    return bills


def inhibited_codes(accepted: Mapping[int, Bill]) -> bytes:
    """The data of SET DENOMINATIONS: bit n of the first byte inhibits escrow code 61 + n."""
    refused = (code for code in ESCROW_CODES if code not in accepted)
    return bytes([sum(1 << code - ESCROW_CODES.start for code in refused), 0x00])
