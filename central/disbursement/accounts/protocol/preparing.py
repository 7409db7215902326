"""PrepareTransfer: lock as much as there is between the least and the most that are asked for.

Invariants: a coordinator's request locks once, whatever is repeated; its first answer stands until a repeat would be
refused for its age. What is locked is nobody else's until the transfer is finalized.
"""

from disbursement.accounts.protocol.balance import available
from disbursement.accounts.protocol.limits import (
    ASKED_AGE_MAX_MS,
    INT64_MAX,
    LOCKS_PER_ACCOUNT_MAX,
    ROOT,
)
from disbursement.accounts.protocol.messages import (
    SCHEDULED_FOR_DELETION,
    PrepareTransfer,
    StatusCode,
)
from disbursement.accounts.protocol.models import CreditorAccount, LockState, TransferLock
from disbursement.accounts.protocol.order import in_ms, in_us
from disbursement.accounts.protocol.telling import Told, answer_to_prepare, creditor_of, stated
from disbursement.accounts.protocol.turn import LOCKS, Turn


def prepare(turn: Turn, message: PrepareTransfer) -> Told:
    """The answer."""
    lock = turn.locks.get(message.request)
    if lock is None:
        lock = _decided(turn, message)
        turn.put(lock)
    return answer_to_prepare(lock, turn.now_ms)


def _decided(turn: Turn, message: PrepareTransfer) -> TransferLock:
    lock = _requested(turn, message)
    sender = turn.accounts.get((message.debtor_id, message.creditor_id))
    if sender is None:
        return _rejected(lock, StatusCode.SENDER_IS_UNREACHABLE)
    debtor = turn.debtors[message.debtor_id]
    most = message.max_locked_amount if debtor.wide else min(message.max_locked_amount, INT64_MAX)
    amount = max(0, min(most, available(sender, turn.now_ms)))
    if amount < message.min_locked_amount:
        lock.total_locked = stated(sender.locked, debtor)
    lock.deadline_ms = min(lock.deadline_ms, turn.now_ms + debtor.commit_period_s * 1000)
    code = _why_not(turn, lock, sender, enough=amount >= message.min_locked_amount)
    if code is not None:
        return _rejected(lock, code)
    sender.locked += amount
    sender.locks += 1
    sender.last_transfer_id += 1
    lock.transfer_id, lock.amount = sender.last_transfer_id, amount
    lock.demurrage_rate_ppm = min(debtor.demurrage_rate_ppm, sender.interest_rate_ppm, 0)
    return lock


def _why_not(
    turn: Turn, lock: TransferLock, sender: CreditorAccount, *, enough: bool
) -> StatusCode | None:
    recipient = turn.recipient_of(lock)
    if recipient is None:
        return StatusCode.RECIPIENT_IS_UNREACHABLE
    if recipient is sender:
        return StatusCode.RECIPIENT_SAME_AS_SENDER
    if recipient.creditor_id != ROOT and recipient.config_flags & SCHEDULED_FOR_DELETION:
        return StatusCode.RECIPIENT_IS_UNREACHABLE
    if sender.locks >= LOCKS_PER_ACCOUNT_MAX:
        return StatusCode.TOO_MANY_TRANSFERS
    if sender.rate_changed_at_ms * 1000 > lock.final_rate_at_us:
        return StatusCode.NEWER_INTEREST_RATE
    if lock.deadline_ms < turn.now_ms or lock.asked_at_ms < turn.now_ms - ASKED_AGE_MAX_MS:
        return StatusCode.TIMEOUT
    return None if enough else StatusCode.INSUFFICIENT_AVAILABLE_AMOUNT


def _rejected(lock: TransferLock, code: StatusCode) -> TransferLock:
    lock.state, lock.status_code = LockState.REJECTED, code
    if code != StatusCode.INSUFFICIENT_AVAILABLE_AMOUNT:
        lock.total_locked = 0
    return lock


def _requested(turn: Turn, message: PrepareTransfer) -> TransferLock:
    return LOCKS.of(
        coordinator_type=message.coordinator_type,
        coordinator_id=message.coordinator_id,
        coordinator_request_id=message.coordinator_request_id,
        debtor_id=message.debtor_id,
        creditor_id=message.creditor_id,
        transfer_id=None,
        recipient=message.recipient,
        recipient_id=creditor_of(message.recipient),
        amount=0,
        asked_at_ms=in_ms(message.ts),
        prepared_at_ms=turn.now_ms,
        deadline_ms=in_ms(message.ts) + message.max_commit_delay * 1000,
        final_rate_at_us=in_us(message.final_interest_rate_ts),
        demurrage_rate_ppm=0,
        announced_at_ms=turn.now_ms,
        state=LockState.PREPARED,
        status_code="",
        committed=0,
        total_locked=0,
    )
