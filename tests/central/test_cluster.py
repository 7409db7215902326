"""Several processes on one PostgreSQL: what a dead one held is taken up by the living, and paid once."""

import itertools
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from disbursement.commands import main
from disbursement.database import Database
from disbursement.sales.models import TransferChange, TransferRow
from disbursement.wallets.models import PracticePayment
from disbursement.workers.lease import EXIT_STATUS, Lease
from disbursement.workers.models import Worker

PAYOUTS = 20
ROUNDS = 4
DEADLINE_S = 60
LEASE = "worker_lease_s = 3\n"


@pytest.fixture
def db(homes: Any, tmp_path: Path) -> Iterator[Database]:
    db = Database(homes.url(tmp_path / "books"))
    yield db
    db.close()


class Engine:
    """Which workflow runs where, as the engine would tell."""

    def __init__(self, **running: str) -> None:
        self.running, self.resumed = running, list[str]()

    def held(self) -> dict[str, str]:
        return dict(self.running)

    def resume(self, workflows: list[str]) -> None:
        self.resumed += workflows
        for workflow in workflows:
            del self.running[workflow]


@pytest.fixture
def lease(db: Database) -> Callable[..., Lease]:
    def take(worker: str, engine: Engine | None = None) -> Lease:
        engine = engine or Engine()
        lease = Lease(db, worker, 10, engine.held, engine.resume)
        lease.take()
        return lease

    return take


def expire(db: Database, worker: str) -> None:
    past = sa.update(Worker).where(Worker.worker_id == worker).values(expires_at_ms=0)
    db.run(lambda session: session.execute(past))


def test_what_the_dead_held_is_resumed_and_nothing_else(db: Database, lease: Any) -> None:
    engine = Engine(payout_1="dead", payout_2="alive", payout_3="long-gone", payout_4="slow")
    alive, _, _ = lease("alive", engine), lease("dead"), lease("slow")
    expire(db, "dead")
    alive.take_over()
    assert engine.resumed == ["payout_1", "payout_3"]
    alive.take_over()
    assert engine.running == {"payout_2": "alive", "payout_4": "slow"}


def test_a_lease_that_is_late_is_renewed_and_one_taken_away_never_comes_back(
    db: Database, lease: Any
) -> None:
    late, other = lease("late"), lease("other")
    expire(db, "late")
    assert late.renew()
    other.take_over()
    assert late.renew()
    expire(db, "late")
    other.take_over()
    assert not late.renew()
    assert other.renew()


def test_one_of_the_living_is_the_first(db: Database, lease: Any) -> None:
    a, b = lease("a"), lease("b")
    assert (a.is_first(), b.is_first()) == (True, False)
    expire(db, "a")
    b.take_over()
    assert (a.is_first(), b.is_first()) == (False, True)
    b.give_back()
    assert not b.is_first()


@pytest.mark.parametrize("words", [["worker"], ["serve", "--no-worker", "--port", "0"]])
def test_on_a_file_one_process_does_it_all(words: list[str], tmp_path: Path) -> None:
    told = CliRunner().invoke(main, [*words, "--data-dir", str(tmp_path)])
    assert told.exit_code == 2
    assert "server.database" in told.output


def until(reached: Callable[[], bool], what: Callable[[], object]) -> None:
    give_up_s = time.monotonic() + DEADLINE_S
    while not reached():
        assert time.monotonic() < give_up_s, what()
        time.sleep(0.05)


def states(db: Database) -> Counter[str]:
    return Counter(db.run(lambda session: list(session.scalars(sa.select(TransferRow.state)))))


def workers(db: Database) -> set[str]:
    return set(db.run(lambda session: list(session.scalars(sa.select(Worker.worker_id)))))


@pytest.mark.slow  # as the kill run does with a node
def test_killed_at_random_moments_and_put_to_sleep_they_pay_each_sale_once(
    serve: Any, new_kiosk: Any, db: Database
) -> None:
    chance = random.Random(11)
    listening = [serve(LEASE, "serve", "--no-worker")]  # it begins the books
    kiosk, numbers = new_kiosk(db, listening[0].client), iter(range(PAYOUTS))

    def sell() -> None:
        """Each for another amount."""
        for number in itertools.islice(numbers, PAYOUTS // ROUNDS):
            kiosk.client = chance.choice(listening).client
            assert kiosk.quote(str(number)).status_code == 200
            assert kiosk.prepare(str(number)).status_code == 200
            kiosk.credited(1_000 * (number + 1), str(number))
            kiosk.finalized(1_000 * (number + 1), str(number))
        assert kiosk.report().status_code == 200

    with ThreadPoolExecutor() as starting:
        begun = [starting.submit(serve, LEASE, "worker") for _ in range(2)]
        listening.append(serve(LEASE, "serve", "--no-worker"))
        for worker in [start.result() for start in begun]:
            sell()
            time.sleep(chance.uniform(0.0, 0.4))  # at any moment: this is the blind stroke
            worker.end(signal.SIGKILL)
            begun.append(starting.submit(serve, LEASE, "worker"))
        sell()
        listening.pop(chance.randrange(2)).end(signal.SIGKILL)
        asleep, awake = (start.result() for start in begun[2:])
    sell()
    asleep.process.send_signal(signal.SIGSTOP)
    until(lambda: states(db)["confirmed"] == PAYOUTS, lambda: states(db))
    until(lambda: len(workers(db)) == 1, lambda: workers(db))
    assert asleep.end(signal.SIGCONT) == EXIT_STATUS
    assert awake.end(signal.SIGTERM) == 0
    assert workers(db) == set()
    demand_paid_once(db)


def demand_paid_once(db: Database) -> None:
    with db.begin() as session:
        paid = sorted(session.scalars(sa.select(PracticePayment.amount)))
        assert paid == sorted(session.scalars(sa.select(TransferRow.amount_base_units)))
        for state in ("signed", "broadcast"):
            counted = sa.select(sa.func.count()).where(TransferChange.state == state)
            assert session.scalar(counted) == PAYOUTS
