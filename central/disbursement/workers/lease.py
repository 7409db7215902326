"""The lease of one worker, and taking over from those that let theirs expire.

    taken before the engine starts, so whoever holds a workflow has or had one
    renewed again and again; expired and not renewed, anyone may take it away
    taken away, it never comes back: its worker, should it live, ends at once

What a worker without a lease still holds is resumed by those who have one. That is no guard of the money: a
worker that was only asleep may be in the middle of a payout, and paying once rests on the signed bytes.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from disbursement.database import Database, in_words
from disbursement.postgres import Lock, lock_until_commit
from disbursement.workers.models import Worker

BEATS = 4  # in the time of one lease: three may be missed
EXIT_STATUS = 70  # EX_SOFTWARE of sysexits.h
NOW_MS = sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1_000, sa.BigInteger)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    db: Database
    worker_id: str
    lease_s: int
    held: Callable[[], dict[str, str]]  # the workflows that run, and the worker of each
    resume: Callable[[list[str]], None]

    def take(self) -> None:
        self.db.run(
            lambda session: session.add(
                Worker(worker_id=self.worker_id, expires_at_ms=self._end(session))
            )
        )

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(self.lease_s / BEATS):
            try:
                if not self.renew() and not stop.is_set():
                    log.critical("the lease of worker %s was taken away: it ends", self.worker_id)
                    os._exit(EXIT_STATUS)
                self.take_over()
            except SQLAlchemyError as failure:  # without the database nothing is paid either
                log.warning("the lease of worker %s: %s", self.worker_id, in_words(failure))

    def renew(self) -> bool:
        """Whether it is ours still, be it late."""

        def renew(session: Session) -> bool:
            mine = sa.update(Worker).where(Worker.worker_id == self.worker_id)
            later = mine.values(expires_at_ms=self._end(session)).returning(Worker.worker_id)
            return session.execute(later).first() is not None

        return self.db.run(renew)

    def take_over(self) -> None:
        """Take expired leases away, then resume what nobody with a lease holds. One at a time: what is resumed
        has a new holder when the next one looks."""
        self.db.run(
            lambda session: session.execute(sa.delete(Worker).where(Worker.expires_at_ms < NOW_MS))
        )
        self.db.run(self._resume_orphans)

    def _resume_orphans(self, session: Session) -> None:
        lock_until_commit(session.connection(), Lock.TAKE_OVER)
        held = self.held()  # before the leases: whoever begins now has a lease before a workflow
        living = set(session.scalars(sa.select(Worker.worker_id)))
        orphans = [workflow for workflow, worker in held.items() if worker not in living]
        if orphans:
            log.warning("resumed from workers that are gone: %s", ", ".join(orphans))
            self.resume(orphans)

    def is_first(self) -> bool:
        """Of those that live: for what one of them does for all. No lock, which one that sleeps would keep."""
        first = sa.select(sa.func.min(Worker.worker_id))
        return self.db.run(lambda session: session.scalar(first)) == self.worker_id

    def give_back(self) -> None:
        """What it left is taken up at once."""
        mine = sa.delete(Worker).where(Worker.worker_id == self.worker_id)
        self.db.run(lambda session: session.execute(mine))

    def _end(self, session: Session) -> int:
        return int(session.scalar(sa.select(NOW_MS)) or 0) + self.lease_s * 1_000
