"""Tables of the kiosks: who they are, and what they reported."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from disbursement.speakers.models import Speaker
from kiosk_wire.chain import GENESIS_HASH
from kiosk_wire.signing import SpeakerKind


class Kiosk(Speaker):
    __tablename__ = "kiosks"
    __mapper_args__ = {"polymorphic_identity": SpeakerKind.KIOSK.value}  # noqa: RUF012  # SQLAlchemy reads it once

    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    through_seq: Mapped[int] = mapped_column(default=0)  # processed up to and with this event
    head_hash: Mapped[str] = mapped_column(default=GENESIS_HASH)


class InboxEvent(Base):
    """As it came. `problem` is what a person must look at: why it had no effect, or a bill in doubt."""

    __tablename__ = "inbox_events"

    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[str]
    session_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    at_ms: Mapped[int]
    kind: Mapped[str]
    body: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    received_at_ms: Mapped[int]
    problem: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def matter(self) -> str:
        """The name under which a person settles it."""
        return f"{self.kiosk_id}/{self.seq}"


class Claim(Base):
    """The code that the customer of a session has in hand."""

    __tablename__ = "claims"

    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(primary_key=True)
    claim_code: Mapped[str] = mapped_column(index=True)


class DoubtfulBill(Base):
    """A bill that no sale took. `later` is what the device said of it after that, if anything."""

    __tablename__ = "doubtful_bills"
    __table_args__ = (sa.CheckConstraint("kind IN ('disputed', 'unattributed')", "kind_known"),)

    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    bill_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str | None] = mapped_column(sa.Text)
    kind: Mapped[str]
    value_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[str]
    reason: Mapped[str]
    later: Mapped[str | None] = mapped_column(sa.Text)  # found | returned
    matter: Mapped[str]  # the name under which a person settles it
    booked_at_ms: Mapped[int]  # when its event came: kiosks' clocks lie


class ChainBreak(Base):
    """Evidence: an event that does not fit what was stored before."""

    __tablename__ = "chain_breaks"

    chain_break_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"))
    seq: Mapped[int] = mapped_column(index=True)
    received_at_ms: Mapped[int]
    why: Mapped[str]
    event_json: Mapped[str]
