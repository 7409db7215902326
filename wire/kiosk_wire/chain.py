"""The hash chain of a kiosk's events: a gap or a change is visible on both sides."""

import hashlib
import json

GENESIS_HASH = "0" * 64


def event_hash(  # noqa: PLR0913  # one parameter for each hashed field
    *,
    previous_hash: str,
    seq: int,
    event_id: str,
    session_id: str | None,
    at_ms: int,
    kind: str,
    body: str,
) -> str:
    """SHA-256, in hex, of the JSON array of all fields in this order, without spaces, ASCII only."""
    row = [previous_hash, seq, event_id, session_id, at_ms, kind, body]
    return hashlib.sha256(json.dumps(row, separators=(",", ":")).encode("ascii")).hexdigest()
