"""Rows as the messages that tell of them. Pure.

Not responsible for: when they are told.
"""

from decimal import Decimal

from disbursement.accounts.protocol.interest import in_units, percent
from disbursement.accounts.protocol.limits import INT64_MAX, INT64_MIN, UPDATE_TTL_S
from disbursement.accounts.protocol.messages import (
    AccountUpdate,
    FinalizedTransfer,
    Outgoing,
    PreparedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    LockState,
    TransferLock,
)
from disbursement.accounts.protocol.order import moment, moment_of_us


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


def update_of(account: CreditorAccount, debtor: Debtor, now_ms: int) -> AccountUpdate:
    told = stated(account.principal, debtor)
    return AccountUpdate(
        debtor_id=account.debtor_id,
        creditor_id=account.creditor_id,
        creation_date=account.creation_date,
        last_change_ts=moment(account.last_change_at_ms),
        last_change_seqnum=account.last_change_seqnum,
        principal=told,
        overflown=told != account.principal,
        interest=in_units(account.interest_nano),
        interest_rate=percent(account.interest_rate_ppm),
        last_interest_rate_change_ts=moment(account.rate_changed_at_ms),
        last_config_ts=moment_of_us(account.last_config_at_us),
        last_config_seqnum=account.last_config_seqnum,
        negligible_amount=Decimal(account.negligible_amount),
        config_flags=account.config_flags,
        config_data=account.config_data,
        account_id=account_id(account.creditor_id),
        debtor_info_iri=debtor.info_iri,
        debtor_info_content_type=debtor.info_content_type,
        debtor_info_sha256=debtor.info_sha256,
        last_transfer_number=account.last_transfer_number,
        last_transfer_committed_at=moment(account.last_transfer_at_ms),
        demurrage_rate=percent(debtor.demurrage_rate_ppm),
        commit_period=debtor.commit_period_s,
        transfer_note_max_bytes=debtor.transfer_note_max_bytes,
        ts=moment(now_ms),
        ttl=UPDATE_TTL_S,
    )


def answer_to_prepare(lock: TransferLock, now_ms: int) -> Outgoing:
    """The first and every later answer to the same request."""
    if lock.state == LockState.REJECTED or lock.transfer_id is None:
        return RejectedTransfer(
            debtor_id=lock.debtor_id,
            creditor_id=lock.creditor_id,
            coordinator_type=lock.coordinator_type,
            coordinator_id=lock.coordinator_id,
            coordinator_request_id=lock.coordinator_request_id,
            status_code=lock.status_code,
            total_locked_amount=lock.total_locked,
            ts=moment(now_ms),
        )
    return PreparedTransfer(
        debtor_id=lock.debtor_id,
        creditor_id=lock.creditor_id,
        coordinator_type=lock.coordinator_type,
        coordinator_id=lock.coordinator_id,
        coordinator_request_id=lock.coordinator_request_id,
        transfer_id=lock.transfer_id,
        locked_amount=lock.amount,
        recipient=lock.recipient,
        prepared_at=moment(lock.prepared_at_ms),
        demurrage_rate=percent(lock.demurrage_rate_ppm),
        deadline=moment(lock.deadline_ms),
        final_interest_rate_ts=moment_of_us(lock.final_rate_at_us),
        ts=moment(now_ms),
    )


def answer_to_finalize(lock: TransferLock, transfer_id: int, now_ms: int) -> FinalizedTransfer:
    return FinalizedTransfer(
        debtor_id=lock.debtor_id,
        creditor_id=lock.creditor_id,
        coordinator_type=lock.coordinator_type,
        coordinator_id=lock.coordinator_id,
        coordinator_request_id=lock.coordinator_request_id,
        transfer_id=transfer_id,
        committed_amount=lock.committed,
        status_code=lock.status_code,
        total_locked_amount=lock.total_locked,
        prepared_at=moment(lock.prepared_at_ms),
        ts=moment(now_ms),
    )
