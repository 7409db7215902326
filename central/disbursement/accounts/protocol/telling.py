"""Rows as the messages that tell of them. Pure.

They are plain documents, because there are four of them to each transfer; `messages.read_outgoing` says whether one is
as the protocol wants it, and the tests read every one so.
Not responsible for: when they are told.
"""

from decimal import Decimal
from typing import Any

from disbursement.accounts.protocol.interest import in_units, percent
from disbursement.accounts.protocol.limits import INT64_MAX, INT64_MIN, UPDATE_TTL_S
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    LockState,
    Movement,
    TransferLock,
)
from disbursement.accounts.protocol.order import moment, moment_of_us

Told = dict[str, Any]  # a message's fields, its `type` among them


def stated(amount: int, debtor: Debtor) -> int:
    """As far as the protocol's 64 bits can tell it. What is booked loses nothing."""
    return amount if debtor.wide else max(INT64_MIN, min(INT64_MAX, amount))


def account_id(creditor_id: int) -> str:
    """By which others name the account. It follows from the key, so it never changes."""
    return str(creditor_id)


def creditor_of(name: str) -> int | None:
    """The other way; none if it names no account that could be."""
    digits = name.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
        return None
    number = int(name)
    return number if account_id(number) == name and INT64_MIN <= number <= INT64_MAX else None


def update_of(account: CreditorAccount, debtor: Debtor, now_ms: int) -> Told:
    told = stated(account.principal, debtor)
    return {
        "type": "AccountUpdate",
        "debtor_id": account.debtor_id,
        "creditor_id": account.creditor_id,
        "creation_date": account.creation_date,
        "last_change_ts": moment(account.last_change_at_ms),
        "last_change_seqnum": account.last_change_seqnum,
        "principal": told,
        "overflown": told != account.principal,
        "interest": in_units(account.interest_nano),
        "interest_rate": percent(account.interest_rate_ppm),
        "last_interest_rate_change_ts": moment(account.rate_changed_at_ms),
        "last_config_ts": moment_of_us(account.last_config_at_us),
        "last_config_seqnum": account.last_config_seqnum,
        "negligible_amount": Decimal(account.negligible_amount),
        "config_flags": account.config_flags,
        "config_data": account.config_data,
        "account_id": account_id(account.creditor_id),
        "debtor_info_iri": debtor.info_iri,
        "debtor_info_content_type": debtor.info_content_type,
        "debtor_info_sha256": debtor.info_sha256,
        "last_transfer_number": account.last_transfer_number,
        "last_transfer_committed_at": moment(account.last_transfer_at_ms),
        "demurrage_rate": percent(debtor.demurrage_rate_ppm),
        "commit_period": debtor.commit_period_s,
        "transfer_note_max_bytes": debtor.transfer_note_max_bytes,
        "ts": moment(now_ms),
        "ttl": UPDATE_TTL_S,
    }


def event_of(
    movement: Movement, account: CreditorAccount, acquired: int, previous: int, debtor: Debtor
) -> Told:
    at = moment(movement.at_ms)
    return {
        "type": "AccountTransfer",
        "debtor_id": account.debtor_id,
        "creditor_id": account.creditor_id,
        "creation_date": account.creation_date,
        "transfer_number": account.last_transfer_number,
        "previous_transfer_number": previous,
        "coordinator_type": movement.coordinator_type,
        "sender": account_id(movement.sender_id),
        "recipient": account_id(movement.recipient_id),
        "acquired_amount": stated(acquired, debtor),
        "transfer_note_format": movement.note_format,
        "transfer_note": movement.note,
        "committed_at": at,
        "principal": stated(account.principal, debtor),
        "ts": at,
    }


def answer_to_prepare(lock: TransferLock, now_ms: int) -> Told:
    """The first and every later answer to the same request."""
    if lock.state == LockState.REJECTED or lock.transfer_id is None:
        return {
            "type": "RejectedTransfer",
            "debtor_id": lock.debtor_id,
            "creditor_id": lock.creditor_id,
            "coordinator_type": lock.coordinator_type,
            "coordinator_id": lock.coordinator_id,
            "coordinator_request_id": lock.coordinator_request_id,
            "status_code": lock.status_code,
            "total_locked_amount": lock.total_locked,
            "ts": moment(now_ms),
        }
    return {
        "type": "PreparedTransfer",
        "debtor_id": lock.debtor_id,
        "creditor_id": lock.creditor_id,
        "coordinator_type": lock.coordinator_type,
        "coordinator_id": lock.coordinator_id,
        "coordinator_request_id": lock.coordinator_request_id,
        "transfer_id": lock.transfer_id,
        "locked_amount": lock.amount,
        "recipient": lock.recipient,
        "prepared_at": moment(lock.prepared_at_ms),
        "demurrage_rate": percent(lock.demurrage_rate_ppm),
        "deadline": moment(lock.deadline_ms),
        "final_interest_rate_ts": moment_of_us(lock.final_rate_at_us),
        "ts": moment(now_ms),
    }


def answer_to_finalize(lock: TransferLock, now_ms: int) -> Told:
    return {
        "type": "FinalizedTransfer",
        "debtor_id": lock.debtor_id,
        "creditor_id": lock.creditor_id,
        "coordinator_type": lock.coordinator_type,
        "coordinator_id": lock.coordinator_id,
        "coordinator_request_id": lock.coordinator_request_id,
        "transfer_id": lock.transfer_id,
        "committed_amount": lock.committed,
        "status_code": lock.status_code,
        "total_locked_amount": lock.total_locked,
        "prepared_at": moment(lock.prepared_at_ms),
        "ts": moment(now_ms),
    }
