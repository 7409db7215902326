"""One database for all tests of the accounts; each has a debtor of its own in it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from accounts_bench import AccountsBench
from disbursement.accounts.protocol.debtors import Terms
from disbursement.database import Database

ON_POSTGRES_TOO = {
    "test_database",
    "test_forgetting",
    "test_removing",
    "test_wide",
    "test_lossy_line",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where the database has a part in it, on both; the other rules are the same Python on either."""
    if "accounts_db" in metafunc.fixturenames:
        name = metafunc.module.__name__.rpartition(".")[2]
        kinds = ["sqlite", "postgres"] if name in ON_POSTGRES_TOO else ["sqlite"]
        metafunc.parametrize("accounts_db", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def accounts_db(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    if request.param == "postgres":
        db = Database(request.getfixturevalue("postgres").create("accounts"))
    else:
        db = Database(f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'central.db'}")

        @sa.event.listens_for(db.engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:  # no power is cut here
            connection.execute("PRAGMA synchronous=OFF")

    db.migrate()
    yield db
    db.close()


@pytest.fixture
def open_bench(accounts_db: Database) -> Iterator[Callable[..., AccountsBench]]:
    """Whatever a test does to them, the books are sound at its end."""
    opened: list[AccountsBench] = []

    def start(issued: int | None = None, **terms: Any) -> AccountsBench:
        limit = {} if issued is None else {"issued": issued}
        opened.append(AccountsBench.open(accounts_db, Terms(**terms), **limit))
        return opened[-1]

    yield start
    for bench in opened:
        bench.demand_sound_books()
        bench.close()


@pytest.fixture
def bench(open_bench: Callable[..., AccountsBench]) -> AccountsBench:
    return open_bench()
