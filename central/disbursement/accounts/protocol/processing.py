"""Working off the inbox: one transaction for many messages."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import inbox
from disbursement.accounts.protocol.configuring import configure
from disbursement.accounts.protocol.finalizing import finalize
from disbursement.accounts.protocol.limits import MESSAGES_PER_BATCH_MAX
from disbursement.accounts.protocol.messages import (
    ConfigureAccount,
    FinalizeTransfer,
    Incoming,
    PrepareTransfer,
)
from disbursement.accounts.protocol.models import TransferLock
from disbursement.accounts.protocol.preparing import prepare
from disbursement.accounts.protocol.telling import creditor_of
from disbursement.accounts.protocol.turn import Key, Request, Turn
from disbursement.database import Database


def process(db: Database, now_ms: int, batch: int = MESSAGES_PER_BATCH_MAX) -> int:
    """Work off the next messages; how many there were. Nothing is lost if it fails: they wait again."""
    return db.run(lambda session: process_batch(session, now_ms, batch))


def process_batch(session: Session, now_ms: int, batch: int) -> int:
    messages = inbox.take(session, batch)
    if not messages:
        return 0
    turn = Turn(session, now_ms)
    _load(turn, messages)
    for message in messages:
        match message:
            case ConfigureAccount():
                configure(turn, message)
            case PrepareTransfer():
                prepare(turn, message)
            case FinalizeTransfer():
                finalize(turn, message)
    turn.close()
    return len(messages)


def _load(turn: Turn, messages: Iterable[Incoming]) -> None:
    requests = {m.request for m in messages if not isinstance(m, ConfigureAccount)}
    keys = {(m.debtor_id, m.creditor_id) for m in messages}
    for message in messages:
        if isinstance(message, PrepareTransfer):
            recipient = creditor_of(message.recipient)
            keys |= set() if recipient is None else {(message.debtor_id, recipient)}
    parties = _parties(turn.session, requests)
    turn.load_accounts(keys.union(*parties.values()))
    turn.load_locks(parties)
    turn.load_removed(keys - turn.accounts.keys())


def _parties(session: Session, requests: Iterable[Request]) -> dict[Request, set[Key]]:
    """The accounts of known requests. They never change, so they may be read before anything is locked.

    A request that another worker makes known in the meantime stays unknown here: a doubled one then meets
    the unique key, and the batch runs again."""
    columns = (
        TransferLock.coordinator_type,
        TransferLock.coordinator_id,
        TransferLock.coordinator_request_id,
    )
    known = sa.select(
        *columns, TransferLock.debtor_id, TransferLock.creditor_id, TransferLock.recipient_id
    ).where(sa.tuple_(*columns).in_(sorted(requests)))
    return {
        (kind, coordinator, request): {(debtor, sender), (debtor, sender if to is None else to)}
        for kind, coordinator, request, debtor, sender, to in session.execute(known)
    }
