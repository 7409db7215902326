"""Two-phase transfers over HTTP: how many a second, beside the same rows written by bare SQL on the same database.

A transfer is a prepare and a finalize, each answered after its commit is on disk. The service is the real one, a process of its
own, and on PostgreSQL two of them, as in a cluster; the clients share the machine's processors with them and with the
database. Every answer is looked at, and at the end the books are added up.
"""

import itertools
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stater_demo.bare_books import BarePostgres, BareSqlite, Pair
from stater_demo.bench_acceptors import Figures
from stater_demo.part import Part, program
from stater_demo.postgres import cluster
from stater_demo.postgres_programs import PostgresUnavailable
from stater_demo.problem import DemoProblem
from stater_demo.quick_party import QuickParty

FIRST = 2**32  # the first creditor's id
FUNDS = 10**9  # of each account
CLIENTS = (1, 8, 32)
BULK = 1_000
READY_TIMEOUT_S = 60
PARTY = "bench"
FAR = "2099-01-01T00:00:00Z"
Say = Callable[[str], None]
Address = tuple[str, int]


@dataclass(frozen=True)
class Plan:
    seconds: float  # for each row of the table
    accounts: Sequence[int]

    @classmethod
    def of(cls, *, quick: bool) -> "Plan":
        return cls(0.5, (10, 100_000)) if quick else cls(5.0, (10, 100_000))


@dataclass(frozen=True)
class Books:
    name: str
    server: str  # its lines in central.toml
    place: str  # for who writes there directly

    @property
    def is_postgres(self) -> bool:
        return self.place.startswith("postgresql:")

    @property
    def services(self) -> int:
        """From a file, one serves."""
        return 2 if self.is_postgres else 1

    def run(self, *statements: str) -> list[Any]:
        """The last one's rows."""
        rows: list[Any] = []
        connection: Any = (
            psycopg.connect(self.place) if self.is_postgres else sqlite3.connect(self.place)
        )
        with closing(connection), connection:
            for statement in statements:
                found = connection.execute(statement)
                rows = found.fetchall() if found.description else []
        return rows

    def bare(self) -> BarePostgres | BareSqlite:
        return (BarePostgres if self.is_postgres else BareSqlite).open(self.place)


def run(say: Say, *, quick: bool) -> None:
    """Raises DemoProblem when an answer was not what it had to be, or the books do not add up."""
    plan = Plan.of(quick=quick)
    say(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before; {plan.seconds:g} s for each row; "
        f"bulks of {BULK:,}; milliseconds are those of both calls"
    )
    with tempfile.TemporaryDirectory(prefix="stater-bench-") as name:
        folder = Path(name)
        _measure_all(folder / "sqlite", _sqlite(folder / "sqlite"), plan, say)
        try:
            with cluster(is_durable=True) as running:
                version = running.programs.parent.name
                url = running.create("books")
                books = Books(f"PostgreSQL {version}", f"database = {json.dumps(url)}", url)
                _measure_all(folder / "postgres", books, plan, say)
        except PostgresUnavailable as missing:
            say(f"\n!!! NOT MEASURED ON POSTGRESQL: {missing} !!!")
    say(f"\nload {os.getloadavg()[0]:.1f} after")


def _sqlite(folder: Path) -> Books:
    return Books("SQLite", f"data_dir = {json.dumps(str(folder))}", str(folder / "central.db"))


def _measure_all(folder: Path, books: Books, plan: Plan, say: Say) -> None:
    folder.mkdir()
    key = Ed25519PrivateKey.generate()
    with _served(folder, books, key) as addresses:
        for accounts in plan.accounts:
            _open_accounts(books, addresses[0], key, accounts)
            several = f", {books.services} services" * (books.services > 1)
            say(f"\n{books.name}{several}, {accounts:,} accounts")
            say(
                f"{'':<24}{'transfers/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'bare SQL/s':>13}{'ratio':>8}"
            )
            for size, label in ((1, "one by one"), (BULK, "in bulk")):
                for clients in CLIENTS:
                    _measure(books, addresses, key, plan, accounts, size, label, clients, say)
            _add_up(books)


