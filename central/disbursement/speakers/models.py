"""Tables of the speakers. What is particular to a kind is a table of its own, joined by the same id: a kiosk's in
`kiosks/models.py`, and so on. One id, one speaker, of one kind for ever."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from disbursement.database import Base
from kiosk_wire.signing import SpeakerKind


class Speaker(Base):
    __tablename__ = "speakers"
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ({})".format(", ".join(f"'{kind}'" for kind in SpeakerKind)), "kind_known"
        ),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012  # SQLAlchemy reads it once

    speaker_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    public_key: Mapped[str]  # Ed25519, raw, hex
    added_at_ms: Mapped[int]
    removed_at_ms: Mapped[int | None] = mapped_column(sa.BigInteger)
    last_seen_ms: Mapped[int | None] = mapped_column(sa.BigInteger)


class Nonce(Base):
    """Seen on a verified signature; pruned once the signature is too old anyway."""

    __tablename__ = "nonces"

    speaker_id: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    seen_at_ms: Mapped[int] = mapped_column(index=True)
