"""Tables of the sales channels: how much each may owe, and what it has paid of it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from disbursement.speakers.models import Speaker
from kiosk_wire.signing import SpeakerKind


class Channel(Speaker):
    __tablename__ = "channels"
    __table_args__ = (sa.CheckConstraint("limit_minor >= 0", "limit_not_negative"),)
    __mapper_args__ = {"polymorphic_identity": SpeakerKind.CHANNEL.value}  # noqa: RUF012  # SQLAlchemy reads it once

    channel_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    limit_minor: Mapped[int] = mapped_column(
        default=0
    )  # the most it may owe, in the house's currency


class ChannelPayment(Base):
    """Append-only: the operator got this from the channel; less than nothing takes a mistake back."""

    __tablename__ = "channel_payments"

    number: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    channel_id: Mapped[str] = mapped_column(sa.ForeignKey("channels.channel_id"), index=True)
    amount_minor: Mapped[int]
    at_ms: Mapped[int]
    note: Mapped[str]