def _measure(  # noqa: PLR0913, PLR0917  # one row of the table
    books: Books,
    addresses: Sequence[Address],
    key: Ed25519PrivateKey,
    plan: Plan,
    accounts: int,
    size: int,
    label: str,
    clients: int,
    say: Say,
) -> None:
    turns = itertools.cycle(addresses)

    def asking(rng: random.Random) -> Iterator[None]:
        with closing(QuickParty(*next(turns), PARTY, key)) as party:
            _transfer(party, _pairs(rng, accounts, 1))
            yield
            while True:
                _transfer(party, _pairs(rng, accounts, size))
                yield

    def writing(rng: random.Random) -> Iterator[None]:
        with closing(books.bare()) as bare:
            yield
            while True:
                pairs = _pairs(rng, accounts, size)
                bare.reserve(pairs)
                bare.settle(pairs)
                yield

    rate, figures = _timed([asking] * clients, plan.seconds, size)
    bare_clients = clients if books.is_postgres else 1  # SQLite has one writer
    bare_rate, _ = _timed([writing] * bare_clients, plan.seconds, size)
    name = f"{label}, {clients} client{'s' * (clients > 1)}"
    say(
        f"{name:<24}{rate:>12,.0f}{figures.p50_ms:>9.1f}{figures.p99_ms:>9.1f}{bare_rate:>13,.0f}"
        f"{rate / bare_rate:>8.2f}"
    )


