"""Messages are JSON documents with a type; whatever else arrives is refused in words."""

import json
from decimal import Decimal
from typing import Any

import pytest

from accounts_bench import START_MS, AccountsBench
from disbursement.accounts.protocol.messages import (
    AccountUpdate,
    FinalizeTransfer,
    read_incoming,
    read_outgoing,
)
from disbursement.accounts.protocol.order import moment
from disbursement.errors import MalformedMessage

PREPARE: dict[str, Any] = {
    "type": "PrepareTransfer",
    "debtor_id": 1,
    "creditor_id": 2**32,
    "coordinator_type": "direct",
    "coordinator_id": 2**32,
    "coordinator_request_id": -(2**63),
    "min_locked_amount": 1,
    "max_locked_amount": 2,
    "recipient": "x",
    "final_interest_rate_ts": "2027-01-15T08:00:00Z",
    "max_commit_delay": 60,
    "ts": "2027-01-15T10:00:00+02:00",
}
CONFIGURE: dict[str, Any] = {
    "type": "ConfigureAccount",
    "debtor_id": 1,
    "creditor_id": 2**32,
    "negligible_amount": 2.5,
    "config_flags": 0,
    "config_data": "",
    "ts": "2027-01-15T08:00:00.000001Z",
    "seqnum": 0,
}
FINALIZE: dict[str, Any] = {
    "type": "FinalizeTransfer",
    "debtor_id": 1,
    "creditor_id": 2**32,
    "coordinator_type": "direct",
    "coordinator_id": 2**32,
    "coordinator_request_id": 1,
    "transfer_id": 1,
    "committed_amount": 0,
    "transfer_note_format": "",
    "transfer_note": "",
    "ts": "2027-01-15T08:00:00Z",
}


@pytest.mark.parametrize("document", [PREPARE, CONFIGURE, FINALIZE])
def test_a_document_is_read_as_the_protocol_writes_it(document: dict[str, Any]) -> None:
    message = read_incoming(json.dumps(document))
    assert message.type == document["type"]
    assert message.ts.replace(microsecond=0) == moment(START_MS)
    assert read_incoming(message.model_dump_json()) == message


@pytest.mark.parametrize("document", [PREPARE, CONFIGURE, FINALIZE])
def test_every_field_must_be_there_and_none_besides(document: dict[str, Any]) -> None:
    for name in document:
        with pytest.raises(MalformedMessage, match=r".+"):
            read_incoming(json.dumps({key: document[key] for key in document if key != name}))
    with pytest.raises(MalformedMessage):
        read_incoming(json.dumps(document | {"more": 1}))


@pytest.mark.parametrize(
    "changed",
    [
        PREPARE | {"debtor_id": 2**63},
        PREPARE | {"debtor_id": 1.0},
        PREPARE | {"debtor_id": "1"},
        PREPARE | {"debtor_id": True},
        PREPARE | {"min_locked_amount": -1},
        PREPARE | {"min_locked_amount": 3},
        PREPARE | {"max_locked_amount": 10**60 + 1},
        PREPARE | {"max_commit_delay": -1},
        PREPARE | {"coordinator_id": 7},  # direct: the creditor's own
        PREPARE | {"coordinator_type": "interest"},
        PREPARE | {"coordinator_type": "delete"},
        PREPARE | {"coordinator_type": "issuing"},  # the debtor's own
        PREPARE | {"coordinator_type": ""},
        PREPARE | {"coordinator_type": "x" * 31},
        PREPARE | {"coordinator_type": "\u00e9"},
        PREPARE | {"recipient": "x" * 101},
        PREPARE | {"ts": "2027-01-15T08:00:00"},  # of what zone?
        PREPARE | {"ts": "9999-12-31T23:59:59-10:00"},
        PREPARE | {"type": "AccountUpdate"},
        PREPARE | {"type": "ConfigureAccount"},
        CONFIGURE | {"negligible_amount": "NaN"},
        CONFIGURE | {"negligible_amount": 1e400},
        CONFIGURE | {"negligible_amount": "1E+500"},
        CONFIGURE | {"config_data": "\x00"},
        CONFIGURE | {"seqnum": 2**31},
        CONFIGURE | {"config_flags": -(2**31) - 1},
        FINALIZE | {"committed_amount": -1},
        FINALIZE | {"transfer_note": "\u00e9" * 251},
        FINALIZE | {"transfer_note": "a\x00"},
        FINALIZE | {"transfer_note_format": "too-long-"},
        FINALIZE | {"transfer_note_format": "a b"},
        FINALIZE | {"transfer_note_format": "ab\n"},
        [],
        1,
        None,
    ],
)
def test_what_no_message_can_hold_is_refused_in_words(changed: Any) -> None:
    with pytest.raises(MalformedMessage, match=r".+: .+"):
        read_incoming(json.dumps(changed))


@pytest.mark.parametrize("text", ["", "{", "\xff", '{"type": 1}', "[" * 10_000])
def test_what_is_no_document_is_refused_in_words(text: str) -> None:
    with pytest.raises(MalformedMessage, match=r".+: .+"):
        read_incoming(text)


def test_numbers_are_told_as_integers_times_in_iso_and_fractions_as_decimal_text(
    bench: AccountsBench,
) -> None:
    (told,) = bench.send(bench.configure(negligible_amount=Decimal("2.50")))
    document = json.loads(told.model_dump_json())
    assert document["type"] == "AccountUpdate"
    assert document["negligible_amount"] == "2.50"
    assert document["principal"] == 0
    assert document["creation_date"] == "2027-01-15"
    assert document["last_config_ts"] == "2027-01-15T08:00:00Z"
    assert read_outgoing(json.dumps(document)) == told
    assert isinstance(told, AccountUpdate)


def test_one_document_is_one_message_however_its_time_is_written() -> None:
    zulu, offset = (
        read_incoming(json.dumps(FINALIZE | {"ts": ts}))
        for ts in ("2027-01-15T08:00:00Z", "2027-01-15T09:00:00+01:00")
    )
    assert isinstance(zulu, FinalizeTransfer)
    assert zulu.model_dump_json() == offset.model_dump_json()
