"""Tables of the sanctions list that counts, and of those that counted before it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base


class SanctionsListRow(Base):
    """Append-only. The newest counts; of the others only this row is left."""

    __tablename__ = "sanctions_lists"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # SQLAlchemy reads it once

    list_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    schema: Mapped[str]
    published_on: Mapped[str]  # ISO 8601, which sorts as its days do
    sha256: Mapped[str]
    parties: Mapped[int]
    wallets: Mapped[int]
    loaded_at_ms: Mapped[int]


class ListedParty(Base):
    """An entry of the list that counts, as JSON of `party.Party`."""

    __tablename__ = "listed_parties"

    uid: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]


class ListedAddress(Base):
    __tablename__ = "listed_addresses"

    address: Mapped[str] = mapped_column(primary_key=True)  # canonical
    uid: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]


class ListedAttempt(Base):
    """Append-only: a sale to a listed address was refused. The law may want it reported."""

    __tablename__ = "listed_attempts"

    transfer_id: Mapped[str] = mapped_column(primary_key=True)
    speaker_id: Mapped[str] = mapped_column(sa.ForeignKey("speakers.speaker_id"), primary_key=True)
    session_id: Mapped[str]
    address: Mapped[str]
    uid: Mapped[str]
    list_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("sanctions_lists.list_id"))
    at_ms: Mapped[int]

    @property
    def matter(self) -> str:
        """The name under which a person settles it."""
        return f"listed:{self.transfer_id}"
