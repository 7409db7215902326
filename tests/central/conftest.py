"""A whole central service in the test's process: real HTTP, real signatures, practice wallet, and a real
database: every test that has one runs on SQLite and on PostgreSQL, but for ON_SQLITE_ALONE.

Only the workflow engine is replaced, by a list that the test empties; `test_serve.py` runs the real one.
"""

import contextlib
import hashlib
import json
import secrets
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from central_unit import CENTRAL, ENVIRONMENT
from disbursement import database
from disbursement.accounts.holdings import Holding, holdings
from disbursement.accounts.protocol.limits import RESERVED_DEBTORS_MAX
from disbursement.api.app import build_app
from disbursement.channels.models import Channel as ChannelRow
from disbursement.config import SaleSection, WalletRules
from disbursement.customers.desk import Desk
from disbursement.database import Base, Database
from disbursement.house import House, system_now_ms
from disbursement.kiosks.models import Kiosk as KioskRow
from disbursement.sales import payouts, watch
from disbursement.sales.prices import FixedPriceSource, MarketPrice
from disbursement.speakers.registering import register
from disbursement.wallets.models import PracticePayment
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.wallet import Wallet
from disbursement.workflows import migrate
from kiosk_wire.chain import GENESIS_HASH, event_hash
from kiosk_wire.signing import SpeakerKind, sign_request
from old_ledger import as_before
from sound_books import all_rows, demand_sound_books
from stater_demo.debian import BITCOIND
from stater_demo.node import NodeUnavailable, RegtestNode
from stater_demo.postgres import Cluster, cluster
from stater_demo.postgres_programs import PostgresUnavailable, fetch

TEMPLATE = "books_template"
RENAMED = {"kiosk_id": "speaker_id"}  # columns, since earlier versions
NOW_MS = 1_763_632_800_000
FUNDS = 100_000_000  # one coin
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP 173's example program, for regtest


START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 15


@dataclass
class HandClock:
    ms: int = NOW_MS

    def __call__(self) -> int:
        return self.ms


@dataclass
class ListQueue:
    """Attempts ordered and not yet made. Unlike the real one it forgets a rollback's; the tests that
    need that run the real one."""

    ordered: list[tuple[str, int, float]] = field(default_factory=list)

    def enqueue(self, session: Session, transfer_id: str, number: int, delay_s: float) -> None:
        entry = (transfer_id, number, delay_s)
        sa.event.listen(
            session, "after_commit", lambda _session: self.ordered.append(entry), once=True
        )


@dataclass
class Kiosk:
    """A kiosk seen from central: signs requests, numbers and chains its events."""

    client: TestClient
    kiosk_id: str
    key: Ed25519PrivateKey
    now_ms: Callable[[], int]
    coin: str = "BTC"
    events: list[dict[str, Any]] = field(default_factory=list)
    kind: SpeakerKind = SpeakerKind.KIOSK

    def send(
        self, method: str, path: str, message: Any = None, *, idempotency_key: str | None = None
    ) -> Any:
        body = b"" if message is None else json.dumps(message).encode()
        headers = {"content-type": "application/json"}
        if idempotency_key is not None:
            headers["idempotency-key"] = f'"{idempotency_key}"'
        request = self.client.build_request(method, path, content=body, headers=headers)
        self.sign(request, body)
        return self.client.send(request)

    def sign(self, request: httpx2.Request, body: bytes) -> None:
        sign_request(
            request,
            key_id=self.kiosk_id,
            private_key=self.key,
            body=body,
            now_ms=self.now_ms(),
            kind=self.kind,
        )

    def post(self, path: str, message: Any) -> Any:
        return self.send("POST", path, message)

    def quote(self, name: str = "1", **changes: Any) -> Any:
        asked = {"quote_id": f"quote-{name:0>4}", "session_id": f"session-{name}"}
        return self.post("/v1/quotes", asked | {"currency": "USD", "coin": self.coin} | changes)

    def prepare(self, name: str = "1", **changes: Any) -> Any:
        asked = {
            "transfer_id": f"transfer-{name}",
            "session_id": f"session-{name}",
            "quote_id": f"quote-{name:0>4}",
            "address": ADDRESS,
            "max_amount_minor": 50_000,
        }
        return self.post("/v1/transfers", asked | changes)

    def transfer(self, name: str = "1") -> Any:
        return self.send("GET", f"/v1/transfers/transfer-{name}")

    def happened(self, kind: str, name: str = "1", **body: Any) -> dict[str, Any]:
        """Write the event into the kiosk's own history; `report` sends it."""
        previous = self.events[-1]["hash"] if self.events else GENESIS_HASH
        seq = len(self.events) + 1
        event = {
            "previous_hash": previous,
            "seq": seq,
            "event_id": f"{self.kiosk_id}-event-{seq}",
            "session_id": f"session-{name}",
            "at_ms": NOW_MS + seq,
            "kind": kind,
            "body": json.dumps(body),
        }
        event["hash"] = event_hash(**event)
        self.events.append(event)
        return event

    def credited(self, value_minor: int, name: str = "1", **changes: Any) -> dict[str, Any]:
        body = {
            "bill_id": f"bill-{self.kiosk_id}-{len(self.events)}",
            "value_minor": value_minor,
            "currency": "USD",
            "transfer_id": f"transfer-{name}",
        }
        return self.happened("bill_credited", name, **(body | changes))

    def finalized(self, committed_minor: int, name: str = "1") -> dict[str, Any]:
        told = {"transfer_id": f"transfer-{name}", "committed_minor": committed_minor}
        return self.happened("transfer_finalized", name, **told)

    def report(self, *events: dict[str, Any]) -> Any:
        return self.post("/v1/events", {"events": events or self.events})


