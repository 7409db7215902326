"""Who may speak: the kiosks' public keys, and the nonces they have used."""

import base64
import binascii
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy.orm import Session

from disbursement.database import Database
from disbursement.errors import InvalidSetup, NotOpen, Refused
from disbursement.kiosks.low_order import is_low_order
from disbursement.kiosks.models import Kiosk, Nonce
from kiosk_wire.chain import GENESIS_HASH
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import (
    NONCE_KEPT_S,
    BadSignature,
    Request,
    UnknownKey,
    VerifiedSignature,
    verify_request,
)

KEY_BYTES = 32  # RFC 8032, section 5.1.5


def authenticate(db: Database, request: Request, body: bytes, now_ms: int) -> str:
    """The kiosk that signed this request, now and for the first time. Raises Refused."""
    return db.run(lambda session: _authenticate(session, request, body, now_ms))


def _authenticate(session: Session, request: Request, body: bytes, now_ms: int) -> str:
    try:
        signature = verify_request(
            request, body=body, find_key=lambda key_id: _find_key(session, key_id), now_ms=now_ms
        )
    except UnknownKey as unknown:
        raise Refused(403, RefusalCode.UNKNOWN_KIOSK, str(unknown)[:500]) from unknown
    except BadSignature as bad:
        raise Refused(401, RefusalCode.BAD_SIGNATURE, str(bad)[:500]) from bad
    if not _is_fresh(session, signature, now_ms):
        raise Refused(401, RefusalCode.BAD_SIGNATURE, "this very request was received before")
    return signature.key_id


def _find_key(session: Session, kiosk_id: str) -> Ed25519PublicKey | None:
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None or kiosk.removed_at_ms is not None:
        return None
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(kiosk.public_key))


def _is_fresh(session: Session, signature: VerifiedSignature, now_ms: int) -> bool:
    session.execute(sa.delete(Nonce).where(Nonce.seen_at_ms < now_ms - NONCE_KEPT_S * 1_000))
    if session.get(Nonce, (signature.key_id, signature.nonce)) is not None:
        return False
    session.add(Nonce(kiosk_id=signature.key_id, nonce=signature.nonce, seen_at_ms=now_ms))
    session.get_one(Kiosk, signature.key_id).last_seen_ms = now_ms
    return True


def add_kiosk(session: Session, kiosk_id: str, public_key: bytes, now_ms: int) -> None:
    """New, or an old one with a new key; its events go on where they were. Raises InvalidSetup when the key
    is another's: then one kiosk could sign in the other's name. Run it `serializable`: no key holds that."""
    others = sa.select(Kiosk.kiosk_id).where(
        Kiosk.public_key == public_key.hex(),
        Kiosk.kiosk_id != kiosk_id,
        Kiosk.removed_at_ms.is_(None),
    )
    other = session.scalars(others).first()
    if other is not None:
        raise InvalidSetup(
            f"this is the key of kiosk {other!r}: each kiosk has a key of its own, which `kiosk key` on "
            "that machine prints"
        )
    kiosk = session.get(Kiosk, kiosk_id)
    if kiosk is None:
        kiosk = Kiosk(kiosk_id=kiosk_id, added_at_ms=now_ms, through_seq=0, head_hash=GENESIS_HASH)
        session.add(kiosk)
    kiosk.public_key = public_key.hex()
    kiosk.removed_at_ms = None


def remove_kiosk(session: Session, kiosk_id: str, now_ms: int) -> None:
    """It may no longer speak; what it reported is kept. Raises NotOpen."""
    kiosk = session.get(Kiosk, kiosk_id, with_for_update=True)
    if kiosk is None:
        raise NotOpen(f"there is no kiosk {kiosk_id!r}: `central kiosk list` shows them")
    if kiosk.removed_at_ms is not None:
        on = datetime.fromtimestamp(kiosk.removed_at_ms / 1_000, UTC)
        raise NotOpen(f"kiosk {kiosk_id!r} was removed already, on {on:%Y-%m-%d %H:%M} UTC")
    kiosk.removed_at_ms = now_ms


def read_public_key(given: str) -> bytes:
    """A PEM file, or the raw key in hex or base64, in a file or as it is."""
    path = Path(given)
    try:
        text = path.read_text(encoding="ascii") if path.is_file() else given
        text = text.strip()
        raw = _from_pem(text) if text.startswith("-----BEGIN") else _from_text(text)
        Ed25519PublicKey.from_public_bytes(raw)
    except (OSError, ValueError, UnsupportedAlgorithm) as unreadable:
        raise InvalidSetup(
            f"{given!r} is neither a file with an Ed25519 public key (PEM, hex or base64) nor such "
            "a key itself (64 hex digits, or 44 characters of base64)"
        ) from unreadable
    if is_low_order(raw):
        raise InvalidSetup(
            f"{given!r} is no kiosk's key: anyone could sign for it. `kiosk key` on the machine prints its own"
        )
    return raw


def _from_pem(text: str) -> bytes:
    key = load_pem_public_key(text.encode("ascii"))
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004  # one kind of unreadable
    return key.public_bytes_raw()


def _from_text(text: str) -> bytes:
    if len(text) == KEY_BYTES * 2:
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as bad:
        raise ValueError(str(bad)) from bad
