"""In the place of RFC 9421's signatures, a fifth of a sale's time: who asks, and a number used once.

The real ones are pure functions, held by tests of their own; that a request counts once, and for five minutes,
is held here.
"""

import secrets
from collections.abc import Callable
from typing import Any

from kiosk_wire.signing import (
    AGE_S_MAX,
    CLOCK_SKEW_S_MAX,
    BadSignature,
    SpeakerKind,
    VerifiedSignature,
)

HEADER = "x-signed-by"


def sign(request: Any, *, key_id: str, now_ms: int, **_rest: Any) -> None:
    request.headers[HEADER] = f"{key_id} {secrets.token_hex(8)} {now_ms}"


def verify(
    request: Any, *, find_key: Callable[[SpeakerKind, str], object], now_ms: int, **_rest: Any
) -> VerifiedSignature:
    key_id, nonce, created_ms = str(request.headers[HEADER]).split()
    find_key(SpeakerKind.KIOSK, key_id)
    age_s = (now_ms - int(created_ms)) / 1_000
    if not -CLOCK_SKEW_S_MAX <= age_s <= AGE_S_MAX + CLOCK_SKEW_S_MAX:
        raise BadSignature(f"signed {age_s:.0f} s ago")
    return VerifiedSignature(key_id, nonce)
