"""What the accounts need by themselves, while the service runs: a thread of `central serve` and `central worker`.

Not responsible for: what is done then (`protocol/upkeep.py`, `protocol/forgetting.py`, `parties/mailbox.py`).
"""

import logging
import threading
from collections.abc import Callable

from disbursement.accounts.protocol.forgetting import forget_settled
from disbursement.accounts.protocol.processing import process
from disbursement.accounts.protocol.upkeep import keep_up
from disbursement.database import Database
from disbursement.house import House
from disbursement.parties import mailbox
from disbursement.parties.admitting import forget_nonces

INBOX_EVERY_S = 10  # what another process left, or this one before it was killed
UPKEEP_EVERY_S = 600
FORGET_EVERY_S = 24 * 3600
log = logging.getLogger(__name__)


def work_inbox(db: Database, now_ms: int) -> None:
    while process(db, now_ms):
        pass


def upkeep(db: Database, now_ms: int) -> None:
    keep_up(db, now_ms)
    mailbox.prune(db, now_ms)
    db.run(lambda session: forget_nonces(session, now_ms))


JOBS: tuple[tuple[int, Callable[[Database, int], None]], ...] = (
    (INBOX_EVERY_S, work_inbox),
    (UPKEEP_EVERY_S, upkeep),
    (FORGET_EVERY_S, forget_settled),
)


def keep(house: House, stop: threading.Event) -> None:
    """Until `stop`: each job at once, and then again and again."""
    turn = 0
    while not stop.is_set():
        for every_s, job in JOBS:
            if turn * INBOX_EVERY_S % every_s == 0:
                _do(job, house)
        turn += 1
        stop.wait(INBOX_EVERY_S)


def _do(job: Callable[[Database, int], None], house: House) -> None:
    try:
        job(house.db, house.now_ms())
    except Exception:  # the next turn tries again
        log.exception("the accounts' %s failed", job.__name__)
