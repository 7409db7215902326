"""The tables of ccTalk: bills, masks, events, reasons, self-checks, and the counter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.bill_acceptor.cctalk.bills import CURRENCY_OF_COUNTRY, mask_of, read_bill
from drivers.bill_acceptor.cctalk.faults import fault_of, fault_of_check, reject_of
from drivers.bill_acceptor.cctalk.history import BillEvent, Change, Report, compare, read_report
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode, RejectReason

TIMES_100 = b"\x64\x00\x02"


@pytest.mark.parametrize(
    ("identity", "scaling", "bill"),
    [
        (b"EU0020A", TIMES_100, Bill(2000, "EUR")),  # the specification: x 100, 2 decimal places
        (b"EU0500A", TIMES_100, Bill(50_000, "EUR")),
        (b"US0020A", b"\x01\x00\x00", Bill(2000, "USD")),
        (b"JP0001A", b"\xe8\x03\x00", Bill(1000, "JPY")),
        (b"JP0010A", b"\x10\x27\x02", Bill(1000, "JPY")),
    ],
)
def test_values_come_from_identity_and_scaling(identity, scaling, bill):
    assert read_bill(identity, scaling) == bill


@pytest.mark.parametrize(
    ("identity", "scaling"),
    [
        (b".......", TIMES_100),
        (b"       ", TIMES_100),
        (bytes(7), TIMES_100),
        (b"\xff" * 7, TIMES_100),
        (b"XX0020A", TIMES_100),
        (b"EU00 0A", TIMES_100),
        (b"EU0020", TIMES_100),
        (b"EU0000A", TIMES_100),
        (b"EU0020A", bytes(3)),
        (b"EU0020A", b""),
        (b"EU0001A", b"\x01\x00\x03"),  # a tenth of a cent
    ],
)
def test_what_names_no_bill(identity, scaling):
    assert read_bill(identity, scaling) is None


def test_currencies_are_iso_codes() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCY_OF_COUNTRY.values())


def test_masks() -> None:
    assert mask_of([1, 8, 9, 16], 2) == b"\x81\x81"
    assert mask_of([1, 17], 2) == b"\x01\x00"
    assert mask_of([1, 64], 8) == b"\x01" + bytes(6) + b"\x80"
    assert mask_of([], 2) == b"\x00\x00"


@pytest.mark.parametrize(
    ("b", "code"),
    [
        (6, FaultCode.ACCEPTOR_JAM),
        (7, FaultCode.STACKER_JAM),
        (8, FaultCode.CHEAT_SUSPECTED),
        (9, FaultCode.CHEAT_SUSPECTED),
        (11, FaultCode.CASHBOX_REMOVED),
        (13, FaultCode.ACCEPTOR_FAILURE),
        (14, FaultCode.CASHBOX_FULL),
        (15, FaultCode.STACKER_JAM),
        (16, FaultCode.ACCEPTOR_JAM),
        (17, FaultCode.CHEAT_SUSPECTED),
        (18, FaultCode.CHEAT_SUSPECTED),
        (19, FaultCode.ACCEPTOR_FAILURE),
        (21, FaultCode.ACCEPTOR_FAILURE),
        (22, FaultCode.ACCEPTOR_PROTOCOL),
        (255, FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_events_that_are_faults(b, code):
    fault, detail = fault_of(BillEvent(0, b))
    assert fault is code
    assert detail.startswith(f"event 0 {b}: ")
    assert ("not in the tables" in detail) == (b > 21)


@pytest.mark.parametrize("b", [0, 1, 2, 3, 4, 5, 10, 12, 20])
def test_events_that_are_no_faults(b):
    assert fault_of(BillEvent(0, b)) is None


def test_events_of_a_bill_type() -> None:
    assert fault_of(BillEvent(3, 0)) is None
    assert fault_of(BillEvent(3, 1)) is None
    assert fault_of(BillEvent(255, 1)) is None
    assert fault_of(BillEvent(255, 0)) == (
        FaultCode.ACCEPTOR_PROTOCOL,
        "event 255 0: a coupon was stacked",
    )
    assert fault_of(BillEvent(3, 2)) == (
        FaultCode.ACCEPTOR_PROTOCOL,
        "event 3 2: not in the tables",
    )


@pytest.mark.parametrize(
    ("b", "reason"),
    [
        (2, RejectReason.NOT_RECOGNISED),
        (3, RejectReason.INSERTED_BADLY),
        (4, RejectReason.NOT_TAKEN_NOW),
        (5, RejectReason.NOT_TAKEN_NOW),
    ],
)
def test_reject_reasons(b, reason):
    found, vendor_code = reject_of(BillEvent(0, b))
    assert found is reason
    assert vendor_code.startswith(f"0 {b} in")


@pytest.mark.parametrize("code", [36, 37, 38, 39, 41, 44, 45, 255, 99])
def test_self_checks(code):
    special = {
        39: FaultCode.ACCEPTOR_JAM,
        44: FaultCode.CASHBOX_REMOVED,
        45: FaultCode.CASHBOX_FULL,
    }
    fault, detail = fault_of_check(code)
    assert fault is special.get(code, FaultCode.ACCEPTOR_FAILURE)
    assert detail.startswith(f"self-check {code}: ")
    assert ("not in the tables" in detail) == (code == 99)


# -- the counter -----------------------------------------------------------------------------------


class Device:
    """The specification's own way of keeping events."""

    def __init__(self) -> None:
        self.counter, self.history = 0, [BillEvent(0, 0)] * 5

    def happen(self, event: BillEvent) -> None:
        self.counter = 1 if self.counter == 255 else self.counter + 1
        self.history = [event, *self.history[:4]]

    def report(self) -> Report:
        return Report(self.counter, tuple(self.history))


