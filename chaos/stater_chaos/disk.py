"""The disk under a database: each commit is a moment to die before or after, to find it full, or to wait for it."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from stater_chaos.clockwork import Clockwork, Moment

SQLITE_FULL = 13
STALLS, STALL_S = 0.1, 0.5  # a flash card cleans up now and then


@dataclass
class Disk:
    clockwork: Clockwork
    chance: random.Random
    is_full: bool = False
    slowest_s: float = 0.0  # a commit takes up to this long
    commits: int = 0
    after_commit: Callable[[], None] = field(default=lambda: None)

    def connection_class(self) -> type[sqlite3.Connection]:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                if sql.lstrip()[:6].upper() != "COMMIT":
                    return super().execute(sql, *args)
                disk.before()
                cursor = super().execute(sql, *args)
                disk.done()
                return cursor

            def commit(self) -> None:
                if not self.in_transaction:
                    return
                disk.before()
                super().commit()
                disk.done()

        return Connection

    def before(self) -> None:
        self._take_time()
        self.clockwork.point(Moment.COMMIT)
        if self.is_full:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode, error.sqlite_errorname = SQLITE_FULL, "SQLITE_FULL"
            raise error

    def _take_time(self) -> None:
        """Who dies in a commit dies while the disk is busy, when everybody else has had time to act."""
        if not self.slowest_s:
            return
        death = self.clockwork.process.death
        is_last = death is not None and death.moment is Moment.COMMIT and death.after <= 1
        stalls = is_last or self.chance.random() < STALLS
        most_s = max(STALL_S, self.slowest_s) if stalls else self.slowest_s
        self.clockwork.wait(most_s if is_last else self.chance.random() * most_s)

    def done(self) -> None:
        self.commits += 1
        self.after_commit()
        self.clockwork.point(Moment.COMMIT)
