"""The end of an account: only when its owner asked for it, and cannot lose more than they call negligible.

Invariants: no account is removed while a transfer can still leave it or reach it, nor while a
configuration message that still wanders could open it again; what is left goes to the debtor, as a
transfer, so the books still add up.
"""

import sqlalchemy as sa

from disbursement.accounts.protocol.balance import accrue, negligible
from disbursement.accounts.protocol.interest import NANO
from disbursement.accounts.protocol.limits import (
    AGE_AT_REMOVAL_MIN_MS,
    CONFIG_DELAY_MAX_MS,
    ROOT,
)
from disbursement.accounts.protocol.messages import SCHEDULED_FOR_DELETION
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    LockState,
    RemovedAccount,
    TransferLock,
)
from disbursement.accounts.protocol.moving import Cause, move
from disbursement.accounts.protocol.turn import Turn


def may_be_due_for_removal(now_ms: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        CreditorAccount.config_flags.bitwise_and(SCHEDULED_FOR_DELETION) != 0,
        CreditorAccount.creditor_id != ROOT,
        CreditorAccount.locks == 0,
        CreditorAccount.created_at_ms <= now_ms - AGE_AT_REMOVAL_MIN_MS,
        CreditorAccount.last_config_at_us < (now_ms - CONFIG_DELAY_MAX_MS) * 1000,
    )


def remove_if_safe(turn: Turn, account: CreditorAccount) -> None:
    """The account is locked now; before, it was only looked at."""
    accrue(account, turn.now_ms)
    if not _was_asked_for(turn, account) or _can_still_move(turn, account):
        return
    if account.principal * NANO + account.interest_nano > negligible(account) * NANO:
        return
    root, cause = turn.accounts[account.debtor_id, ROOT], Cause("delete")
    if account.principal > 0:
        move(turn, account, root, account.principal, cause)
    elif account.principal < 0:
        move(turn, root, account, -account.principal, cause)
    turn.remove(account)
    turn.session.add(
        RemovedAccount(
            debtor_id=account.debtor_id,
            creditor_id=account.creditor_id,
            creation_date=account.creation_date,
            removed_at_ms=turn.now_ms,
            purged=False,
        )
    )


def _was_asked_for(turn: Turn, account: CreditorAccount) -> bool:
    return (
        account.config_flags & SCHEDULED_FOR_DELETION != 0
        and account.last_config_at_us < (turn.now_ms - CONFIG_DELAY_MAX_MS) * 1000
    )


def _can_still_move(turn: Turn, account: CreditorAccount) -> bool:
    incoming = sa.select(TransferLock.coordinator_id).where(
        TransferLock.debtor_id == account.debtor_id,
        TransferLock.recipient_id == account.creditor_id,
        TransferLock.state == LockState.PREPARED,
        TransferLock.deadline_ms >= turn.now_ms,
    )
    return account.locks > 0 or turn.session.execute(incoming.limit(1)).first() is not None