@dataclass
class Channel(Kiosk):
    """A web shop seen from central: it sells as a kiosk does, and says itself what was paid."""

    kind: SpeakerKind = SpeakerKind.CHANNEL

    def post(self, path: str, message: Any, key: str | None = None) -> Any:
        key = key or f"key-{secrets.token_hex(8)}"
        return self.send("POST", path, message, idempotency_key=key)

    def finalize(self, committed_minor: int, name: str = "1", **rest: Any) -> Any:
        path = f"/v1/transfers/transfer-{name}/finalize"
        return self.post(path, {"committed_minor": committed_minor}, **rest)


@dataclass
class CentralProcess:
    """A real `central serve` on a free port of the loopback, or `central worker`; with the real workflow engine."""

    config_file: Path
    process: subprocess.Popen[str]
    ready: dict[str, str]
    client: httpx2.Client

    @classmethod
    def start(
        cls, folder: Path, books: str, config: str = "", words: Sequence[str] = ("serve",)
    ) -> "CentralProcess":
        config_file = folder / "central.toml"
        text = f"[server]\nport = 0\n{books}\n{config}"
        if not config_file.exists() or config_file.read_text() != text:
            config_file.write_text(text)  # not while another start reads the same
        log = (folder / "central.log").open("a")
        process = subprocess.Popen(
            [CENTRAL, *words, "--config", config_file],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=ENVIRONMENT,
        )
        log.close()
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_S)
        line = process.stdout.readline() if readable else ""
        assert line, f"not ready: {(folder / 'central.log').read_text()}"
        ready = json.loads(line)
        client = httpx2.Client(base_url=ready.get("url", ""), trust_env=False)
        return cls(config_file, process, ready, client)

    def kiosk(self, kiosk_id: str = "kiosk-1") -> Kiosk:
        key = Ed25519PrivateKey.generate()
        self.command(
            "kiosk", "add", kiosk_id, "--public-key", key.public_key().public_bytes_raw().hex()
        )
        return Kiosk(self.client, kiosk_id, key, system_now_ms)

    def channel(self, limit_minor: int, channel_id: str = "shop-1") -> Channel:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw().hex()
        self.command("channel", "add", channel_id, public, "--limit-minor", str(limit_minor))
        return Channel(self.client, channel_id, key, system_now_ms)

    def command(self, *words: str) -> str:
        command = [CENTRAL, *words, "--config", self.config_file]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def end(self, signal_number: int) -> int:
        self.process.send_signal(signal_number)
        status = self.process.wait(STOP_TIMEOUT_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.client.close()
        return status


def registered(
    db: Database,
    client: Any,
    kiosk_id: str = "kiosk-1",
    now_ms: Callable[[], int] = system_now_ms,
) -> Kiosk:
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes_raw()
    db.run(lambda session: register(session, KioskRow, kiosk_id, raw, now_ms()))
    return Kiosk(client, kiosk_id, key, now_ms)


@dataclass
class Central:
    house: House
    clock: HandClock
    queue: ListQueue
    client: TestClient

    def kiosk(self, kiosk_id: str = "kiosk-1") -> Kiosk:
        kiosk = registered(self.house.db, self.client, kiosk_id, self.clock)
        kiosk.coin = self.house.wallet.coin
        return kiosk

    def channel(self, limit_minor: int = 0, channel_id: str = "shop-1") -> Channel:
        key = Ed25519PrivateKey.generate()
        raw = key.public_key().public_bytes_raw()

        def add(session: Session) -> None:
            row = register(session, ChannelRow, channel_id, raw, self.clock())
            row.limit_minor = limit_minor

        self.house.db.run(add)
        return Channel(self.client, channel_id, key, self.clock)

    def work(self) -> None:
        """Make the attempts ordered, once each, and look at the chain."""
        ordered, self.queue.ordered = self.queue.ordered, []
        for transfer_id, number, _delay_s in ordered:
            payouts.attempt(self.house, transfer_id, number)
        watch.watch(self.house)

    def all(self, model: type[Any]) -> list[Any]:
        return all_rows(self.house.db, model)

    def payments(self) -> list[tuple[str, int]]:
        return [(paid.address, paid.amount) for paid in self.all(PracticePayment)]

    def holdings(self) -> dict[str, Holding]:
        return {each.name.partition(":")[0]: each for each in self.house.db.run(holdings)}

    def balances(self) -> dict[str, int]:
        return {name: each.balance for name, each in self.holdings().items()}

    def locked(self) -> int:
        return sum(each.locked for each in self.holdings().values())

    def demand_sound_books(self) -> None:
        demand_sound_books(self.house.db)


# What is asked in these is the same whatever keeps the books, and to ask it twice would take minutes.
ON_SQLITE_ALONE = {
    "test_cases",
    "test_node",
    "test_nobody_speaks_for_another",
    "test_one_whose_work_fails_takes_no_other_with_it",
    "test_pages_follow_each_other",
    "test_parties_get_the_answers_that_are_documented",
    "test_too_much_that_waits_is_refused",
    "test_what_is_too_much_is_refused",
    "test_who_is_not_a_party_is_refused",
    "test_who_no_longer_waits_has_not_asked_and_holds_up_nobody",
    "test_bounds",
    "test_dead_payments",
    "test_killed_twice_each_address_is_paid_once",
    "test_by_command_while_the_service_runs",
    "test_by_the_command",
    "test_what_a_killed_service_received_the_next_one_works_off",
    "test_an_office_fetches_the_price_when_it_needs_it",
    "test_a_second_service_on_the_same_books_does_not_start",
    "test_any_order_with_repeats_reaches_the_same_state",
    "test_whatever_a_channel_does_it_never_owes_more_than_its_limit",
    "test_what_is_owed_is_what_went_in_less_what_was_paid_or_settled",
    "test_a_token_that_answers_nothing_pays",
    "test_a_token_that_moved_otherwise_is_for_a_person_and_never_tried_again",
    "test_a_token_that_says_no_is_not_even_signed",
    "test_gas_that_was_not_used_is_not_booked",
    "test_many_payments_use_one_number_each_in_turn",
    "test_a_revert_that_is_reorganized_away_is_a_payment_again",
    "test_what_a_restarted_node_has_forgotten_is_sent_again",
    "test_a_payment_that_the_account_cannot_cover_waits_and_is_sent_once_it_can",
    "test_a_number_that_another_use_of_the_key_took_is_lost_and_its_payout_is_paid_anew",
}
ON_POSTGRES_ALONE = {
    "test_cluster",
    "test_postgres",
    "test_killed_at_any_moment_each_sale_is_committed_and_paid_once",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "homes" not in metafunc.fixturenames:
        return
    names = {metafunc.module.__name__.rpartition(".")[2], metafunc.function.__name__}
    kinds = [] if names & ON_POSTGRES_ALONE else ["sqlite"]
    kinds += [] if names & ON_SQLITE_ALONE else ["postgres"]
    metafunc.parametrize("homes", kinds, indirect=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """A PostgreSQL that is to be fetched is fetched before the clock of a test runs."""
    parameters = [getattr(item, "callspec", None) for item in session.items]
    if any(given and given.params.get("homes") == "postgres" for given in parameters):
        with contextlib.suppress(PostgresUnavailable):  # the fixture tells it
            fetch()


@dataclass
class Homes:
    """Where books are kept, for each folder of a test."""

    cluster: Cluster | None  # of PostgreSQL; without one it is SQLite in the folder
    made: set[str] = field(default_factory=set)

    def url(self, folder: Path, template: str = TEMPLATE) -> str:
        if self.cluster is None:
            return f"sqlite:///{folder / 'central.db'}"
        name = "test_" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        self.made.add(name)
        return self.cluster.create(name, template)

    def empty_url(self, folder: Path) -> str:
        """Without a table."""
        return self.url(folder, "template0")

    def server_lines(self, folder: Path, template: str = TEMPLATE) -> str:
        """As `central.toml` has it, for the same books."""
        if self.cluster is None:
            return f"data_dir = {json.dumps(str(folder))}"
        return f"database = {json.dumps(self.url(folder, template))}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A real PostgreSQL, with a template that has the tables and no row."""
    try:
        with cluster() as running:
            db = Database(running.create(TEMPLATE))
            db.migrate()
            migrate(db)
            db.close()
            yield running
    except PostgresUnavailable as missing:
        warning = f"NOT TESTED ON POSTGRESQL: {missing}"
        sys.stderr.write(f"\n{warning}\n")
        pytest.skip(warning)


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> Iterator[Homes]:
    on_postgres = request.param == "postgres"
    homes = Homes(request.getfixturevalue("postgres") if on_postgres else None)
    yield homes
    for name in homes.made:
        request.getfixturevalue("postgres").drop(name)


@pytest.fixture
def open_central(homes: Homes) -> Iterator[Callable[[Path], Central]]:
    """Start a central service in a folder; again in the same folder, for a restart."""
    opened: list[Database] = []

    def start(
        folder: Path,
        node_wallet: Wallet | None = None,
        rules: SaleSection | None = None,
        paying: WalletRules | None = None,
        desk: Desk | None = None,
    ) -> Central:
        db = Database(homes.url(folder))
        opened.append(db)
        db.migrate()
        clock, queue = HandClock(), ListQueue()
        prices = FixedPriceSource(MarketPrice(6_500_000, "fixed", NOW_MS))
        wallet = node_wallet or PracticeWallet(db, FUNDS)
        house = House(
            db,
            wallet,
            prices,
            rules or SaleSection(),
            queue,
            clock,
            paying or WalletRules(),
            desk=desk,
        )
        db.run(lambda session: house.books.open(session, NOW_MS))
        watch.watch(house)
        return Central(house, clock, queue, TestClient(build_app(house)))

    yield start
    for db in opened:
        db.close()


@pytest.fixture
def new_kiosk() -> Callable[..., Kiosk]:
    return registered


@pytest.fixture
def central(open_central: Callable[[Path], Central], tmp_path: Path) -> Central:
    return open_central(tmp_path)


@pytest.fixture
def books_of(
    central: Central, tmp_path: Path, homes: Homes
) -> Iterator[Callable[[str], Database]]:
    """This central's books as an earlier version would have kept them, as far as it knew: not yet migrated."""
    opened: list[Database] = []

    def build(revision: str) -> Database:
        (tmp_path / revision).mkdir()
        old = Database(homes.empty_url(tmp_path / revision))
        opened.append(old)
        with mock.patch.object(database, "HEAD", revision):
            old.migrate()
        known = sa.MetaData()
        with old.engine.begin() as connection:
            known.reflect(connection)
            for table in known.sorted_tables:
                if table.name not in Base.metadata.tables:
                    continue
                now = Base.metadata.tables[table.name].columns
                names = [c.name for c in table.columns]
                either = ((n, new) for n in names for new in (n, RENAMED.get(n, n)))
                kept = {was: new for was, new in either if new in now}
                demanded = [c for c in table.columns if c.name not in kept and not c.nullable]
                if any(column.foreign_keys for column in demanded):
                    continue  # of what nobody knows any more
                blank = {column.name: column.type.python_type() for column in demanded}
                connection.execute(table.delete())  # what its migration begins with
                shared = sa.select(*(now[name].label(was) for was, name in kept.items()))
                if "debtor_id" in now:
                    shared = shared.where(now["debtor_id"] > RESERVED_DEBTORS_MAX)
                for row in central.house.db.run(lambda s, c=shared: s.execute(c).all()):
                    connection.execute(table.insert(), blank | dict(row._mapping))
            for name, rows in central.house.db.run(as_before).items():
                for values in rows:
                    connection.execute(known.tables[name].insert(), values)
        return old

    yield build
    for old in opened:
        old.close()


@pytest.fixture
def kiosk(central: Central) -> Kiosk:
    return central.kiosk()


@pytest.fixture
def serve(tmp_path: Path, homes: Homes) -> Iterator[Callable[..., CentralProcess]]:
    """Start `central serve` on this test's books; the next call is a restart."""
    started: list[CentralProcess] = []

    def start(config: str = "", *words: str) -> CentralProcess:
        books = homes.server_lines(tmp_path / "books")
        started.append(CentralProcess.start(tmp_path, books, config, words or ("serve",)))
        return started[-1]

    yield start
    for central in started:
        if central.process.poll() is None:
            central.end(signal.SIGKILL)


@pytest.fixture(scope="session")
def node(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RegtestNode]:
    """A real bitcoind on a chain of its own, or the program that is asked for, with a funded wallet `hot` and a
    wallet `customers`."""
    program = getattr(request, "param", BITCOIND)
    try:
        with RegtestNode.start(tmp_path_factory.mktemp("node"), program) as running:
            running.create_wallet("hot")
            running.create_wallet("customers")
            running.fund("hot")
            yield running
    except NodeUnavailable as missing:
        warning = f"NOT TESTED AGAINST A REAL NODE: {missing}"
        sys.stderr.write(f"\n{warning}\n")
        pytest.skip(warning)
