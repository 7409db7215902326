"""Tables of the customers: who they are, how they proved it, and what they bought."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base


class Customer(Base):
    """How a customer stands. Each version has its row in `customer_changes`."""

    __tablename__ = "customers"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    phone: Mapped[str | None] = mapped_column(sa.Text, unique=True)  # E.164; none: erased
    is_blocked: Mapped[bool] = mapped_column(default=False)
    under_review: Mapped[bool] = mapped_column(default=False)
    is_reviewed: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(sa.Text)
    born_on: Mapped[str | None] = mapped_column(sa.Text)  # ISO 8601
    named_version: Mapped[int | None] = mapped_column(sa.BigInteger)  # which gave this name


class Change(StrEnum):
    ENROLLED = "enrolled"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    REVIEWED = "reviewed"
    UNREVIEWED = "unreviewed"
    NAMED = "named"
    HELD = "held"  # for review: the sanctions list has somebody alike
    CLEARED = "cleared"  # a person decided that they are another
    CONFIRMED = "confirmed"  # a person decided that they are the same
    ERASED = "erased"


class CustomerChange(Base):
    """Append-only, and the database lets nobody change it. It says nothing of who the customer is."""

    __tablename__ = "customer_changes"

    customer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("customers.customer_id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[str]
    at_ms: Mapped[int]
    note: Mapped[str]


class EnrolmentRow(Base):
    """Somebody at a kiosk, or at another speaker, says that a phone is theirs. With a customer, it was proved."""

    __tablename__ = "enrolments"

    enrolment_id: Mapped[str] = mapped_column(primary_key=True)
    speaker_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"))
    session_id: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(sa.Text, index=True)  # none: forgotten
    began_at_ms: Mapped[int]
    customer_id: Mapped[str | None] = mapped_column(
        sa.Text, sa.ForeignKey("customers.customer_id"), index=True
    )


class CodeRow(Base):
    __tablename__ = "enrolment_codes"

    enrolment_id: Mapped[str] = mapped_column(
        sa.ForeignKey("enrolments.enrolment_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]
    at_ms: Mapped[int] = mapped_column(index=True)
    expires_at_ms: Mapped[int]
    delivery: Mapped[str]


class AttemptRow(Base):
    """Append-only: a code that somebody typed, under a keyed hash."""

    __tablename__ = "enrolment_attempts"

    enrolment_id: Mapped[str] = mapped_column(
        sa.ForeignKey("enrolments.enrolment_id"), primary_key=True
    )
    attempt_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]  # of the code it was tried at
    digest: Mapped[str]
    is_right: Mapped[bool]
    at_ms: Mapped[int]


class Buyer(Base):
    """Append-only: whom a sale is to, if anyone showed it, and where its coins go."""

    __tablename__ = "buyers"

    transfer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("transfers.transfer_id"), primary_key=True
    )
    customer_id: Mapped[str | None] = mapped_column(
        sa.Text, sa.ForeignKey("customers.customer_id"), index=True
    )
    address: Mapped[str] = mapped_column(index=True)  # canonical


class Screening(Base):
    """Append-only: a customer's name was held against a list."""

    __tablename__ = "screenings"
    __table_args__ = (
        sa.Index("ix_screenings_customer_id_list_id", "customer_id", "list_id"),
        {"sqlite_autoincrement": True},
    )

    screening_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    customer_id: Mapped[str] = mapped_column(sa.ForeignKey("customers.customer_id"))
    named_version: Mapped[int]
    list_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("sanctions_lists.list_id"))
    at_ms: Mapped[int]
    score: Mapped[int]  # of the nearest; 10,000 is the same
    decision: Mapped[str]  # clear | possible


class ScreeningHit(Base):
    """Append-only. What the list said is kept: the list itself is replaced."""

    __tablename__ = "screening_hits"

    screening_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("screenings.screening_id"), primary_key=True
    )
    uid: Mapped[str] = mapped_column(primary_key=True)
    listed_name: Mapped[str]
    score: Mapped[int]
    fingerprint: Mapped[str]  # of the whole entry


class HitDecision(Base):
    """Append-only: whether this customer, under this name, is the one of this entry, as it was."""

    __tablename__ = "hit_decisions"

    customer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("customers.customer_id"), primary_key=True
    )
    named_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    uid: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    is_the_same: Mapped[bool]
    at_ms: Mapped[int]
    note: Mapped[str]
