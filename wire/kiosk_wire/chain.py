"""The hash chain of a kiosk's events: a gap or a change is visible on both sides."""

import hashlib
import json

GENESIS_HASH = "0" * 64


def chained_hash(previous_hash: str, *fields: str | int | None) -> str:
    """SHA-256, in hex, of the JSON array of the hash before and all fields, without spaces, ASCII only."""
    row = [previous_hash, *fields]
    return hashlib.sha256(json.dumps(row, separators=(",", ":")).encode("ascii")).hexdigest()


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
    return chained_hash(previous_hash, seq, event_id, session_id, at_ms, kind, body)
