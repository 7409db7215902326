"""What no message asks for: interest, new terms, reminders, heartbeats, the end of accounts.

Invariants: a lock or an account that somebody has forgotten is told again, so nothing hangs for ever;
interest moves from the debtor's own account, so the books still add up; a purge is told when no update
that still wanders can be believed any more.
"""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.balance import accrue, mark_changed
from disbursement.accounts.protocol.interest import NANO
from disbursement.accounts.protocol.limits import (
    ANNOUNCE_AGAIN_MS,
    CAPITALIZE_AFTER_MS,
    HEARTBEAT_MS,
    INT64_MAX,
    MESSAGES_PER_BATCH_MAX,
    PURGE_DELAY_MS,
    RATE_CHANGE_GAP_MS,
    RESERVED_DEBTORS_MAX,
    ROOT,
    UPDATE_GAP_MS,
)
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    LockState,
    RemovedAccount,
    TransferLock,
)
from disbursement.accounts.protocol.moving import Cause, move
from disbursement.accounts.protocol.order import moment
from disbursement.accounts.protocol.removing import may_be_due_for_removal, remove_if_safe
from disbursement.accounts.protocol.telling import answer_to_prepare
from disbursement.accounts.protocol.turn import Key, Turn
from disbursement.database import Database

Due = sa.ColumnElement[bool]
Act = Callable[[Turn, CreditorAccount], None]


def keep_up(db: Database, now_ms: int) -> None:
    """To be called now and then: an hour apart is plenty. Each step is many transactions of bounded size."""
    _sweep(db, now_ms, _has_old_terms(), _bring_terms)
    _sweep(db, now_ms, _interest_is_due(now_ms), _capitalize)
    _sweep(db, now_ms, may_be_due_for_removal(now_ms), remove_if_safe)
    _sweep(db, now_ms, _update_is_due(now_ms), _tell_update)
    for announce in (_announce_locks, _announce_purges):
        while db.run(partial(announce, now_ms=now_ms)):
            pass


def _sweep(db: Database, now_ms: int, due: Due, act: Act) -> None:
    """Once over all accounts that are due, in the order of their keys. Central's own need none of it."""
    after: Key | None = (RESERVED_DEBTORS_MAX, INT64_MAX)
    while after is not None:
        after = db.run(partial(_some, now_ms=now_ms, due=due, act=act, after=after))


def _some(session: Session, now_ms: int, due: Due, act: Act, after: Key) -> Key | None:
    """The last key that was seen. `act` looks again, because others may have been quicker."""
    key = sa.tuple_(CreditorAccount.debtor_id, CreditorAccount.creditor_id)
    chosen = sa.select(CreditorAccount.debtor_id, CreditorAccount.creditor_id).where(due)
    chosen = chosen.where(key > after).order_by(*key).limit(MESSAGES_PER_BATCH_MAX)
    keys = [(debtor_id, creditor_id) for debtor_id, creditor_id in session.execute(chosen)]
    if not keys:
        return None
    turn = Turn(session, now_ms)
    turn.load_accounts({*keys, *((debtor_id, ROOT) for debtor_id, _ in keys)})
    for each in keys:
        if each in turn.accounts:
            act(turn, turn.accounts[each])
    turn.close()
    return keys[-1]


def _has_old_terms() -> Due:
    newest = sa.select(Debtor.terms_version).where(Debtor.debtor_id == CreditorAccount.debtor_id)
    return CreditorAccount.terms_version != newest.scalar_subquery()


def _bring_terms(turn: Turn, account: CreditorAccount) -> None:
    debtor = turn.debtors[account.debtor_id]
    rate_ppm = 0 if account.creditor_id == ROOT else debtor.interest_rate_ppm
    if rate_ppm != account.interest_rate_ppm:
        if turn.now_ms - account.rate_changed_at_ms < RATE_CHANGE_GAP_MS:
            return
        accrue(account, turn.now_ms)
        account.interest_rate_ppm, account.rate_changed_at_ms = rate_ppm, turn.now_ms
    account.terms_version = debtor.terms_version
    accrue(account, turn.now_ms)
    mark_changed(account, turn.now_ms)


def _interest_is_due(now_ms: int) -> Due:
    return sa.and_(
        CreditorAccount.creditor_id != ROOT,
        CreditorAccount.capitalized_at_ms <= now_ms - CAPITALIZE_AFTER_MS,
    )


def _capitalize(turn: Turn, account: CreditorAccount) -> None:
    """Whole units of interest become principal; the fraction stays interest."""
    if turn.now_ms - account.capitalized_at_ms < CAPITALIZE_AFTER_MS:
        return
    accrue(account, turn.now_ms)
    account.capitalized_at_ms = turn.now_ms
    root, cause = turn.accounts[account.debtor_id, ROOT], Cause("interest")
    units = abs(account.interest_nano) // NANO
    if units > 0 and account.interest_nano > 0:
        account.interest_nano -= units * NANO
        move(turn, root, account, units, cause)
    elif units > 0:
        account.interest_nano += units * NANO
        move(turn, account, root, units, cause)


def _update_is_due(now_ms: int) -> Due:
    changed = sa.and_(
        CreditorAccount.update_pending, CreditorAccount.told_at_ms <= now_ms - UPDATE_GAP_MS
    )
    return sa.or_(changed, CreditorAccount.told_at_ms <= now_ms - HEARTBEAT_MS)


def _tell_update(turn: Turn, account: CreditorAccount) -> None:
    """A change is told by the turn's end; a heartbeat says what was said last."""
    if turn.now_ms - account.told_at_ms >= HEARTBEAT_MS:
        turn.tell_update(account)


def _announce_locks(session: Session, now_ms: int) -> int:
    key = sa.inspect(TransferLock).primary_key
    forgotten = sa.select(*key).where(
        TransferLock.debtor_id > RESERVED_DEBTORS_MAX,
        TransferLock.state == LockState.PREPARED,
        TransferLock.announced_at_ms <= now_ms - ANNOUNCE_AGAIN_MS,
    )
    chosen = forgotten.order_by(*key).limit(MESSAGES_PER_BATCH_MAX)
    rows = session.execute(chosen.with_for_update(skip_locked=True)).all()
    turn = Turn(session, now_ms)
    turn.load_locks([(kind, coordinator, request) for kind, coordinator, request in rows])
    for lock in turn.locks.values():
        lock.announced_at_ms = now_ms
        turn.put(lock)
        turn.tell(answer_to_prepare(lock, now_ms))
    turn.close()
    return len(rows)


def _announce_purges(session: Session, now_ms: int) -> int:
    due = sa.select(RemovedAccount).where(
        ~RemovedAccount.purged, RemovedAccount.removed_at_ms <= now_ms - PURGE_DELAY_MS
    )
    by_key = due.order_by(*sa.inspect(RemovedAccount).primary_key)
    turn = Turn(session, now_ms)
    removed = session.scalars(
        by_key.limit(MESSAGES_PER_BATCH_MAX).with_for_update(skip_locked=True)
    ).all()
    for account in removed:
        account.purged = True
        turn.tell(
            {
                "type": "AccountPurge",
                "debtor_id": account.debtor_id,
                "creditor_id": account.creditor_id,
                "creation_date": account.creation_date,
                "ts": moment(now_ms),
            }
        )
    turn.close()
    return len(removed)
