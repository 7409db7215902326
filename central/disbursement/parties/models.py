"""Tables of the parties: whom they speak for, and what they have read."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from disbursement.speakers.models import Speaker
from kiosk_wire.signing import SpeakerKind


class Side(StrEnum):
    DEBTOR = "debtor"
    CREDITOR = "creditor"


class PartyRow(Speaker):
    __tablename__ = "parties"
    __mapper_args__ = {"polymorphic_identity": SpeakerKind.PARTY.value}  # noqa: RUF012  # SQLAlchemy reads it once

    party_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    revision: Mapped[int] = mapped_column(
        default=0
    )  # of key and ids: a request is done by the one that it was checked with
    read_through: Mapped[int] = mapped_column(default=0)  # of the outbox, as it acknowledged
    pruned_through: Mapped[int] = mapped_column(default=0)


class PartyIds(Base):
    """A range of ids that are one party's and nobody else's."""

    __tablename__ = "party_ids"
    __table_args__ = (
        sa.CheckConstraint("side IN ('debtor', 'creditor')", "side_known"),
        sa.CheckConstraint("first_id <= last_id", "in_order"),
    )

    party_id: Mapped[str] = mapped_column(sa.ForeignKey("parties.party_id"), primary_key=True)
    side: Mapped[str] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int]
