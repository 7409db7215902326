"""The checker bites: break one rule of the product, and within two hundred lives it is found out."""

from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context

import pytest

from disbursement.sales import payouts
from kiosk.core import core
from kiosk.session import bill_actions, guards
from kiosk.session.machine import SessionMachine
from kiosk.session.states import State
from kiosk.session.table import ROWS, Row
from stater_chaos.life import live

SEEDS = range(1, 201)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def change_rows(monkeypatch):
    def change(changed: Callable[[Row], Row | None]) -> None:
        rows = tuple(row for old in ROWS if (row := changed(old)) is not None)
        monkeypatch.setattr(core, "SessionMachine", lambda state: SessionMachine(state, rows))

    return change


def first_violation() -> str:
    """The worlds are those of `bin/bench chaos`; forked, so that the broken rule is broken in them too."""
    with get_context("fork").Pool() as pool:
        for outcome in pool.imap_unordered(live, SEEDS):
            if outcome.violation:
                return outcome.violation
    pytest.fail(f"not one violation in {len(SEEDS)} lives")


def test_credit_at_escrow(change_rows):
    def too_early(row: Row) -> Row:
        if row.guard is not guards.bill_fits:
            return row
        both = (bill_actions.decide_to_stack, bill_actions.credit_bill)
        return row._replace(actions=both, target=State.INSERTING)

    change_rows(too_early)
    assert "claimed" in first_violation()


def test_act_before_write(monkeypatch):
    """The stack command leaves, and then the disk is full, or the power is gone."""
    write = core.Core._write

    def act_first(self, turn, before, *, taken):
        for act in turn.acts:
            self._perform(act)
        turn.acts.clear()
        write(self, turn, before, taken=taken)

    monkeypatch.setattr(core.Core, "_write", act_first)
    assert "in no book" in first_violation()


def test_forget_the_dedupe(change_rows):
    """A credit that the device repeats, because it has not heard us, is booked a second time."""
    change_rows(lambda row: None if row.guard is guards.credit_is_a_repeat else row)
    assert "claimed" in first_violation()


def test_forget_the_doubt(change_rows):
    """A device that lost its power with our bill inside is believed when it shows no trace of it."""
    doubts = (guards.device_cannot_vouch, guards.unvouched_beside_credit)
    change_rows(lambda row: None if row.guard in doubts else row)
    assert "'returned'" in first_violation()  # as the book has it


def test_pay_without_storing(monkeypatch):
    class SendsAtOnce:
        def __init__(self, wallet):
            self.wallet = wallet

        def sign(self, *args):
            signed = self.wallet.sign(*args)
            self.wallet.broadcast(signed.raw, signed.txid)
            return signed

    sign = payouts._sign

    def sign_and_send(house, row):
        sign(replace(house, wallet=SendsAtOnce(house.wallet)), row)

    monkeypatch.setattr(payouts, "_sign", sign_and_send)
    assert "stored is" in first_violation()
