"""Working off the inbox: one transaction for many messages."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from disbursement.accounts.protocol import inbox
from disbursement.accounts.protocol.configuring import configure
from disbursement.accounts.protocol.driver import plan_anew, together
from disbursement.accounts.protocol.finalizing import finalize
from disbursement.accounts.protocol.limits import MESSAGES_PER_BATCH_MAX, RESERVED_DEBTORS_MAX
from disbursement.accounts.protocol.messages import (
    ConfigureAccount,
    FinalizeTransfer,
    Incoming,
    PrepareTransfer,
)
from disbursement.accounts.protocol.models import TransferLock
from disbursement.accounts.protocol.preparing import prepare
from disbursement.accounts.protocol.telling import Told, creditor_of
from disbursement.accounts.protocol.turn import Key, Turn
from disbursement.database import Database

MANY = 100  # messages: worth a plan of their own
SPILLED = 250  # messages at a time: enough that a statement is worth its while


def process(db: Database, now_ms: int, batch: int = MESSAGES_PER_BATCH_MAX) -> int:
    """Work off the next messages; how many there were. Nothing is lost if it fails: they wait again."""
    return db.run(lambda session: process_batch(session, now_ms, batch))


def process_batch(session: Session, now_ms: int, batch: int) -> int:
    """The answers go to the outbox."""
    messages = inbox.take(session, batch)
    if messages:
        with together(session):
            turn = loaded(session, messages, now_ms)
        for message in messages:
            told = answer(turn, message)
            if told is not None:
                turn.tell(told)
        turn.close()
    return len(messages)


def answer(turn: Turn, message: Incoming) -> Told | None:
    """What the sender is told. A configuration is answered by the outbox alone."""
    match message:
        case PrepareTransfer():
            return prepare(turn, message)
        case FinalizeTransfer():
            return finalize(turn, message)
        case ConfigureAccount():
            configure(turn, message)
            return None


def answer_all(turn: Turn, messages: Sequence[Incoming]) -> list[Told | None]:
    answers: list[Told | None] = []
    for first in range(0, len(messages), SPILLED):
        if first:
            turn.spill()
        answers += [answer(turn, each) for each in messages[first : first + SPILLED]]
    return answers


def loaded(session: Session, messages: Sequence[Incoming], now_ms: int) -> Turn:
    """With all that the messages are about. To them, central's own debtors are not there."""
    keys = {(m.debtor_id, m.creditor_id) for m in messages}
    for message in messages:
        if isinstance(message, PrepareTransfer):
            recipient = creditor_of(message.recipient)
            keys |= set() if recipient is None else {(message.debtor_id, recipient)}
    if len(messages) >= MANY:
        plan_anew(session)
    turn = Turn(session, now_ms)
    # One that another worker makes after this is unknown here: to who settles it, it is not there; who prepares it as well
    # meets its unique key, and the batch runs again.
    turn.load_locks({m.request for m in messages if not isinstance(m, ConfigureAccount)})
    everything = keys.union(*(_parties(lock) for lock in turn.locks.values()))
    turn.load_accounts({key for key in everything if key[0] > RESERVED_DEBTORS_MAX})
    turn.load_removed(keys - turn.accounts.keys())
    return turn


def _parties(lock: TransferLock) -> set[Key]:
    recipient_id = lock.creditor_id if lock.recipient_id is None else lock.recipient_id
    return {(lock.debtor_id, lock.creditor_id), (lock.debtor_id, recipient_id)}
