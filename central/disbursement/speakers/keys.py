"""A speaker's public key, in whatever form a person gives it."""

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from disbursement.errors import InvalidSetup
from disbursement.speakers.low_order import is_low_order

KEY_BYTES = 32  # RFC 8032, section 5.1.5


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
            f"{given!r} is nobody's key: anyone could sign for it. `kiosk key` on a kiosk prints its own"
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
