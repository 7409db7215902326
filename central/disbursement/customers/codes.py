"""One-time codes: how they are made and kept.

six digits from the system's own randomness; kept as a hash under a key that is in no database
the hash is over the code, its enrolment and number, kiosk, session and phone: at another it is another
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

DIGITS = 6
KEY_BYTES_MIN = 32


@dataclass(frozen=True)
class Bound:
    """To what a code is good."""

    enrolment_id: str
    number: int
    speaker_id: str
    session_id: str
    phone: str


def mint() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def digest(key: bytes, bound: Bound, code: str) -> str:
    words = (
        bound.enrolment_id,
        str(bound.number),
        bound.speaker_id,
        bound.session_id,
        bound.phone,
        code,
    )
    return hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """In a time that tells nothing."""
    return hmac.compare_digest(one, other)