def _timed(
    works: Sequence[Callable[[random.Random], Iterator[None]]], seconds: float, size: int
) -> tuple[float, Figures]:
    """Transfers a second, and how long each round took. Raises what a client met."""
    took: list[float] = []
    failures: list[Exception] = []
    began = threading.Barrier(len(works) + 1)
    stop = threading.Event()

    def client(work: Callable[[random.Random], Iterator[None]]) -> None:
        rounds = work(random.Random())  # noqa: S311  # whom to pay
        try:
            next(rounds)  # connected, and warm
            began.wait()
            while not stop.is_set():
                began_s = time.perf_counter()
                next(rounds)
                took.append(time.perf_counter() - began_s)
        except Exception as failure:  # noqa: BLE001  # raised below, by who waits
            failures.append(failure)
            began.abort()
        finally:
            rounds.close()  # type: ignore[attr-defined]  # a generator

    threads = [threading.Thread(target=client, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        began.wait()
    except threading.BrokenBarrierError:
        stop.set()
    began_s = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return len(took) * size / (time.perf_counter() - began_s), Figures.of(took)


def _pairs(rng: random.Random, accounts: int, size: int) -> list[Pair]:
    """Between accounts of a debtor, each with a request id that nobody had before."""
    first = rng.getrandbits(62)
    sides = (rng.sample(range(FIRST, FIRST + accounts), 2) for _ in range(size))
    return [(one, other, first + n) for n, (one, other) in enumerate(sides)]


def _transfer(party: QuickParty, pairs: Sequence[Pair]) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    six = '{"debtor_id":1,"creditor_id":%d,"coordinator_type":"direct","coordinator_id":%d,"coordinator_request_id":%d,'
    asked = (
        f'"min_locked_amount":1,"max_locked_amount":1,"recipient":"%d","final_interest_rate_ts":"{FAR}",'
        f'"max_commit_delay":3600,"ts":"{now}"}}'
    )
    prepares = [(six + asked) % (s, s, request, r) for s, r, request in pairs]
    told = _ask(party, "prepare", prepares).split(b'"transfer_id":')[1:]
    if len(told) != len(pairs):
        raise DemoProblem("not every transfer was prepared")
    end = (
        '"transfer_id":%d,"committed_amount":1,"transfer_note_format":"","transfer_note":"",'
        f'"ts":"{now}"}}'
    )
    finalizes = [
        (six + end) % (s, s, request, int(each.partition(b",")[0]))
        for (s, _, request), each in zip(pairs, told, strict=True)
    ]
    told_of = _ask(party, "finalize", finalizes)
    if told_of.count(b'"status_code":"OK"') != len(pairs):
        raise DemoProblem("not every transfer was committed")


def _ask(party: QuickParty, what: str, documents: Sequence[str]) -> bytes:
    if len(documents) == 1:
        return party.post(f"/transfers/{what}", documents[0].encode())
    return party.post(f"/transfers/{what}/bulk", f"[{','.join(documents)}]".encode())


@contextmanager
def _served(folder: Path, books: Books, key: Ed25519PrivateKey) -> Iterator[list[Address]]:
    """Where each service is."""
    config = folder / "central.toml"
    config.write_text(f"[server]\nport = 0\n{books.server}\n")
    raw = key.public_key().public_bytes_raw().hex()
    everybody = ("--debtor", "1", "--creditor", f"{FIRST}..{2**40}")
    for words in (("debtor", "open", "1"), ("party", "add", PARTY, raw, *everybody)):
        command = [program("central"), *words, "--config", config]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise DemoProblem(f"central {words[0]} {words[1]}: {done.stderr.strip()}")
    with ExitStack() as stopping:
        parts = []
        for number in range(books.services):
            command = [program("central"), "serve", "--config", str(config)]
            part = Part(f"central-{number}", command + ["--no-worker"] * (number > 0), folder)
            stopping.callback(part.stop)
            parts.append(part)
        urls = [
            urlsplit(str(p.wait_for("ready", timeout_s=READY_TIMEOUT_S)["url"])) for p in parts
        ]
        yield [(str(url.hostname), int(url.port or 0)) for url in urls]


def _open_accounts(books: Books, address: Address, key: Ed25519PrivateKey, accounts: int) -> None:
    """The first by its messages; the others are copies of it, because opening them is not measured."""
    [(there,)] = books.run(
        "SELECT count(*) FROM creditor_accounts WHERE debtor_id = 1 AND creditor_id > 0"
    )
    if there == 0:
        _open_first(books, address, key)
        there = 1
    columns = [
        name
        for (name,) in books.run(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'creditor_accounts'"
            if books.is_postgres
            else "SELECT name FROM pragma_table_info('creditor_accounts')"
        )
    ]
    copied = ", ".join(f"{FIRST} + n" if name == "creditor_id" else name for name in columns)
    books.run(
        f"WITH RECURSIVE numbers(n) AS (SELECT {there} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {accounts}) "  # noqa: S608
        f"INSERT INTO creditor_accounts ({', '.join(columns)}) SELECT {copied} FROM creditor_accounts, numbers "
        f"WHERE creditor_id = {FIRST}",
        f"UPDATE creditor_accounts SET principal = '{FUNDS}' WHERE debtor_id = 1 AND creditor_id > 0",  # noqa: S608
        f"UPDATE creditor_accounts SET principal = '{-FUNDS * accounts}' WHERE debtor_id = 1 AND creditor_id = 0",  # noqa: S608
    )
    if books.is_postgres:
        with closing(psycopg.connect(books.place, autocommit=True)) as connection:
            connection.execute("VACUUM ANALYZE")


def _open_first(books: Books, address: Address, key: Ed25519PrivateKey) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    same = {"type": "ConfigureAccount", "debtor_id": 1, "negligible_amount": 0, "config_flags": 0}
    asked = [same | {"creditor_id": FIRST, "config_data": "", "ts": now, "seqnum": 1}]
    with closing(QuickParty(*address, PARTY, key)) as party:
        party.post("/messages", json.dumps(asked).encode())
    give_up_s = time.monotonic() + READY_TIMEOUT_S
    while not books.run("SELECT 1 FROM creditor_accounts WHERE debtor_id = 1 AND creditor_id > 0"):
        if time.monotonic() > give_up_s:
            raise DemoProblem("the account was not opened")
        time.sleep(0.1)


def _add_up(books: Books) -> None:
    total = sum(int(p) for (p,) in books.run("SELECT principal FROM creditor_accounts"))
    [(open_locks,)] = books.run("SELECT count(*) FROM transfer_locks WHERE state = 'prepared'")
    locked = sum(int(n) for (n,) in books.run("SELECT locked FROM creditor_accounts"))
    if (total, open_locks, locked) != (0, 0, 0):
        raise DemoProblem(f"the books do not add up: {total}, {open_locks} locks of {locked}")