# Distinct events, so that no history looks like another by chance.
numbered = [BillEvent(at % 16 + 1, at % 251) for at in range(4096)]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=300))
def test_every_event_is_new_once_or_the_loss_is_seen(bursts):
    device, before, happened = Device(), Device().report(), 0
    for count in bursts:
        fresh = numbered[happened : happened + count]
        happened += count
        for event in fresh:
            device.happen(event)
        change, heard = compare(before, device.report())
        assert change is (Change.NEW if count <= 5 else Change.OVERRUN)
        assert list(heard) == fresh[-5:]
        before = device.report()


@given(st.integers(0, 600), st.integers(0, 5))
@example(255, 5)
def test_a_restart_is_seen_whatever_the_counter_says(seen, since):
    device = Device()
    for event in numbered[:seen]:
        device.happen(event)
    before = device.report()
    fresh = Device()
    for event in numbered[1000 : 1000 + since]:
        fresh.happen(event)
    change, heard = compare(before, fresh.report())
    is_past_telling = seen % 255 == 0 and since == 5  # 255 and then 5: five events, like any
    if seen == 0 or is_past_telling:  # and a device without a past has nothing to forget
        assert change is Change.NEW
    else:
        assert change in {Change.RESTARTED, Change.OVERRUN}
        assert set(numbered[1000 : 1000 + since]) <= set(heard)


def test_the_counter_wraps_from_255_to_1() -> None:
    before = Report(254, (BillEvent(1, 1),) * 5)
    events = (BillEvent(4, 0), BillEvent(4, 1), *before.events[:3])
    assert compare(before, Report(1, events)) == (
        Change.NEW,
        (BillEvent(4, 1), BillEvent(4, 0)),
    )


def test_the_sessions_of_the_specification() -> None:
    """A reply of appendix 16: stacker full, then removed, then inserted, behind an accepted coupon."""
    report = read_report(bytes.fromhex("07000c000b0000000eff00"))
    assert report.counter == 7
    assert report.events == (
        BillEvent(0, 12),
        BillEvent(0, 11),
        BillEvent(0, 0),
        BillEvent(0, 14),
        BillEvent(255, 0),
    )
