"""The practice wallet's only table."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base


class PracticePayment(Base):
    """A payment that moved no coin. Its number stands for the height of a block."""

    __tablename__ = "practice_payments"

    height: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    txid: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    amount: Mapped[int]
