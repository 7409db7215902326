"""Tables of the accounts. Our own times are in milliseconds; those that messages bring, in microseconds.

Invariants, at every commit:
    - the principals of a debtor's accounts, its own (root) account among them, add up to zero: each movement
      takes from one what it gives to another;
    - a principal is the sum of the account's movements; `locked` the sum of its open locks;
    - a coordinator's request has at most one lock, and it settles at most once;
    - what is locked is covered, but for the demurrage that PreparedTransfer told of.
"""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.accounts.protocol.dialect import NOT_NEGATIVE, WideInteger
from disbursement.accounts.protocol.limits import RESERVED_DEBTORS_MAX, ROOT
from disbursement.database import Base

OF_OWN = sa.text(f"debtor_id <= {RESERVED_DEBTORS_MAX}")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Debtor(Base):
    """Who issues a currency, and on what terms all accounts with it are held."""

    __tablename__ = "debtors"

    debtor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wide: Mapped[bool]  # amounts may exceed 64 bits, and are told as they are
    terms_version: Mapped[int]
    interest_rate_ppm: Mapped[int]
    demurrage_rate_ppm: Mapped[int]
    rate_changed_at_ms: Mapped[int]
    commit_period_s: Mapped[int]
    transfer_note_max_bytes: Mapped[int]
    info_iri: Mapped[str]
    info_content_type: Mapped[str]
    info_sha256: Mapped[str]


class CreditorAccount(Base):
    """What a debtor owes to a creditor. The creditor 0 is the debtor itself: the root account."""

    __tablename__ = "creditor_accounts"
    __table_args__ = (
        sa.CheckConstraint(NOT_NEGATIVE.format("locked"), "locked_not_negative"),
        sa.CheckConstraint("locks >= 0", "locks_not_negative"),
        sa.CheckConstraint(
            f"debtor_id > {RESERVED_DEBTORS_MAX} OR creditor_id = {ROOT} "
            "OR CAST(principal AS NUMERIC) >= CAST(locked AS NUMERIC)",
            "own_is_covered",
        ),
        sa.Index(
            "ix_creditor_accounts_upkeep", "update_pending", "told_at_ms"
        ),  # whose update is due
    )

    debtor_id: Mapped[int] = mapped_column(
        sa.ForeignKey("debtors.debtor_id"), primary_key=True, autoincrement=False
    )
    creditor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    creation_date: Mapped[date]
    created_at_ms: Mapped[int]
    principal: Mapped[int] = mapped_column(WideInteger)
    interest_nano: Mapped[int] = mapped_column(WideInteger)
    accrued_at_ms: Mapped[int]  # to when the interest is counted
    capitalized_at_ms: Mapped[int]
    terms_version: Mapped[int]  # the last that the account has
    interest_rate_ppm: Mapped[int]
    rate_changed_at_ms: Mapped[int]
    locked: Mapped[int] = mapped_column(WideInteger)
    locks: Mapped[int]
    last_transfer_id: Mapped[int]
    last_transfer_number: Mapped[int]
    last_transfer_at_ms: Mapped[int]
    negligible_amount: Mapped[str]  # a decimal, as it was sent
    config_flags: Mapped[int]
    config_data: Mapped[str]
    last_config_at_us: Mapped[int]
    last_config_seqnum: Mapped[int]
    last_change_at_ms: Mapped[int]
    last_change_seqnum: Mapped[int]
    update_pending: Mapped[bool]
    told_at_ms: Mapped[int]  # when the last AccountUpdate left


class LockState(StrEnum):
    REJECTED = "rejected"  # never was a lock; what was answered is kept
    PREPARED = "prepared"
    FINALIZED = "finalized"


def _of_open(name: str, *columns: str) -> sa.Index:
    """Settled locks are most, and nobody looks for them: they cost no index but their key's."""
    is_open = sa.text("state = 'prepared'")
    return sa.Index(name, *columns, postgresql_where=is_open, sqlite_where=is_open)


