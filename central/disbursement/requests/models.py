"""The tables of disbursement requests: their versions, append-only also by a trigger of the database; and an index of
the newest ones, so that nobody looks at all of them to find the few that are open."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from disbursement.requests.states import State


class RequestVersion(Base):
    """A request as it stood after one transition. The unique pointer to the version before makes them a chain."""

    __tablename__ = "request_versions"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "number"),
        sa.UniqueConstraint("previous_id"),
        sa.CheckConstraint("(number = 1) = (previous_id IS NULL)", "first_has_no_previous"),
        sa.CheckConstraint(
            "state IN ({})".format(", ".join(f"'{state}'" for state in State)), "state_known"
        ),
        sa.CheckConstraint("amount_base_units > 0", "amount_positive"),
        sa.CheckConstraint(
            "transfer_id IS NULL OR "
            "(approved_by IS NOT NULL AND lower(approved_by) <> lower(requested_by))",
            "paid_when_approved",
        ),
    )

    version_id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    number: Mapped[int]
    previous_id: Mapped[str | None] = mapped_column(sa.ForeignKey("request_versions.version_id"))
    state: Mapped[str]
    at_ms: Mapped[int]
    by: Mapped[str]  # whose doing this version is
    note: Mapped[str]
    requested_by: Mapped[str]
    requesting_app: Mapped[str]
    purpose: Mapped[str]
    amount_base_units: Mapped[int]
    coin: Mapped[str]
    coin_exponent: Mapped[int]
    network: Mapped[str]
    address: Mapped[str]
    approved_by: Mapped[str | None] = mapped_column(sa.Text)
    transfer_id: Mapped[str | None] = mapped_column(sa.ForeignKey("transfers.transfer_id"))
    transfer_version: Mapped[int | None] = mapped_column(sa.BigInteger)  # how far it was followed


class RequestHead(Base):
    """Which version is a request's newest, and what of it is searched for. Drawn from it whenever it changes."""

    __tablename__ = "request_heads"

    request_id: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[str] = mapped_column(sa.ForeignKey("request_versions.version_id"))
    state: Mapped[str] = mapped_column(index=True)
    transfer_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("transfers.transfer_id"), index=True
    )
    transfer_version: Mapped[int | None] = mapped_column(sa.BigInteger)
