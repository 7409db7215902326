"""The tables of ID-003: denominations, reasons, failures."""

import json
from pathlib import Path

import pytest

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.id003.currency import CURRENCY_OF_COUNTRY, inhibited_codes, read_table
from drivers.bill_acceptor.id003.faults import fault_of, reject_of
from drivers.bill_acceptor.id003.frames import Reply
from drivers.faults import FaultCode, RejectReason

REAL_EUR_REPLY = next(
    bytes.fromhex(vector["hex"])
    for vector in json.loads(Path(__file__).with_name("id003_vectors.json").read_text())
    if "CURRENCY ASSIGN reply" in vector["description"]
)


def test_the_table_of_a_real_euro_device() -> None:
    euros = {0x62: 5, 0x63: 10, 0x64: 20, 0x65: 50, 0x66: 100, 0x67: 200, 0x68: 500}
    expected = {code: Bill(value * 100, "EUR") for code, value in euros.items()}
    assert read_table(REAL_EUR_REPLY[3:-2]) == expected


def test_a_currency_without_minor_units() -> None:
    assert read_table(bytes.fromhex("610A0103")) == {0x61: Bill(1000, "JPY")}


@pytest.mark.parametrize(
    "record",
    ["61010000", "61FF0500", "6F010500", "610105"],
    ids=["value 0", "country not known", "code of a ticket", "half a record"],
)
def test_records_that_name_no_bill(record: str) -> None:
    assert read_table(bytes.fromhex(record)) == {}


def test_unused_codes_are_inhibited() -> None:
    usd = dict.fromkeys((0x61, 0x63, 0x64, 0x65, 0x66, 0x67), Bill(100, "USD"))
    assert inhibited_codes(usd) == b"\x82\x00"  # the public vector "82 00 disabled"
    assert inhibited_codes({}) == b"\xff\x00"


def test_currencies_are_iso_codes() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCY_OF_COUNTRY.values())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0x71, RejectReason.INSERTED_BADLY),
        (0x72, RejectReason.NOT_RECOGNISED),
        (0x73, RejectReason.MACHINE),
        (0x74, RejectReason.MACHINE),
        (0x75, RejectReason.INSERTED_BADLY),
        (0x76, RejectReason.NOT_RECOGNISED),
        (0x77, RejectReason.NOT_RECOGNISED),
        (0x78, RejectReason.NOT_RECOGNISED),
        (0x79, RejectReason.NOT_TAKEN_NOW),
        (0x7A, RejectReason.OTHER),
        (0x7B, RejectReason.MACHINE),
        (0x7C, RejectReason.MACHINE),
        (0x7D, RejectReason.NOT_RECOGNISED),
        (0x7E, RejectReason.NOT_RECOGNISED),
        (0x7F, RejectReason.NOT_RECOGNISED),
        (0x98, RejectReason.INSERTED_BADLY),
        (0x9B, RejectReason.INSERTED_BADLY),
        (0xEE, RejectReason.OTHER),
    ],
)
def test_reject_reasons(code: int, reason: RejectReason) -> None:
    found, vendor_code = reject_of(bytes([code]))
    assert found is reason
    assert vendor_code.startswith(f"17 {code:02X} ")
    assert ("not in the tables" in vendor_code) == (code == 0xEE)


def test_a_reject_without_its_reason() -> None:
    assert reject_of(b"") == (RejectReason.OTHER, "17 00 not in the tables")


FAILURES = [0xA2, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAB, 0xAC, 0xAD, 0xAF, 0xB0, 0xB1, 0xB2, 0xB3]


@pytest.mark.parametrize("code", FAILURES)
def test_failures_are_named(code: int) -> None:
    fault = fault_of(Reply(0x49, bytes([code])), 0.0)
    assert fault is not None
    assert fault[0] is FaultCode.ACCEPTOR_FAILURE
    assert fault[1].startswith(f"49 {code:02X} ")
    assert "not in the tables" not in fault[1]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x43, FaultCode.CASHBOX_FULL),
        (0x44, FaultCode.CASHBOX_REMOVED),
        (0x45, FaultCode.ACCEPTOR_JAM),
        (0x46, FaultCode.STACKER_JAM),
        (0x48, FaultCode.CHEAT_SUSPECTED),
        (0x49, FaultCode.ACCEPTOR_FAILURE),
        (0x99, FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_statuses_that_are_faults_at_once(status: int, code: FaultCode) -> None:
    fault = fault_of(Reply(status), 0.0)
    assert fault is not None
    assert fault[0] is code


@pytest.mark.parametrize("status", [0x47, 0x4A, 0x14, 0x1B])
def test_statuses_that_are_faults_when_they_do_not_end(status: int) -> None:
    assert fault_of(Reply(status), 1.0) is None
    assert fault_of(Reply(status), 31.0) is not None


@pytest.mark.parametrize("status", [0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x40])
def test_statuses_that_are_no_faults(status: int) -> None:
    assert fault_of(Reply(status), 3600.0) is None