class TransferLock(Base):
    """A coordinator's request and its one outcome. A repeat is answered from here."""

    __tablename__ = "transfer_locks"
    __table_args__ = (
        _of_open("ix_transfer_locks_incoming", "debtor_id", "recipient_id"),
        _of_open("ix_transfer_locks_announced", "announced_at_ms"),
        sa.CheckConstraint("state IN ('rejected', 'prepared', 'finalized')", "state_known"),
        sa.CheckConstraint(NOT_NEGATIVE.format("amount"), "amount_not_negative"),
    )

    coordinator_type: Mapped[str] = mapped_column(primary_key=True)
    coordinator_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    coordinator_request_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    debtor_id: Mapped[int]
    creditor_id: Mapped[int]
    transfer_id: Mapped[int | None]
    recipient: Mapped[str]
    recipient_id: Mapped[int | None]  # whose account that is
    amount: Mapped[int] = mapped_column(WideInteger)
    asked_at_ms: Mapped[int]  # as the message says
    prepared_at_ms: Mapped[int]
    deadline_ms: Mapped[int]
    final_rate_at_us: Mapped[int]
    demurrage_rate_ppm: Mapped[int]
    announced_at_ms: Mapped[int]  # when something new was told of it last
    state: Mapped[str]
    status_code: Mapped[str]
    committed: Mapped[int] = mapped_column(WideInteger)
    total_locked: Mapped[int] = mapped_column(WideInteger)


class Movement(Base):
    """One transfer between two accounts of a debtor. Never changed."""

    __tablename__ = "account_movements"
    __table_args__ = (
        sa.CheckConstraint("sender_id <> recipient_id", "two_accounts"),
        sa.CheckConstraint(NOT_NEGATIVE.format("amount"), "amount_not_negative"),
        sa.UniqueConstraint(
            "debtor_id", "sender_id", "transfer_id", name="uq_account_movements_transfer"
        ),
        sa.Index(  # of central's own, each thing that happens is booked once
            "uq_account_movements_own",
            "note",
            "coordinator_type",
            unique=True,
            sqlite_where=OF_OWN,
            postgresql_where=OF_OWN,
        ),
    )

    movement_id: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    at_ms: Mapped[int]
    debtor_id: Mapped[int]
    sender_id: Mapped[int]
    recipient_id: Mapped[int]
    amount: Mapped[int] = mapped_column(WideInteger)
    coordinator_type: Mapped[str]
    coordinator_id: Mapped[int | None]  # none where nobody asked: interest, deletion
    coordinator_request_id: Mapped[int | None]
    transfer_id: Mapped[int | None]  # its lock's: no other lock of the sender ever has the same
    note_format: Mapped[str]
    note: Mapped[str]


class RemovedAccount(Base):
    """One that was, and when: its purge is told later, and a successor's creation date must be later."""

    __tablename__ = "removed_accounts"
    __table_args__ = (sa.Index("ix_removed_accounts_purge", "purged", "removed_at_ms"),)

    debtor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    creditor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    creation_date: Mapped[date] = mapped_column(primary_key=True)
    removed_at_ms: Mapped[int]
    purged: Mapped[bool]


class AccountInbox(Base):
    """Messages received and not yet worked off."""

    __tablename__ = "account_inbox"

    number: Mapped[int] = mapped_column(SERIAL, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(unique=True)
    document: Mapped[str]


class AccountOutbox(Base):
    """Messages told, in order, numbered without a gap in the order of their commits."""

    __tablename__ = "account_outbox"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    debtor_id: Mapped[int]  # whose account it is about
    creditor_id: Mapped[int]
    told_at_ms: Mapped[int]
    document: Mapped[str]


class AccountOutboxEnd(Base):
    """One row: the last number given."""

    __tablename__ = "account_outbox_end"

    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
