"""Idempotency keys: what was answered to a POST, for whoever asks it again by the same key.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header (07)

In two steps, before and after the work, and not in its transaction. The real guards are the natural keys (the transfer's id,
the event's number, the request's id): they make the work itself safe to repeat. So a key whose process was killed between the
steps is given up after RUNNING_MS_MAX, and its next repeat does the work again, which finds what was done.
"""

import hashlib
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from disbursement.database import Base
from disbursement.errors import Refused
from disbursement.house import House
from kiosk_wire.messages import RefusalCode

KEPT_DAYS = 90
KEPT_MS = KEPT_DAYS * 24 * 3_600_000
RUNNING_MS_MAX = 60_000  # longer than any request may run, so that nobody is behind it any more
KEY = re.compile(
    r'"([\x21\x23-\x5b\x5d-\x7e]{8,64})"'
)  # RFC 8941's string, without escapes and spaces
NEVER_KEPT = frozenset({408, 429})  # and whatever is central's own failure: they say try again


class AnsweredPost(Base):
    """While the work runs there is no status yet."""

    __tablename__ = "answered_posts"

    speaker_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    asked_hash: Mapped[str]  # of method, path and body
    begun_at_ms: Mapped[int] = mapped_column(index=True)
    status: Mapped[int | None] = mapped_column(sa.BigInteger)
    answer: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


@dataclass(frozen=True)
class Asked:
    speaker_id: str
    key: str
    hash: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def read_key(header: str) -> str:
    """Raises Refused."""
    read = KEY.fullmatch(header)
    if read is None:
        detail = 'an Idempotency-Key is 8 to 64 visible characters in double quotes, e.g. "8e03978e-40d5"'
        raise Refused(400, RefusalCode.BAD_IDEMPOTENCY_KEY, detail)
    return read.group(1)


def hash_of(method: str, path: bytes, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    return hashlib.sha256(b"\n".join((method.encode(), path, digest.encode()))).hexdigest()


def begin(house: House, asked: Asked) -> Answer | None:
    """The answer that is kept; None when there is none, and the caller is the one to do the work. Raises Refused: another
    does it just now, or the key was used for something else."""
    return house.db.run(lambda session: _begin(session, asked, house.now_ms()))


def _begin(session: Session, asked: Asked, now_ms: int) -> Answer | None:
    row = session.get(AnsweredPost, (asked.speaker_id, asked.key), with_for_update=True)
    if row is None:
        row = AnsweredPost(speaker_id=asked.speaker_id, key=asked.key, asked_hash=asked.hash)
        row.begun_at_ms = now_ms
        session.add(row)
        return None
    if row.asked_hash != asked.hash:
        detail = "this Idempotency-Key was used for another request: each has one of its own"
        raise Refused(422, RefusalCode.IDEMPOTENCY_KEY_REUSED, detail)
    if row.status is not None:
        return Answer(row.status, row.answer or b"")
    if now_ms - row.begun_at_ms < RUNNING_MS_MAX:
        detail = "the first request with this Idempotency-Key is not answered yet: ask again"
        raise Refused(409, RefusalCode.STILL_RUNNING, detail, retry_after_s=1)
    row.begun_at_ms = now_ms
    return None


def end(house: House, asked: Asked, answer: Answer) -> None:
    """Keep it if it is final; else forget that it was asked."""
    is_final = answer.status < 500 and answer.status not in NEVER_KEPT
    row = AnsweredPost
    mine = (row.speaker_id == asked.speaker_id, row.key == asked.key, row.status.is_(None))
    keep = sa.update(row).where(*mine).values(status=answer.status, answer=answer.body)
    forget = sa.delete(row).where(*mine)
    house.db.run(lambda session: session.execute(keep if is_final else forget))


def prune(house: House) -> None:
    old = AnsweredPost.begun_at_ms < house.now_ms() - KEPT_MS
    house.db.run(lambda session: session.execute(sa.delete(AnsweredPost).where(old)))
