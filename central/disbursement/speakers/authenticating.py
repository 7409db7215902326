"""Who signed a request, and that it is heard for the first time."""

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.speakers.models import Nonce, Speaker
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import (
    NONCE_KEPT_S,
    BadSignature,
    Request,
    SpeakerKind,
    UnknownKey,
    VerifiedSignature,
    verify_request,
)


def authenticate(db: Database, request: Request, body: bytes, now_ms: int) -> VerifiedSignature:
    """Whose signature this is, now and for the first time. Raises Refused."""
    return db.run(lambda session: _authenticate(session, request, body, now_ms))


def _authenticate(
    session: Session, request: Request, body: bytes, now_ms: int
) -> VerifiedSignature:
    def find_key(kind: SpeakerKind, speaker_id: str) -> Ed25519PublicKey | None:
        return _find_key(session, kind, speaker_id)

    try:
        signature = verify_request(request, body=body, find_key=find_key, now_ms=now_ms)
    except UnknownKey as unknown:
        raise Refused(403, RefusalCode.UNKNOWN_SPEAKER, str(unknown)[:500]) from unknown
    except BadSignature as bad:
        raise Refused(401, RefusalCode.BAD_SIGNATURE, str(bad)[:500]) from bad
    if not _is_fresh(session, signature, now_ms):
        raise Refused(401, RefusalCode.BAD_SIGNATURE, "this very request was received before")
    return signature


def _find_key(session: Session, kind: SpeakerKind, speaker_id: str) -> Ed25519PublicKey | None:
    speaker = session.get(Speaker, speaker_id)
    if speaker is None or speaker.removed_at_ms is not None or speaker.kind != kind:
        return None
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(speaker.public_key))


def _is_fresh(session: Session, signature: VerifiedSignature, now_ms: int) -> bool:
    session.execute(sa.delete(Nonce).where(Nonce.seen_at_ms < now_ms - NONCE_KEPT_S * 1_000))
    if session.get(Nonce, (signature.key_id, signature.nonce)) is not None:
        return False
    session.add(Nonce(speaker_id=signature.key_id, nonce=signature.nonce, seen_at_ms=now_ms))
    session.get_one(Speaker, signature.key_id).last_seen_ms = now_ms
    return True
