"""PostgreSQL: its troubles in words, and units of work that meet where SQLite lets only one in at a time."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from pydantic import ValidationError

from disbursement import postgres as home
from disbursement import service
from disbursement.accounts.holdings import KEYS
from disbursement.accounts.protocol.models import CreditorAccount, Debtor, Movement
from disbursement.api.signed import AWAY
from disbursement.commands import main
from disbursement.database import Database
from disbursement.errors import InvalidSetup, NotOpen
from disbursement.kiosks.intake import _take_in
from disbursement.kiosks.models import Kiosk
from disbursement.matters import settle
from disbursement.sales.preparing import _prepare
from disbursement.sales.unheard import MS_PER_HOUR, UNHEARD_HOURS, finalize_by_hand
from disbursement.speakers.registering import register
from kiosk_wire.messages import EventBatch, PrepareRequest, Refusal
from stater_demo.postgres import PASSWORD, USER

DEADLINE_S = 20
KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def url(homes: Any, tmp_path: Path) -> str:
    return str(homes.url(tmp_path))


@pytest.fixture
def status(tmp_path: Path) -> Callable[[str], str]:
    """What `central status` says of a database that it cannot use."""

    def ask(url: str) -> str:
        (tmp_path / "central.toml").write_text(f"[server]\ndatabase = {json.dumps(url)}\n")
        told = CliRunner().invoke(main, ["status", "--config", str(tmp_path / "central.toml")])
        assert told.exit_code == 2, told.output
        place, _, words = told.output.removeprefix("Error: ").partition(": ")
        assert PASSWORD not in told.output
        assert not place.startswith("postgresql:") or place.startswith(f"postgresql://{USER}@")
        return words or place

    return ask


def test_what_cannot_be_reached_is_told_in_words(status: Any, url: str, postgres: Any) -> None:
    assert status(url.replace(PASSWORD, "wrong")).startswith(
        f'password authentication failed for user "{USER}": correct server.database, or the password'
    )
    assert status(postgres.url("none")).startswith('database "none" does not exist: make it with')
    nobody = url.replace(str(postgres.port), "1")
    assert status(nobody).startswith("cannot connect: Connection refused; does it run, and is ")
    assert status("postgresql://stater@/books?host=/none").startswith(
        "cannot connect: No such file"
    )


def test_books_that_are_away_give_no_answer_that_a_kiosk_would_take_for_a_refusal(
    central: Any, kiosk: Any, homes: Any, postgres: Any
) -> None:
    for name in homes.made:
        postgres.drop(name)
    answer = kiosk.quote()
    assert (answer.status_code, answer.text) == (503, AWAY)
    with pytest.raises(ValidationError):
        Refusal.model_validate_json(answer.content)


def test_an_old_server_and_an_empty_database_are_told(
    status: Any, homes: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = homes.empty_url(tmp_path / "empty")
    assert "is this the database of the service?" in status(empty)
    monkeypatch.setattr(home, "OLDEST", 99)
    assert status(empty).endswith("and 99 or newer is needed\n")


def test_a_replica_and_a_stranger_are_told(homes: Any, tmp_path: Path, postgres: Any) -> None:
    empty = homes.empty_url(tmp_path / "empty")
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    for books, told in (
        (
            f"{empty}?options=-cdefault_transaction_read_only%3Don",
            "it is read-only: name the primary",
        ),
        (empty.replace(f"{USER}:{PASSWORD}", "guest:guest"), "its user may not do that: make it"),
    ):
        (tmp_path / "central.toml").write_text(f"[server]\ndatabase = {json.dumps(books)}\n")
        words = ["kiosk", "add", "kiosk-1", "--public-key", KEY]
        said = CliRunner().invoke(main, [*words, "--config", str(tmp_path / "central.toml")])
        assert (said.exit_code, told in said.output) == (2, True), said.output


def test_a_data_dir_beside_it_is_a_mistake(url: str, tmp_path: Path) -> None:
    (tmp_path / "central.toml").write_text(f"[server]\ndatabase = {json.dumps(url)}\n")
    words = ["status", "--config", str(tmp_path / "central.toml"), "--data-dir", str(tmp_path)]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 2
    assert "--data-dir has no meaning" in told.output


def test_two_that_come_together_migrate_once(homes: Any, tmp_path: Path) -> None:
    databases = [Database(homes.empty_url(tmp_path / "empty")) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(db.migrate) for db in databases]:
            done.result(DEADLINE_S)
    for db in databases:
        assert sa.inspect(db.engine).has_table("transfers")
        db.close()


def test_the_victim_of_a_deadlock_runs_again(central: Any) -> None:
    accounts = [KEYS[name] for name in ("fees", "sold")]
    both_hold_one, runs = threading.Barrier(2, timeout=DEADLINE_S), []

    def lock(session: Any, order: list[Any]) -> None:
        runs.append(1)
        session.get_one(CreditorAccount, order[0], with_for_update=True)
        if len(runs) <= 2:
            both_hold_one.wait()
        session.get_one(CreditorAccount, order[1], with_for_update=True)

    with ThreadPoolExecutor() as pool:
        crosswise = (accounts, accounts[::-1])
        ran = [pool.submit(central.house.db.run, lambda s, o=o: lock(s, o)) for o in crosswise]
        for done in ran:
            done.result(DEADLINE_S)
    assert len(runs) == 3


@contextmanager
def uncommitted(central: Any, work: Callable[[Any], Any]) -> Iterator[Callable[..., Future[Any]]]:
    """`work` is done and not committed until the block ends; meanwhile a rival runs into its locks."""
    with ThreadPoolExecutor() as pool:

        def start(rival: Callable[[], Any]) -> Future[Any]:
            started = pool.submit(rival)
            give_up_s = time.monotonic() + DEADLINE_S
            with central.house.db.engine.connect() as watcher:
                while watcher.exec_driver_sql(BLOCKED).scalar_one() == 0:
                    watcher.rollback()
                    assert not started.done(), started.result()
                    assert time.monotonic() < give_up_s
                    time.sleep(0.01)
            return started

        with central.house.db.begin() as session:
            work(session)
            yield start


def test_a_repeat_that_overtakes_is_answered_with_what_was_prepared(
    central: Any, kiosk: Any
) -> None:
    """Not with a refusal because the first has locked all the funds there are."""
    house = central.house
    assert kiosk.quote().status_code == 200
    asked: dict[str, Any] = {}
    kiosk.post, true_post = lambda _path, message: asked.update(message), kiosk.post
    kiosk.prepare()
    kiosk.post = true_post
    first = PrepareRequest.model_validate(asked)

    def prepare_and_lock_the_rest(session: Any) -> None:
        terms = house.wallet.terms(first.address)
        _prepare(house, session, kiosk.kiosk_id, first, terms)
        house.books.lock(session, "the-rest", house.books.free(session), house.now_ms())

    with uncommitted(central, prepare_and_lock_the_rest) as start:
        repeated = start(lambda: kiosk.post("/v1/transfers", asked))
    answer = repeated.result(DEADLINE_S)
    assert (answer.status_code, answer.json()["state"]) == (200, "prepared")


def test_a_sale_that_its_kiosk_ends_at_last_is_not_ended_by_hand_as_well(
    central: Any, kiosk: Any
) -> None:
    kiosk.quote()
    kiosk.prepare()
    kiosk.credited(20_000)
    kiosk.report()
    central.clock.ms += (UNHEARD_HOURS + 1) * MS_PER_HOUR
    batch = EventBatch.model_validate({"events": [kiosk.finalized(20_000)]})
    with uncommitted(
        central, lambda s: _take_in(central.house, s, kiosk.kiosk_id, batch)
    ) as start:
        by_hand = start(lambda: finalize_by_hand(central.house, "transfer-1", "silent"))
    with pytest.raises(NotOpen, match="does not wait for a silent kiosk"):
        by_hand.result(DEADLINE_S)
    central.work()
    assert len(central.payments()) == 1


def test_what_is_settled_by_hand_counts_a_bill_that_is_just_coming_in(
    central: Any, kiosk: Any
) -> None:
    kiosk.credited(2_000)
    kiosk.finalized(2_000)  # never prepared: a refund is due
    kiosk.report()
    batch = EventBatch.model_validate({"events": [kiosk.credited(5_000)]})
    house = central.house

    def by_hand() -> Any:
        return house.db.run(lambda s: settle(house, s, "transfer-1", "paid in cash"))

    with uncommitted(central, lambda s: _take_in(house, s, kiosk.kiosk_id, batch)) as start:
        settled = start(by_hand)
    assert "70.00 USD credited" in settled.result(DEADLINE_S).text


def overtaken_once(db: Database, work: Callable[[Any], None], rival: Callable[[], None]) -> None:
    """`rival` commits between the work of the first run and its commit."""
    runs: list[int] = []

    def once_overtaken(session: Any) -> None:
        runs.append(1)
        work(session)
        session.flush()
        if len(runs) == 1:
            with ThreadPoolExecutor() as pool:
                pool.submit(rival).result(DEADLINE_S)

    db.run(once_overtaken, serializable=True)


def test_a_key_is_one_kiosks_also_when_two_are_added_at_once(central: Any) -> None:
    db, key = central.house.db, bytes(range(32))

    def add(name: str) -> Callable[[Any], None]:
        return lambda session: register(session, Kiosk, name, key, 0)

    with pytest.raises(InvalidSetup, match="this is the key of kiosk 'kiosk-b'"):
        overtaken_once(db, add("kiosk-a"), lambda: db.run(add("kiosk-b"), serializable=True))


def test_two_wallets_that_start_at_once_do_not_share_the_books(central: Any) -> None:
    db = central.house.db
    for table in (Movement, CreditorAccount, Debtor):  # as before the first start
        db.run(lambda session, table=table: session.execute(sa.delete(table)))
    strangers = replace(central.house, wallet=replace(central.house.wallet, name="other"))

    def begin(house: Any) -> Callable[[Any], None]:
        return lambda session: service._open_books(session, house)

    with uncommitted(central, begin(strangers)) as start:
        second = start(lambda: db.run(begin(central.house)))
    with pytest.raises(InvalidSetup, match="these are the books of wallet practice/other"):
        second.result(DEADLINE_S)


def test_a_commit_is_durable_and_no_wait_is_for_ever(url: str) -> None:
    asleep = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with asleep.connect() as connection:
        name = sa.make_url(url).database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    asleep.dispose()
    db = Database(url)
    for engine in (db.engine, db.workflow_engine):
        with engine.connect() as connection:
            shown = [
                connection.exec_driver_sql(f"SHOW {name}").scalar_one()
                for name in ("synchronous_commit", "lock_timeout")
            ]
        assert shown == ["on", f"{home.LOCK_TIMEOUT_MS // 1_000}s"]
    db.close()
