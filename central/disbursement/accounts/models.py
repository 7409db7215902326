"""Tables of the ledger. Every amount is in base units of one coin; nothing may become negative."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base


class Side(StrEnum):
    """The side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"


class HoldState(StrEnum):
    PREPARED = "prepared"
    SETTLED = "settled"
    RELEASED = "released"


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = (
        sa.CheckConstraint("balance >= 0", "balance_not_negative"),
        sa.CheckConstraint("locked >= 0", "locked_not_negative"),
        sa.CheckConstraint("locked <= balance", "locked_is_covered"),
        sa.CheckConstraint("side IN ('debit', 'credit')", "side_known"),
    )

    account_id: Mapped[str] = mapped_column(primary_key=True)
    coin: Mapped[str]
    side: Mapped[str]
    balance: Mapped[int]
    locked: Mapped[int]


class Hold(Base):
    """Funds locked for one purpose. Kept for ever: a hold settles or is released once."""

    __tablename__ = "holds"
    __table_args__ = (sa.CheckConstraint("amount > 0", "amount_positive"),)

    hold_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(sa.ForeignKey("accounts.account_id"))
    amount: Mapped[int]
    state: Mapped[str]


class Posting(Base):
    """One movement: `amount` debits one account and credits another. Never changed."""

    __tablename__ = "postings"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", "amount_positive"),
        sa.CheckConstraint("debit_id <> credit_id", "two_accounts"),
        sa.UniqueConstraint("reference", "kind"),  # each thing that happens is booked once
    )

    posting_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at_ms: Mapped[int]
    reference: Mapped[str]
    kind: Mapped[str]
    debit_id: Mapped[str] = mapped_column(sa.ForeignKey("accounts.account_id"))
    credit_id: Mapped[str] = mapped_column(sa.ForeignKey("accounts.account_id"))
    amount: Mapped[int]
