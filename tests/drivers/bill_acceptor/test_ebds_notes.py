"""How EBDS names bills."""

import pytest

from drivers.bill_acceptor.ebds.codec import Decoder
from drivers.bill_acceptor.ebds.frames import Reply
from drivers.bill_acceptor.ebds.notes import (
    LONG_INHIBITS,
    SHORT_INHIBITS,
    Note,
    enabled_notes,
    read_note,
    read_value_table,
)
from drivers.bill_acceptor.events import Bill


def test_the_public_note_of_2000_yen() -> None:
    """decapod-atm/ebds: the yen has no minor unit, so 2000 of them."""
    wire = "021e7002000000000000004a50593030322b303300414142410000000336"
    (reply,) = Decoder(Reply).feed(bytes.fromhex(wire))
    assert read_note(reply.extension) == Note(0, Bill(2000, "JPY"))


def test_the_public_value_table() -> None:
    wire = (
        "02527006000000000000015553443030312b3030025553443030322b3030035553443030352b3030"
        "045553443030312b3031055553443030322b3031065553443030352b3031075553443030312b3032037f"
    )
    (reply,) = Decoder(Reply).feed(bytes.fromhex(wire))
    values = {index: note.bill for index, note in read_value_table(reply.extension).items()}
    dollars = dict(enumerate((1, 2, 5, 10, 20, 50, 100), 1))
    assert values == {index: Bill(value * 100, "USD") for index, value in dollars.items()}


@pytest.mark.parametrize(
    ("letters", "bill"),
    [
        ("USD020+00", Bill(2000, "USD")),
        ("USD050-02", Bill(50, "USD")),
        ("KWD020+00", Bill(20_000, "KWD")),
        ("USD001-03", None),  # a tenth of a cent
        ("USD000+00", None),
        ("usd020+00", None),
        ("USD 20+00", None),
        ("USD020 00", None),
        ("USD020++1", None),
        ("\0\0\0\0\0\0\0\0\0", None),
        ("U\xb2D020+00", None),
    ],
)
def test_letters(letters: str, bill: Bill | None) -> None:
    assert read_note(b"\x05" + letters.encode("latin-1") + bytes(8)) == Note(5, bill)


def test_a_record_cut_short() -> None:
    assert read_note(b"\x01USD020+0") == Note(0, None)
    assert read_value_table(b"\x01USD020+00\x02USD05") == {1: Note(1, Bill(2000, "USD"))}


def test_each_byte_of_the_inhibits_holds_seven_bills() -> None:
    """decapod-atm/ebds src/extended_note_inhibits/command.rs: a set bit lets the bill in."""
    assert enabled_notes([1], SHORT_INHIBITS) == b"\x01" + bytes(7)
    assert enabled_notes([7, 8, 14], SHORT_INHIBITS) == b"\x40\x41" + bytes(6)
    assert enabled_notes([50], SHORT_INHIBITS) == bytes(7) + b"\x01"
    assert enabled_notes([128], LONG_INHIBITS) == bytes(18) + b"\x02"
    assert enabled_notes([128], SHORT_INHIBITS) == bytes(8)
