"""A disk that is full for a moment stops no payout and no watch for good."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from disbursement.api.app import build_app
from disbursement.config import Config, ServerSection
from disbursement.database import TRIES_MAX, Database
from disbursement.kiosks.models import Kiosk
from disbursement.sales import payments, payouts, watch
from disbursement.sales.models import Payout
from disbursement.service import open_house
from disbursement.speakers.registering import register
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.wallet import Block

DEADLINE_S = 30


def full_disk() -> OperationalError:
    return OperationalError("UPDATE payouts", {}, Exception("database or disk is full"))


def sell(kiosk: Any, cash_minor: int = 20_000) -> None:
    assert kiosk.quote().status_code == 200
    assert kiosk.prepare().status_code == 200
    kiosk.credited(cash_minor)
    kiosk.finalized(cash_minor)
    assert kiosk.report().status_code == 200


class Passes(threading.Event):
    """So many passes of the watch without a pause, then told to stop."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def wait(self, _timeout_s: float | None = None) -> bool:
        self.left -= 1
        if self.left == 0:
            self.set()
        return self.is_set()


@pytest.mark.parametrize("failure", [full_disk(), RuntimeError("never thought of")])
def test_whatever_ends_one_pass_of_the_watch_the_next_goes_on(
    central: Any,
    kiosk: Any,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sell(kiosk)
    [(transfer_id, number, _)] = central.queue.ordered
    payouts.attempt(central.house, transfer_id, number)
    true_tip, asked = PracticeWallet.tip, []

    def fails_twice(wallet: PracticeWallet) -> Block:
        asked.append(1)
        if len(asked) <= 2:
            raise failure
        return true_tip(wallet)

    monkeypatch.setattr(PracticeWallet, "tip", fails_twice)
    watch.run(central.house, Passes(2))
    assert kiosk.transfer().json()["state"] == "broadcast"
    assert len(caplog.records) == 1  # once, not at every pass
    watch.run(central.house, Passes(1))
    assert kiosk.transfer().json()["state"] == "confirmed"


def test_a_payout_whose_failure_could_not_be_written_down_is_ordered_again(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(kiosk)
    [lost] = central.queue.ordered
    central.queue.ordered.clear()
    true_run, units = Database.run, []

    def full_after_the_first(db: Database, work: Any) -> Any:
        units.append(1)
        if len(units) > 1:  # the first only reads
            raise full_disk()
        return true_run(db, work)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "run", full_after_the_first)
        with pytest.raises(OperationalError):
            payouts.attempt(central.house, *lost[:2])
    central.clock.ms += payouts.OVERDUE_S * 1_000
    central.work()
    assert central.queue.ordered == []  # it may still be running
    central.clock.ms += 1
    central.work()
    [(transfer_id, number, delay_s)] = central.queue.ordered
    assert (transfer_id, number, delay_s) == ("transfer-1", 2, 0)
    assert central.all(Payout)[0].last_error == "attempt 1 left no word"
    payouts.attempt(central.house, *lost[:2])  # it was only slow, and comes too late
    assert central.payments() == []
    central.work()
    assert len(central.payments()) == 1
    assert kiosk.transfer().json()["state"] == "confirmed"
    central.clock.ms += 10 * payouts.OVERDUE_S * 1_000
    central.work()
    assert central.queue.ordered == []  # what is paid is never overdue
    assert central.locked() == 0


def test_what_ails_the_database_is_told_without_its_statements(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise full_disk()

    monkeypatch.setattr(payments, "store", full)
    sell(kiosk)
    central.work()
    assert central.all(Payout)[0].last_error == "database or disk is full"


def test_the_real_engine_pays_after_its_workflow_ended_in_an_error(
    tmp_path: Path, new_kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the attempt is stored, and again when its failure is written down."""
    monkeypatch.setattr(payouts, "OVERDUE_S", 1)
    monkeypatch.setattr(watch, "WATCH_EVERY_S", 0.05)
    true_store, true_again, failures = payments.store, payouts._again, []

    def store(*args: Any) -> None:
        if len(failures) < TRIES_MAX:
            raise full_disk()
        true_store(*args)

    def again(*args: Any, **more: Any) -> None:
        if len(failures) < TRIES_MAX:  # with the last try the workflow ends in an error
            failures.append(1)
            raise full_disk()
        true_again(*args, **more)

    monkeypatch.setattr(payments, "store", store)
    monkeypatch.setattr(payouts, "_again", again)
    with open_house(Config(server=ServerSection(data_dir=tmp_path))) as house:
        kiosk = new_kiosk(house)
        sell(kiosk)
        give_up_s = time.monotonic() + DEADLINE_S
        while kiosk.transfer().json()["state"] != "confirmed":
            assert time.monotonic() < give_up_s, kiosk.transfer().json()
            time.sleep(0.05)
    assert len(failures) == TRIES_MAX


@pytest.fixture
def new_kiosk(kiosk: Any) -> Any:
    """Of the same class as the house's own, for a house that the test opens."""

    def registered(house: Any) -> Any:
        key = Ed25519PrivateKey.generate()
        raw = key.public_key().public_bytes_raw()
        house.db.run(lambda session: register(session, Kiosk, "kiosk-9", raw, house.now_ms()))
        return type(kiosk)(TestClient(build_app(house)), "kiosk-9", key, house.now_ms)

    return registered
