"""The bits, by the Epson ESC/POS reference; the idle, off-line and paper values as printers send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.faults import FaultCode
from drivers.printer.status import (
    AutomaticStatus,
    InTurn,
    Query,
    Reply,
    StatusReader,
    ask,
    faults_of,
    faults_of_automatic,
)

COVER = FaultCode.PRINTER_COVER_OPEN
END = FaultCode.PRINTER_PAPER_END
NEAR = FaultCode.PRINTER_PAPER_NEAR_END
CUTTER = FaultCode.PRINTER_CUTTER
BROKEN = FaultCode.PRINTER_FAILURE
OFFLINE = FaultCode.PRINTER_OFFLINE


@pytest.mark.parametrize(
    ("printer", "offline", "error", "paper", "faults"),
    [
        (0x12, 0x12, 0x12, 0x12, set()),
        (0x16, 0x12, 0x12, 0x12, set()),  # the drawer's pin
        (0x12, 0x12, 0x12, 0x1E, {NEAR}),
        (0x12, 0x12, 0x12, 0x16, {NEAR}),  # one bit of the two
        (0x12, 0x12, 0x12, 0x1A, {NEAR}),
        (0x1A, 0x32, 0x12, 0x7E, {END}),  # and not "near its end" besides
        (0x1A, 0x12, 0x12, 0x72, {END}),
        (0x1A, 0x12, 0x12, 0x32, {END}),
        (0x1A, 0x12, 0x12, 0x52, {END}),
        (0x1A, 0x32, 0x12, 0x12, {END}),  # printing stopped by the paper's end
        (0x1A, 0x16, 0x12, 0x12, {COVER}),
        (0x1A, 0x16, 0x12, 0x1E, {COVER, NEAR}),
        (0x1A, 0x52, 0x1A, 0x12, {CUTTER}),
        (0x1A, 0x52, 0x32, 0x12, {BROKEN}),
        (0x1A, 0x52, 0x16, 0x12, {BROKEN}),
        (0x1A, 0x52, 0x12, 0x12, {BROKEN}),  # an error, and nobody says which
        (0x1A, 0x52, 0x52, 0x12, {OFFLINE}),  # the head is hot: it passes
        (0x1A, 0x12, 0x12, 0x12, {OFFLINE}),
        (0x1A, 0x1A, 0x12, 0x12, {OFFLINE}),  # somebody holds the feed button
    ],
)
def test_replies(
    printer: int, offline: int, error: int, paper: int, faults: set[FaultCode]
) -> None:
    assert faults_of(dict(zip(Query, (printer, offline, error, paper), strict=True))) == faults


@pytest.mark.parametrize(
    ("automatic", "faults"),
    [
        ("10 00 00 0f", set()),
        ("14 00 00 00", set()),
        ("18 00 00 00", {OFFLINE}),
        ("38 00 00 00", {COVER}),
        ("10 00 03 00", {NEAR}),
        ("10 00 01 00", {NEAR}),
        ("18 00 0f 00", {END}),
        ("18 00 04 00", {END}),
        ("18 08 00 00", {CUTTER}),
        ("18 20 00 00", {BROKEN}),
        ("18 40 00 00", {OFFLINE}),
    ],
)
def test_automatic_status(automatic: str, faults: set[FaultCode]) -> None:
    assert faults_of_automatic(bytes.fromhex(automatic)) == faults


def test_queries_are_dle_eot() -> None:
    assert [ask(query).hex(" ") for query in Query] == [
        "10 04 01",
        "10 04 02",
        "10 04 03",
        "10 04 04",
    ]


def test_reader_sorts_what_comes_together_and_in_pieces() -> None:
    stream = bytes.fromhex("12 11 38 00 00 0f 00 1a 13 ff 18 00")
    heard = [
        Reply(0x12),
        AutomaticStatus(frozenset({COVER})),
        InTurn(),
        Reply(0x1A),
    ]
    assert StatusReader().feed(stream) == heard
    reader = StatusReader()
    assert [h for byte in stream for h in reader.feed(bytes((byte,)))] == heard


def test_reply_within_a_cut_off_automatic_status_is_heard() -> None:
    reader = StatusReader()
    assert reader.feed(bytes.fromhex("10 00 12")) == [Reply(0x12)]
    assert reader.feed(b"\x00") == [InTurn()]


@given(st.binary(max_size=200))
def test_any_noise_is_survived(noise: bytes) -> None:
    reader = StatusReader()
    for heard in reader.feed(noise):
        assert isinstance(heard, Reply | AutomaticStatus | InTurn)
    assert reader.feed(b"\x12")[-1] == Reply(0x12)
