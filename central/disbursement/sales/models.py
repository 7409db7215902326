"""Tables of the sales: quotes, transfers, the bills that paid for them, payouts."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from kiosk_wire.messages import TransferState


def _where(name: str, few: str) -> sa.Index:
    """An index of those payouts alone."""
    return sa.Index(name, "transfer_id", sqlite_where=sa.text(few), postgresql_where=sa.text(few))


class QuoteRow(Base):
    """A quote as it was answered, and to whom."""

    __tablename__ = "quotes"

    quote_id: Mapped[str] = mapped_column(primary_key=True)
    speaker_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"))
    session_id: Mapped[str]
    currency: Mapped[str]
    coin: Mapped[str]
    coin_exponent: Mapped[int]
    network: Mapped[str]
    market_price_minor: Mapped[int]
    price_source: Mapped[str]
    price_as_of_ms: Mapped[int]
    markup_bps: Mapped[int]
    price_minor: Mapped[int]
    fee_minor: Mapped[int]
    expires_at_ms: Mapped[int]


class QuoteInput(Base):
    """A price that a quote was drawn from, also one that did not count."""

    __tablename__ = "quote_inputs"

    quote_id: Mapped[str] = mapped_column(sa.ForeignKey("quotes.quote_id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int]
    as_of_ms: Mapped[int]


class TransferRow(Base):
    """One sale of a speaker, or one disbursement request, which has no speaker, no session, no quote and no cash.
    A sale without a quote was never prepared: only a tombstone, or cash to refund."""

    __tablename__ = "transfers"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in TransferState)),
            "state_known",
        ),
        sa.CheckConstraint("amount_base_units <= lock_base_units", "amount_within_lock"),
        sa.Index(None, "speaker_id", "state"),
    )

    transfer_id: Mapped[str] = mapped_column(primary_key=True)
    speaker_id: Mapped[str | None] = mapped_column(sa.ForeignKey("speakers.speaker_id"))
    session_id: Mapped[str | None] = mapped_column(sa.Text)
    quote_id: Mapped[str | None] = mapped_column(sa.ForeignKey("quotes.quote_id"))
    network: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    fee_reserve: Mapped[int] = mapped_column(default=0)
    min_amount_minor: Mapped[int] = mapped_column(default=0)  # less buys too little to be sent
    max_amount_minor: Mapped[int] = mapped_column(default=0)  # of a request: its worth, for limits
    lock_base_units: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    committed_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    amount_base_units: Mapped[int | None] = mapped_column(sa.BigInteger)


class TransferChange(Base):
    """Append-only: every state a transfer was ever in, when, and why."""

    __tablename__ = "transfer_changes"

    transfer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("transfers.transfer_id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    at_ms: Mapped[int]
    reason: Mapped[str]


class CreditedBill(Base):
    __tablename__ = "credited_bills"

    kiosk_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    bill_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str | None] = mapped_column(sa.Text)
    transfer_id: Mapped[str] = mapped_column(index=True)
    value_minor: Mapped[int]
    currency: Mapped[str]
    # The name under which a person settles it: its transfer, or its own event if it came too late for that.
    matter: Mapped[str]
    booked_at_ms: Mapped[int]  # when its event came: kiosks' clocks lie


class Payout(Base):
    """How a finalized transfer is paid: the attempts, and the payment that pays it."""

    __tablename__ = "payouts"
    __table_args__ = (
        _where("ix_payouts_failed", "last_error IS NOT NULL"),
        _where("ix_payouts_awaiting", "awaits_approval"),
    )

    transfer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("transfers.transfer_id"), primary_key=True
    )
    attempts: Mapped[int] = mapped_column(default=0)  # those that failed
    due_at_ms: Mapped[int]  # when the next attempt was to be made
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    payment_id: Mapped[int | None] = mapped_column(
        sa.BigInteger, sa.ForeignKey("payments.payment_id"), index=True
    )
    fee_base_units: Mapped[int | None] = mapped_column(sa.BigInteger)  # its share
    awaits_approval: Mapped[bool] = mapped_column(default=False)


class Approval(Base):
    """Append-only: a person let this payout be paid."""

    __tablename__ = "approvals"

    transfer_id: Mapped[str] = mapped_column(
        sa.ForeignKey("payouts.transfer_id"), primary_key=True
    )
    at_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str]


class Payment(Base):
    """One transaction that pays one or more payouts. Unsigned, it is only a reservation of its coins."""

    __tablename__ = "payments"
    # No number is ever used again: bytes that were signed for a reservation that was swept find none.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it once

    payment_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    # Of the version that counts: the confirmed one, else the one that waits for a block.
    txid: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    fee_base_units: Mapped[int | None] = mapped_column(sa.BigInteger)
    change_address: Mapped[str | None] = mapped_column(sa.Text)
    gas_fee: Mapped[int | None] = mapped_column(sa.BigInteger)  # of another coin than what is paid
    failure: Mapped[str | None] = mapped_column(sa.Text)  # in its block, and did not pay
    block_hash: Mapped[str | None] = mapped_column(sa.Text)
    block_height: Mapped[int | None] = mapped_column(sa.BigInteger)
    # So deep that nobody looks any more; outside any block, so surely dead.
    is_final: Mapped[bool] = mapped_column(default=False)
    spent_by: Mapped[str | None] = mapped_column(
        sa.Text
    )  # the other one, in a block, that has its coin


class PaymentVersion(Base):
    """Signed bytes, never changed, and the only ones ever sent. All versions of a payment spend the same
    coins, so at most one of them can confirm."""

    __tablename__ = "payment_versions"

    payment_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("payments.payment_id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    txid: Mapped[str] = mapped_column(unique=True)
    replaces: Mapped[str | None] = mapped_column(sa.Text)  # the txid of the version before
    raw: Mapped[str]
    fee_base_units: Mapped[int]
    fee_rate: Mapped[int]
    signed_at_ms: Mapped[int]
    is_sent: Mapped[bool] = mapped_column(default=False)  # or refused
    waits_since_height: Mapped[int | None] = mapped_column(sa.BigInteger)


class PayoutInput(Base):
    """A coin of the wallet that a payment spends, or will. The key is the guard: one coin, one payment."""

    __tablename__ = "payout_inputs"

    txid: Mapped[str] = mapped_column(primary_key=True)
    vout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payment_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("payments.payment_id"), index=True
    )
    value: Mapped[int]


class Settlement(Base):
    """Append-only: a person settled by hand what `status` calls by this name, and what was done."""

    __tablename__ = "settlements"

    name: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
    note: Mapped[str]
