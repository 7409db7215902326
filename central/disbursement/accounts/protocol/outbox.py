"""Messages out: written in the transaction of what they tell, read in order, as often as one likes.

Numbers are given at the end of the transaction from one row, which stays locked until the commit. So a
reader that has seen number n has seen all before it: no lower number appears later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.orm import Session

from disbursement.accounts.protocol import driver
from disbursement.accounts.protocol.limits import MESSAGES_PER_BATCH_MAX
from disbursement.accounts.protocol.messages import Outgoing, read_outgoing
from disbursement.accounts.protocol.models import AccountOutbox
from disbursement.accounts.protocol.rows import Rows
from disbursement.accounts.protocol.telling import Told

OUTBOX = Rows(AccountOutbox)
_MOVE_END = "UPDATE account_outbox_end SET number = number + {} RETURNING number"
_END = {True: _MOVE_END.format("?"), False: _MOVE_END.format("%s")}  # whether it is SQLite


def tell(session: Session, messages: Sequence[Told], now_ms: int) -> None:
    """The last thing that a transaction does: it makes others wait for its end."""
    if not messages:
        return
    documents = [to_json(message).decode() for message in messages]
    [(last,)] = driver.ask(session, _END[driver.is_sqlite(session)], (len(messages),))()
    rows = [
        (number, message["debtor_id"], message["creditor_id"], now_ms, document)
        for number, (message, document) in enumerate(
            zip(messages, documents, strict=True), last - len(messages) + 1
        )
    ]
    OUTBOX.add(session, rows)


def outgoing(
    session: Session, after: int, limit: int = MESSAGES_PER_BATCH_MAX
) -> list[tuple[int, Outgoing]]:
    """What was told after that number, each with its own."""
    later = sa.select(AccountOutbox).where(AccountOutbox.number > after)
    rows = session.scalars(later.order_by(AccountOutbox.number).limit(limit))
    return [(row.number, read_outgoing(row.document)) for row in rows]
