"""What a channel owes: all it committed, less what it paid.

Invariant: when a sale is prepared, what its channel owes and may come to owe by its open sales is within its limit. So a
commit within a prepared sale never meets the limit, however late it comes. A limit that is lowered holds up new sales alone.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.channels.models import Channel, ChannelPayment
from disbursement.errors import NotOpen, Refused
from disbursement.house import House
from disbursement.sales.models import TransferRow
from kiosk_wire.messages import RefusalCode, TransferState

OPEN = (TransferState.PREPARED,)
FREE = (
    TransferState.DISMISSED,
    TransferState.REFUND_DUE,
)  # not paid as coins: the channel pays it back itself


@dataclass(frozen=True)
class Debt:
    owed_minor: int
    open_minor: int  # what its open sales may add


def debt(session: Session, channel_id: str) -> Debt:
    mine = TransferRow.speaker_id == channel_id
    opened = sa.select(sa.func.sum(TransferRow.max_amount_minor)).where(
        mine, TransferRow.state.in_(OPEN)
    )
    committed = sa.select(sa.func.sum(TransferRow.committed_minor)).where(
        mine, TransferRow.state.not_in(OPEN + FREE)
    )
    paid = sa.select(sa.func.sum(ChannelPayment.amount_minor)).where(
        ChannelPayment.channel_id == channel_id
    )
    open_minor, committed_minor, paid_minor = (
        int(session.scalar(total) or 0) for total in (opened, committed, paid)
    )
    return Debt(committed_minor - paid_minor, open_minor)


def demand_within(house: House, session: Session, speaker_id: str) -> None:
    """The new sale is counted already. Whoever prepares beside it for the same channel waits for the channel's row; the
    speaker's own is not locked, since every transfer points to it. Raises Refused."""
    table = sa.inspect(Channel).local_table
    limit_minor = session.scalar(
        sa.select(table.c.limit_minor).where(table.c.channel_id == speaker_id).with_for_update()
    )
    if limit_minor is None:  # a kiosk: its cash is in its cashbox
        return
    now = debt(session, speaker_id)
    if now.owed_minor + now.open_minor > limit_minor:
        most = house.rules.in_words(limit_minor, house.rules.currency)
        detail = f"this channel may owe {most}, its open sales counted, and this would be more"
        raise Refused(409, RefusalCode.LIMIT_REACHED, detail)


def note_payment(
    session: Session, channel_id: str, amount_minor: int, note: str, now_ms: int
) -> Debt:
    """Raises NotOpen."""
    if session.get(Channel, channel_id) is None:
        raise NotOpen(f"there is no channel {channel_id!r}: `central channel list` shows them")
    payment = ChannelPayment(channel_id=channel_id, amount_minor=amount_minor, at_ms=now_ms)
    payment.note = note
    session.add(payment)
    session.flush()
    return debt(session, channel_id)
