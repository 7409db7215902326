"""How EBDS names a bill: its currency and value in letters, and which bills may be taken.

Source: extended message 02 (note specification) and 06 (value table), decapod-atm/ebds
src/extended_note_specification/reply.rs and src/query_value_table/reply.rs: index | ISO code, 3 letters |
value, 3 digits | sign | exponent, 2 digits | orientation, type, series and more, which are no concern here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.minor_units import minor_units

RECORD_BYTES = 10
TABLE_INDEX_MAX = 127  # the longest table has 128 lines, and an index seven bits
LONG_INHIBITS = 19  # bytes: SC Advance, 128 lines
SHORT_INHIBITS = 8  # bytes: CFSC, 50 lines
_NOTES_PER_BYTE = 7


@dataclass(frozen=True)
class Note:
    index: int  # 0 in a report of the bill in escrow or stacked
    bill: Bill | None  # None: blank, or not to be read

    def __str__(self) -> str:
        return f"{self.bill.value_minor} {self.bill.currency}" if self.bill else "blank"


def read_note(record: bytes) -> Note:
    if len(record) < RECORD_BYTES:
        return Note(0, None)
    value_minor = _value_minor(record)
    bill = Bill(value_minor, record[1:4].decode("ascii", "replace")) if value_minor else None
    return Note(record[0], bill)


def _value_minor(record: bytes) -> int:
    """0 where it is no amount of money."""
    letters = record[1:RECORD_BYTES].decode("ascii", "replace")
    currency, digits, sign, exponent = letters[:3], letters[3:6], letters[6], letters[7:9]
    if not (currency.isalpha() and currency.isupper() and currency.isascii()):
        return 0
    if not (digits.isdecimal() and exponent.isdecimal() and sign in "+-"):
        return 0
    minor, scale = int(digits) * minor_units(currency), int("1" + "0" * int(exponent))
    if sign == "+":
        return minor * scale
    return 0 if minor % scale else minor // scale


def read_value_table(extension: bytes) -> dict[int, Note]:
    starts = range(0, len(extension) - RECORD_BYTES + 1, RECORD_BYTES)
    notes = (read_note(extension[at : at + RECORD_BYTES]) for at in starts)
    return {note.index: note for note in notes if note.bill}


def bills_of(table: Mapping[int, Note], currency: str) -> dict[int, Bill]:
    """The bills of one currency, by index."""
    return {
        index: note.bill
        for index, note in table.items()
        if note.bill and note.bill.currency == currency
    }


def enabled_notes(indexes: Collection[int], length: int) -> bytes:
    """The data of message 03: bit n of byte m enables index 7m + n + 1."""
    mask = bytearray(length)
    for index in indexes:
        at, bit = divmod(index - 1, _NOTES_PER_BYTE)
        if 0 <= at < length:
            mask[at] |= 1 << bit
    return bytes(mask)
