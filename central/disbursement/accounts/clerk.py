"""Transfers asked for over HTTP, worked off as they come: all that wait at once, in one transaction.

One commit then answers many requests, so that a thousand of them cost the disk no more than a few dozen do.

Invariants: an answer leaves after its commit; a request is done whole, in one transaction, or not at all; one that
fails takes no other with it.
Not responsible for: who asks (`parties/`), and the rules (`protocol/`), which are those of messages.

    thread: one, while something waits
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from disbursement.accounts.protocol.driver import together
from disbursement.accounts.protocol.messages import FinalizeTransfer, PrepareTransfer
from disbursement.accounts.protocol.processing import answer_all, loaded, process
from disbursement.accounts.protocol.telling import Told
from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.parties.admitting import Asked, admit
from kiosk_wire.messages import RefusalCode

TOGETHER_MAX = 2_000  # messages in one transaction, unless one request has more
WAITING_MAX = 50_000  # messages
log = logging.getLogger(__name__)

Answers = list[Told | None]
Outcome = Answers | Refused


@dataclass(frozen=True)
class Work:
    asked: Asked
    messages: Sequence[PrepareTransfer | FinalizeTransfer]
    done: Future[Answers] = field(default_factory=Future)


class Clerk:
    def __init__(self, db: Database, now_ms: Callable[[], int]) -> None:
        self._db = db
        self._now_ms = now_ms
        self._waiting: deque[Work] = deque()
        self._waiting_messages = 0
        self._is_at_work = False
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="accounts-clerk")

    def take(self, work: Work) -> Future[Answers]:
        """Done with the answers, each to its message, or with Refused. Raises Refused when too much waits."""
        with self._lock:
            if self._waiting_messages + len(work.messages) > WAITING_MAX:
                raise Refused(503, RefusalCode.BUSY, "too many transfers wait already: try again")
            self._waiting.append(work)
            self._waiting_messages += len(work.messages)
            if not self._is_at_work:
                self._is_at_work = True
                self._thread.submit(self._work_off)
        return work.done

    def work_inbox(self) -> None:
        """Soon: messages have come in."""
        self._thread.submit(self._empty_inbox)

    def _empty_inbox(self) -> None:
        try:
            while process(self._db, self._now_ms()):
                pass
        except Exception:  # what waits is stored, and upkeep comes again
            log.exception("the accounts' inbox could not be worked off")

    def _work_off(self) -> None:
        while taken := self._next():
            # Whoever no longer waits for it has not asked; from here on nobody can take it back.
            works = [work for work in taken if work.done.set_running_or_notify_cancel()]
            try:
                outcomes = self._together(works)
            except Exception:  # noqa: BLE001  # whatever it was, only who caused it is to have it
                for work in works:
                    self._alone(work)
            else:
                for work, outcome in zip(works, outcomes, strict=True):
                    _settle(work, outcome)

    def _next(self) -> list[Work]:
        works: list[Work] = []
        room = TOGETHER_MAX
        with self._lock:
            while self._waiting and (not works or len(self._waiting[0].messages) <= room):
                works.append(self._waiting.popleft())
                room -= len(works[-1].messages)
                self._waiting_messages -= len(works[-1].messages)
            self._is_at_work = bool(works)
        return works

    def _alone(self, work: Work) -> None:
        try:
            [outcome] = self._together([work])
        except Exception as failure:
            log.exception("transfers could not be worked off")
            work.done.set_exception(failure)
        else:
            _settle(work, outcome)

    def _together(self, works: Sequence[Work]) -> list[Outcome]:
        now_ms = self._now_ms()
        return self._db.run(lambda session: _done(session, works, now_ms))


def _done(session: Session, works: Sequence[Work], now_ms: int) -> list[Outcome]:
    if not works:
        return []
    with together(session):
        refusals = admit(session, [work.asked for work in works], now_ms)
        turn = loaded(session, [each for work in works for each in work.messages], now_ms)
        outcomes: list[Outcome] = [
            refusal or answer_all(turn, work.messages)
            for work, refusal in zip(works, refusals(), strict=True)
        ]
        turn.close()
    return outcomes


def _settle(work: Work, outcome: Outcome) -> None:
    if isinstance(outcome, Refused):
        work.done.set_exception(outcome)
    else:
        work.done.set_result(outcome)
