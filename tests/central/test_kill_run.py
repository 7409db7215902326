"""Everything is killed while customers buy; then it comes to rest, and each address holds exactly one payment.

What was paid is read from the chain itself, block by block; what it should be is worked out here from the cash.
The seed is printed, and taken from KILL_RUN_SEED: it chooses the strokes, and the machine's pace what they hit.
"""

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from central_unit import CentralUnit
from chain_scan import paid_on_chain
from disbursement.accounts.holdings import Holding, holdings
from disbursement.database import Database
from disbursement.sales.models import (
    Payment,
    PaymentVersion,
    Payout,
    PayoutInput,
    TransferChange,
    TransferRow,
)
from disbursement.workers.models import Worker
from disbursement.workflows import migrate
from kill_run import LEASE_S, Customers, KillRun, Sale, funded
from sound_books import all_rows, demand_sound_books
from stater_demo.node import NodeUnavailable, RegtestNode
from stater_demo.postgres import cluster
from stater_demo.postgres_programs import PostgresUnavailable

pytestmark = pytest.mark.node

KIOSKS = 4
BOOKED_WITHIN_S = 30  # the last blocks, which pay the wallet too
CONFIG = """\
[server]
port = 0
worker_lease_s = {lease_s}
{books}
[price]
source = "fixed"
price = "65000"
[wallet]
kind = "bitcoind"
network = "regtest"
name = "hot"
url = "{node.rpc_url}"
user = "{node.rpc_user}"
password = "{node.rpc_password}"
"""


@dataclass(frozen=True)
class Size:
    payouts: int
    kills: int
    workers: int
    pause_s: float


@pytest.mark.timeout(400)  # a quarter of a minute on a machine that has nothing else to do
@pytest.mark.parametrize("profile", ["sqlite", "postgres"])
def test_twelve_payouts_and_six_kills(
    profile: str, tmp_path: Path, new_kiosk: Callable[..., Any]
) -> None:
    run_and_judge(profile, tmp_path, new_kiosk, Size(12, kills=6, workers=2, pause_s=1.0))


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("profile", ["sqlite", "postgres"])
def test_two_hundred_payouts_and_sixty_kills(
    profile: str, tmp_path: Path, new_kiosk: Callable[..., Any]
) -> None:
    run_and_judge(profile, tmp_path, new_kiosk, Size(200, kills=60, workers=3, pause_s=2.0))


def run_and_judge(profile: str, folder: Path, new_kiosk: Callable[..., Any], size: Size) -> None:
    with world(profile, folder, new_kiosk, size) as (run, db):
        began_s = time.monotonic()
        run.run(size.kills, size.pause_s)
        killed_s = time.monotonic()
        told = run.come_to_rest()
        rested_s = time.monotonic()
        demand_paid_once(run, told)
        demand_at_rest(run, db)
        answers = sum((c.answers for c in run.customers), Counter[int]())
        sys.stdout.write(
            f"{profile}: {size.payouts} payouts; killed {dict(run.killed)}; {run.reorganized} reorganizations; "
            f"{killed_s - began_s:.0f} s, at rest {rested_s - killed_s:.0f} s later; answers {dict(answers)}\n"
        )


@contextmanager
def world(
    profile: str, folder: Path, new_kiosk: Callable[..., Any], size: Size
) -> Iterator[tuple[KillRun, Database]]:
    seed = int(os.environ.get("KILL_RUN_SEED") or random.SystemRandom().randrange(10**6))
    sys.stdout.write(f"seed {seed}\n")
    with ExitStack() as closing:
        try:
            node = funded(RegtestNode.launch(folder / "node"))
            running = closing.enter_context(cluster()) if profile == "postgres" else None
        except (NodeUnavailable, PostgresUnavailable) as missing:
            pytest.skip(f"NOT TESTED: {missing}")
        if running is None:
            url, books = (
                f"sqlite:///{folder / 'central.db'}",
                f"data_dir = {json.dumps(str(folder))}",
            )
            words = [["serve"]]
        else:
            url = running.create("books")
            books = f"database = {json.dumps(url)}"
            words = [["serve", "--no-worker"]] * 2 + [["worker"]] * size.workers
        db = Database(url)
        closing.callback(db.close)
        db.migrate()
        migrate(db)
        config_file = folder / "central.toml"
        config_file.write_text(CONFIG.format(books=books, node=node, lease_s=LEASE_S))
        units = [CentralUnit(config_file, *each) for each in words]
        for unit in units:
            closing.callback(unit.end)
        customers = [
            Customers(
                new_kiosk(
                    db, closing.enter_context(httpx2.Client(trust_env=False)), f"kiosk-{number}"
                ),
                units[:2],
                sales_of(node, number, size.payouts),
            )
            for number in range(KIOSKS)
        ]
        run = KillRun(seed, node, running, units, customers)
        try:
            yield run, db
        finally:
            run.node.kill()


def sales_of(node: RegtestNode, kiosk: int, payouts: int) -> list[Sale]:
    """Each for another amount, so that no payment could hide behind another's."""
    return [
        Sale(f"{number}", str(node.rpc("getnewaddress", wallet="customers")), 5_000 + 100 * number)
        for number in range(kiosk, payouts, KIOSKS)
    ]


def bought(cash_minor: int) -> int:
    """2.00 are the fee, and a coin costs 65,000.00 and 5 %."""
    return (cash_minor - 200) * 10**8 // 6_825_000


def demand_paid_once(run: KillRun, told: dict[str, dict[str, Any]]) -> None:
    sales = [sale for customers in run.customers for sale in customers.sales]
    paid = paid_on_chain(run.node)
    assert {sale.address: paid.pop(sale.address) for sale in sales} == {
        sale.address: [bought(sale.cash_minor)] for sale in sales
    }
    for address in paid:
        assert run.node.rpc("getaddressinfo", address, wallet="hot")["ischange"] is True
    for sale in sales:
        assert told[sale.name]["amount_base_units"] == bought(sale.cash_minor)


def balances_of(db: Database) -> dict[str, Holding]:
    return {each.name.partition(":")[0]: each for each in db.run(holdings)}


def demand_at_rest(run: KillRun, db: Database) -> None:
    assert run.node.rpc("listlockunspent", wallet="hot") == []
    in_wallet = int(run.node.rpc("getbalances", wallet="hot")["mine"]["trusted"] * 10**8)
    give_up_s = time.monotonic() + BOOKED_WITHIN_S
    while balances_of(db)["wallet"].balance != in_wallet and time.monotonic() < give_up_s:
        time.sleep(0.2)
    run.stop()
    demand_sound_books(db)
    balances = balances_of(db)
    assert balances["wallet"].balance == in_wallet
    assert (balances["wallet"].locks, balances["in_flight"].balance) == (0, 0)
    assert {row.state for row in all_rows(db, TransferRow)} == {"confirmed"}
    live = {payment.payment_id for payment in all_rows(db, Payment)}
    assert {payout.payment_id for payout in all_rows(db, Payout)} == live
    assert {version.payment_id for version in all_rows(db, PaymentVersion)} == live
    sent = {version.payment_id for version in all_rows(db, PaymentVersion) if version.is_sent}
    assert sent == live
    assert {taken.payment_id for taken in all_rows(db, PayoutInput)} == live
    signed = sa.select(TransferChange.transfer_id).where(TransferChange.state == "signed")
    assert sorted(db.run(lambda session: list(session.scalars(signed)))) == sorted(
        row.transfer_id for row in all_rows(db, TransferRow)
    )
    assert all_rows(db, Worker) == []
