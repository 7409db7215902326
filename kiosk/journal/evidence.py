"""The raw exchange with the acceptor before a bill was disputed, compressed. Its hash travels in the dispute's
fact, and so to central: who changes the one contradicts the other.
"""

import hashlib
import zlib
from dataclasses import replace

from sqlite_utils import Database

from kiosk.session.effects import Fact


def keep(db: Database, fact: Fact, trace: str, at_ms: int) -> Fact:
    """The fact of the dispute, with the hash of its evidence."""
    values = (fact.body["bill_id"], fact.session_id, at_ms, pack(trace))
    db.execute(
        "INSERT INTO evidence (bill_id, session_id, at_ms, trace) VALUES (?, ?, ?, ?)", values
    )
    return replace(fact, body=fact.body | {"trace_sha256": trace_sha256(trace)})


def pack(trace: str) -> bytes:
    return zlib.compress(trace.encode())


def unpack(packed: bytes) -> str:
    """Raises ValueError when it is no packed trace."""
    try:
        return zlib.decompress(packed).decode()
    except zlib.error as error:
        raise ValueError(str(error)) from error


def trace_sha256(trace: str) -> str:
    return hashlib.sha256(trace.encode()).hexdigest()
