"""The tables of CCNET: bills, reasons, failures."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet.bill_table import CURRENCY_OF_COUNTRY, read_table, type_mask
from drivers.bill_acceptor.ccnet.faults import fault_of, reject_of
from drivers.bill_acceptor.ccnet.frames import Reply
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode, RejectReason

LOGGED_EUR_REPLY = next(
    bytes.fromhex(vector["hex"])
    for vector in json.loads(Path(__file__).with_name("ccnet_vectors.json").read_text())
    if "BILL TABLE RESP" in vector["description"]
)


def test_the_table_of_the_public_euro_log() -> None:
    euros = (5, 10, 20, 50, 100, 200, 500)
    expected = {kind: Bill(value * 100, "EUR") for kind, value in enumerate(euros)}
    assert read_table(LOGGED_EUR_REPLY[3:-2]) == expected


@pytest.mark.parametrize(
    ("record", "bill"),
    [
        ("05 555341 00", Bill(500, "USD")),  # USA
        ("05 415A45 01", Bill(5000, "AZN")),  # AZE
        ("01 525553 03", Bill(100_000, "RUB")),  # RUS
        ("01 4A504E 03", Bill(1000, "JPY")),  # JPN, which has no minor unit
        ("05 555344 81", Bill(50, "USD")),  # USD, one decimal place
        ("01 4B5744 00", Bill(1000, "KWD")),  # KWD, in thousandths
    ],
)
def test_records(record: str, bill: Bill) -> None:
    assert read_table(bytes.fromhex(record)) == {0: bill}


@pytest.mark.parametrize(
    "record",
    ["00555341 00", "05202020 00", "05FF4141 00", "05757361 00", "05555344 83", "05555341"],
    ids=["value 0", "blank", "no ASCII", "small letters", "half a cent", "half a record"],
)
def test_records_that_name_no_bill(record: str) -> None:
    assert read_table(bytes.fromhex(record)) == {}


def test_an_unused_type_keeps_its_number() -> None:
    table = bytes.fromhex("0000000000 05555341 00")
    assert read_table(table) == {1: Bill(500, "USD")}


@given(st.binary(max_size=200))
def test_a_table_of_noise_never_raises(table: bytes) -> None:
    assert all(kind < 24 and bill.value_minor > 0 for kind, bill in read_table(table).items())


def test_the_mask_counts_from_the_last_bit() -> None:
    types_2_to_6 = dict.fromkeys(range(2, 7), Bill(100, "USD"))
    assert type_mask(types_2_to_6) == bytes.fromhex("00007C")  # a public vector enables these
    assert type_mask({23: Bill(100, "USD")}) == bytes.fromhex("800000")
    assert type_mask({}) == bytes(3)


def test_countries_and_currencies_are_iso_codes() -> None:
    for code in (*CURRENCY_OF_COUNTRY, *CURRENCY_OF_COUNTRY.values()):
        assert len(code) == 3
        assert code.isupper()
    assert not set(CURRENCY_OF_COUNTRY) & set(CURRENCY_OF_COUNTRY.values())


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0x60, RejectReason.INSERTED_BADLY),
        (0x61, RejectReason.NOT_RECOGNISED),
        (0x62, RejectReason.MACHINE),
        (0x63, RejectReason.MACHINE),
        (0x64, RejectReason.INSERTED_BADLY),
        (0x65, RejectReason.NOT_RECOGNISED),
        (0x66, RejectReason.NOT_RECOGNISED),
        (0x67, RejectReason.NOT_RECOGNISED),
        (0x68, RejectReason.NOT_TAKEN_NOW),
        (0x69, RejectReason.NOT_RECOGNISED),
        (0x6A, RejectReason.MACHINE),
        (0x6C, RejectReason.NOT_RECOGNISED),
        (0x6D, RejectReason.NOT_RECOGNISED),
        (0x92, RejectReason.NOT_RECOGNISED),
        (0x93, RejectReason.NOT_RECOGNISED),
        (0x94, RejectReason.NOT_RECOGNISED),
        (0x95, RejectReason.NOT_RECOGNISED),
        (0xEE, RejectReason.OTHER),
    ],
)
def test_reject_reasons(code: int, reason: RejectReason) -> None:
    found, vendor_code = reject_of(bytes([code]))
    assert found is reason
    assert vendor_code.startswith(f"1C {code:02X} ")
    assert ("not in the tables" in vendor_code) == (code == 0xEE)


def test_a_reject_without_its_reason() -> None:
    assert reject_of(b"") == (RejectReason.OTHER, "1C 00 not in the tables")


@pytest.mark.parametrize("code", [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x5F])
def test_failures_are_named(code: int) -> None:
    fault = fault_of(Reply(0x47, bytes([code])), 0.0)
    assert fault is not None
    assert fault[0] is FaultCode.ACCEPTOR_FAILURE
    assert fault[1].startswith(f"47 {code:02X} ")
    assert "not in the tables" not in fault[1]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x41, FaultCode.CASHBOX_FULL),
        (0x42, FaultCode.CASHBOX_REMOVED),
        (0x43, FaultCode.ACCEPTOR_JAM),
        (0x44, FaultCode.STACKER_JAM),
        (0x45, FaultCode.CHEAT_SUSPECTED),
        (0x47, FaultCode.ACCEPTOR_FAILURE),
        (0x84, FaultCode.ACCEPTOR_PROTOCOL),
        (0x99, FaultCode.ACCEPTOR_PROTOCOL),
    ],
)
def test_statuses_that_are_faults_at_once(status: int, code: FaultCode) -> None:
    fault = fault_of(Reply(status), 0.0)
    assert fault is not None
    assert fault[0] is code


@pytest.mark.parametrize("status", [0x46, 0x17, 0x18, 0x13, 0x1B])
def test_statuses_that_are_faults_when_they_do_not_end(status: int) -> None:
    assert fault_of(Reply(status), 10.0) is None
    assert fault_of(Reply(status), 31.0) is not None


@pytest.mark.parametrize(
    "status", [0x10, 0x11, 0x12, 0x14, 0x15, 0x19, 0x1A, 0x1C, 0x80, 0x81, 0x82]
)
def test_statuses_that_are_no_faults(status: int) -> None:
    assert fault_of(Reply(status), 3600.0) is None
