"""FinalizeTransfer: commit a prepared transfer, all of what is asked or nothing, or dismiss it.

Invariants: a lock settles once, and a repeat is told how; the lock ends whatever the outcome; what was
locked can be committed before the deadline, less the demurrage that was told.
"""

from disbursement.accounts.protocol.balance import available, reserved
from disbursement.accounts.protocol.limits import INT64_MAX
from disbursement.accounts.protocol.messages import FinalizeTransfer, StatusCode
from disbursement.accounts.protocol.models import CreditorAccount, LockState, TransferLock
from disbursement.accounts.protocol.moving import Cause, move
from disbursement.accounts.protocol.telling import Told, answer_to_finalize, stated
from disbursement.accounts.protocol.turn import Turn


def finalize(turn: Turn, message: FinalizeTransfer) -> Told | None:
    """The answer; none where there is no such lock."""
    lock = turn.locks.get(message.request)
    if lock is None or lock.transfer_id is None:
        return None
    named = (message.debtor_id, message.creditor_id, message.transfer_id)
    if named != (lock.debtor_id, lock.creditor_id, lock.transfer_id):
        return None
    if lock.state == LockState.PREPARED:
        _settle(turn, lock, message)
    return answer_to_finalize(lock, turn.now_ms)


def _settle(turn: Turn, lock: TransferLock, message: FinalizeTransfer) -> None:
    sender = turn.accounts[lock.debtor_id, lock.creditor_id]  # a lock keeps its account in place
    recipient = turn.recipient_of(lock)
    code = StatusCode.OK
    if message.committed_amount > 0:
        code = _outcome(turn, lock, sender, recipient, message)
    sender.locked -= lock.amount
    sender.locks -= 1
    lock.state, lock.status_code = LockState.FINALIZED, code
    lock.announced_at_ms = turn.now_ms
    turn.put(lock)
    if code == StatusCode.INSUFFICIENT_AVAILABLE_AMOUNT:
        lock.total_locked = stated(sender.locked, turn.debtors[lock.debtor_id])
    if code == StatusCode.OK and message.committed_amount > 0 and recipient is not None:
        lock.committed = message.committed_amount
        noted = (message.transfer_note_format, message.transfer_note)
        cause = Cause(*message.request, message.transfer_id, *noted)
        move(turn, sender, recipient, message.committed_amount, cause)


def _outcome(
    turn: Turn,
    lock: TransferLock,
    sender: CreditorAccount,
    recipient: CreditorAccount | None,
    message: FinalizeTransfer,
) -> StatusCode:
    debtor = turn.debtors[lock.debtor_id]
    if turn.now_ms > lock.deadline_ms:
        return StatusCode.TIMEOUT
    if recipient is None:
        return StatusCode.RECIPIENT_IS_UNREACHABLE
    if sender.rate_changed_at_ms * 1000 > lock.final_rate_at_us:
        return StatusCode.NEWER_INTEREST_RATE
    if len(message.transfer_note.encode()) > debtor.transfer_note_max_bytes:
        return StatusCode.TRANSFER_NOTE_IS_TOO_LONG
    spendable = max(available(sender, turn.now_ms) + lock.amount, reserved(lock, turn.now_ms))
    if message.committed_amount > (spendable if debtor.wide else min(spendable, INT64_MAX)):
        return StatusCode.INSUFFICIENT_AVAILABLE_AMOUNT
    return StatusCode.OK
