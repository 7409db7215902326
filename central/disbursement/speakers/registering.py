"""The operator says who may speak, and who may no longer."""

import re
from datetime import UTC, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import InvalidSetup, NotOpen
from disbursement.speakers.models import Speaker

SPEAKER_ID = re.compile(r"[A-Za-z0-9-]{3,64}")

S = TypeVar("S", bound=Speaker)


def register(
    session: Session, model: type[S], speaker_id: str, public_key: bytes, now_ms: int
) -> S:
    """New, or an old one with a new key, which goes on where it was. `model` is its kind's. Raises InvalidSetup
    when the key is another's: then one could sign in the other's name. Run it `serializable`: no key of a table holds that."""
    kind = str(sa.inspect(model).polymorphic_identity)
    if not SPEAKER_ID.fullmatch(speaker_id):
        raise InvalidSetup(f"{speaker_id!r} is no {kind} id: 3 to 64 letters, digits and hyphens")
    _demand_own_key(session, kind, speaker_id, public_key)
    speaker = session.get(Speaker, speaker_id)
    if speaker is None:
        speaker = model(speaker_id=speaker_id, added_at_ms=now_ms)
        session.add(speaker)
    if not isinstance(speaker, model):
        raise InvalidSetup(f"{speaker_id!r} is a {speaker.kind}, now or before: choose another id")
    speaker.public_key = public_key.hex()
    speaker.removed_at_ms = None
    session.flush()
    return speaker


def _demand_own_key(session: Session, kind: str, speaker_id: str, public_key: bytes) -> None:
    others = sa.select(Speaker).where(
        Speaker.public_key == public_key.hex(),
        Speaker.speaker_id != speaker_id,
        Speaker.removed_at_ms.is_(None),
    )
    other = session.scalars(others).first()
    if other is not None:
        remedy = (
            "which `kiosk key` on that machine prints" if kind == "kiosk" else "made where it runs"
        )
        raise InvalidSetup(
            f"this is the key of {other.kind} {other.speaker_id!r}: each {kind} has a key of its own, {remedy}"
        )


def remove(session: Session, model: type[Speaker], speaker_id: str, now_ms: int) -> None:
    """It may no longer speak; what it said is kept. Raises NotOpen."""
    kind = sa.inspect(model).polymorphic_identity
    speaker = session.get(model, speaker_id, with_for_update=True)
    if speaker is None:
        raise NotOpen(f"there is no {kind} {speaker_id!r}: `central {kind} list` shows them")
    if speaker.removed_at_ms is not None:
        on = datetime.fromtimestamp(speaker.removed_at_ms / 1_000, UTC)
        raise NotOpen(f"{kind} {speaker_id!r} was removed already, on {on:%Y-%m-%d %H:%M} UTC")
    speaker.removed_at_ms = now_ms
