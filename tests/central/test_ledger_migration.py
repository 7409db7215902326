"""Books of when the wallet had a ledger of its own: nothing of it is lost, and what was promised is paid."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts_bench import ALICE, BOB, AccountsBench
from disbursement import database
from disbursement.accounts.holdings import holdings
from disbursement.accounts.protocol.limits import WALLET_DEBTOR
from disbursement.accounts.protocol.models import CreditorAccount, Movement, TransferLock
from disbursement.database import Database
from disbursement.errors import InvalidSetup
from sound_books import all_rows, demand_sound_books

IGNORED = {"movement_id", "transfer_id"}  # numbers of their own
LOCK = ("coordinator_id", "coordinator_request_id", "amount", "state", "committed", "recipient_id")


def movements(db: Database) -> list[dict[str, Any]]:
    names = [column.name for column in sa.inspect(Movement).columns if column.name not in IGNORED]
    found = ({name: getattr(row, name) for name in names} for row in all_rows(db, Movement))
    return sorted(found, key=lambda values: (values["debtor_id"], values["note"], str(values)))


def locks(db: Database) -> list[tuple[Any, ...]]:
    return [tuple(getattr(lock, name) for name in LOCK) for lock in all_rows(db, TransferLock)]


def sold(kiosk: Any, name: str, cash_minor: int) -> None:
    kiosk.quote(name)
    kiosk.prepare(name)
    if cash_minor:
        kiosk.credited(cash_minor, name)
    kiosk.finalized(cash_minor, name)
    kiosk.report()


def test_balances_open_locks_and_history_are_as_before(
    central: Any, kiosk: Any, books_of: Any
) -> None:
    sold(kiosk, "1", 2_000)
    central.work()  # paid
    sold(kiosk, "2", 5_000)  # promised
    sold(kiosk, "3", 0)  # dismissed
    kiosk.quote("4")
    assert kiosk.prepare("4").status_code == 200
    house, now_ms = central.house, central.clock.ms
    books = replace(house.books, gas_coin="ETH")
    for step in (
        lambda session: books.open(session, now_ms),
        lambda session: books.see_gas(session, 1_000, now_ms),
        lambda session: books.change_gas_fee(session, 0, 21, now_ms),
        lambda session: books.see_gas(session, 900, now_ms),
    ):
        house.db.run(step)
    party = AccountsBench.open(house.db)
    party.open_accounts(alice=500, bob=0)
    party.pay(ALICE, BOB, 20)
    party.lock(most=7)
    central.demand_sound_books()
    db = books_of("0020")
    db.migrate()
    assert db.run(holdings) == house.db.run(holdings)
    assert len(db.run(holdings)) == 8
    assert movements(db) == movements(house.db)
    assert locks(db) == locks(house.db)
    assert {lock[3] for lock in locks(db)} == {"prepared", "finalized"}
    demand_sound_books(db)
    tables = set(sa.inspect(db.engine).get_table_names())
    assert not tables & {"accounts", "holds", "postings"}
    demand_usable(db, books, now_ms)


def demand_usable(db: Database, books: Any, now_ms: int) -> None:
    """What is locked can be committed, once; what is done is not done again; what is new is not mistaken for the old."""
    before = {each.name: each for each in db.run(holdings)}
    [lock] = [
        lock
        for lock in all_rows(db, TransferLock)
        if (lock.debtor_id, lock.state) == (WALLET_DEBTOR, "prepared")
    ]
    db.run(lambda session: books.promise(session, "transfer-4", lock.amount, now_ms))
    for name in ("transfer-2", "transfer-3", "transfer-4"):
        with pytest.raises(LookupError):
            db.run(lambda session, name=name: books.promise(session, name, 1, now_ms))
    [paid] = [m for m in all_rows(db, Movement) if m.coordinator_type == "paid"]
    with pytest.raises(IntegrityError):
        db.run(lambda s: books.paid(s, paid.note, amount=1, fee=0, at_ms=now_ms))
    db.run(lambda session: books.lock(session, "transfer-5", 1_000, now_ms))
    db.run(lambda session: books.promise(session, "transfer-5", 1_000, now_ms))
    after = {each.name: each for each in db.run(holdings)}
    in_flight = books.account("in_flight")
    assert after[in_flight].balance == before[in_flight].balance + lock.amount + 1_000
    assert sum(each.locks for each in after.values()) == 0
    demand_sound_books(db)


def test_books_without_a_wallet_yet_are_migrated(homes: Any, tmp_path: Path) -> None:
    """`central kiosk add` begins them before the first start."""
    db = Database(homes.empty_url(tmp_path))
    db.migrate()
    assert all_rows(db, CreditorAccount) == []
    db.close()


def test_who_uses_such_an_id_already_is_told(
    homes: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(homes.empty_url(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(database, "HEAD", "0020")
        db.migrate()
    numbers = itertools.repeat(0)
    with db.engine.begin() as connection:
        debtors = sa.Table("debtors", sa.MetaData(), autoload_with=connection)
        blank = {
            c.name: "" if c.type.python_type is str else next(numbers) for c in debtors.columns
        }
        connection.execute(debtors.insert(), blank | {"wide": True, "debtor_id": WALLET_DEBTOR})
    with pytest.raises(InvalidSetup, match="are central's own"):
        db.migrate()
    db.close()
