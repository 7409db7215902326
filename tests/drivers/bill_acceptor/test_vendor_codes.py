"""What the vendors call a fault or a reason: every code of every document, in our words too."""

import re
from enum import IntEnum

import pytest

from drivers.bill_acceptor.ccnet import frames as ccnet
from drivers.bill_acceptor.id003 import frames as id003
from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.faults import FaultCode, RejectReason

# The codes of the documents, as the fact tables print them; what is in order (idle, accepting, ...) is no fault.
REJECTS = {
    "id003": "17 71..7F, 17 98, 17 9B",
    "ccnet": "1C 60..6A, 1C 6C..6D, 1C 92..95",
    "ssp": "reject 00..1D",
}
FAILURES = {"id003": "49 A2, 49 A5..A9, 49 AB..AD, 49 AF..B3", "ccnet": "47 50..56, 47 5F"}


def codes(text: str) -> set[str]:
    """`17 71..7F` is `17 71`, `17 72`, ..."""
    found = set()
    for part in text.split(", "):
        prefix, _, span = part.rpartition(" ")
        first, _, last = span.partition("..")
        for number in range(int(first, 16), int(last or first, 16) + 1):
            found.add(f"{prefix} {number:02X}")
    return found


@pytest.mark.parametrize("protocol", REJECTS)
def test_every_reject_reason_has_our_word(protocol):
    told = PROTOCOLS[protocol].vendor_codes
    assert codes(REJECTS[protocol]) <= told.keys()
    assert all(isinstance(told[code][1], RejectReason) for code in codes(REJECTS[protocol]))


@pytest.mark.parametrize("protocol", FAILURES)
def test_every_failure_has_our_code(protocol):
    told = PROTOCOLS[protocol].vendor_codes
    wanted = codes(FAILURES[protocol]) - {"49 AE", "49 A3"}
    assert wanted <= told.keys()
    assert all(told[code][1] is FaultCode.ACCEPTOR_FAILURE for code in wanted)


def test_every_event_of_cctalk_has_our_word_or_is_in_order():
    in_order = {0, 1, 10, 12, 20}  # inhibited, returned, stacker in order, stacker back, barcode
    told = PROTOCOLS["cctalk"].vendor_codes
    assert {f"event {number}" for number in range(22) if number not in in_order} <= told.keys()


@pytest.mark.parametrize(
    ("protocol", "statuses", "in_order"),
    [
        ("id003", id003.ReplyCode, "05 11 12 13 15 16 17 18 19 1A 40 41 42 49 4B 50"),
        ("ccnet", ccnet.ReplyCode, "00 10 11 12 14 15 19 1A 1C 30 47 80 81 82 FF"),
    ],
)
def test_every_status_is_in_order_or_has_our_code(
    protocol: str, statuses: type[IntEnum], in_order: str
):
    told = PROTOCOLS[protocol].vendor_codes
    left = {f"{status:02X}" for status in statuses} - set(in_order.split()) - told.keys()
    assert left == set()


def test_each_is_told_in_words():
    for kind in PROTOCOLS.values():
        for code, (words, ours) in kind.vendor_codes.items():
            assert re.search("[a-z]", words), code
            assert isinstance(ours, FaultCode | RejectReason)
