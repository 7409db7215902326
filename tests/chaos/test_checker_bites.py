"""The checker bites: break one rule of the product, and a life soon shows it."""

from collections.abc import Callable

import pytest

import kiosk.core.core as core_module
from disbursement.sales import payouts
from kiosk.session import bill_actions, guards
from kiosk.session.machine import SessionMachine
from kiosk.session.states import State
from kiosk.session.table import ROWS, Row
from stater_chaos.life import live

SEEDS = range(200)


def test_credit_at_escrow(monkeypatch):
    def too_early(row: Row) -> Row:
        if row.guard is not guards.bill_fits:
            return row
        both = (bill_actions.decide_to_stack, bill_actions.credit_bill)
        return row._replace(actions=both, target=State.INSERTING)

    with_rows(monkeypatch, too_early)
    assert "claimed" in first_violation()


def test_act_before_write(monkeypatch):
    write = core_module.Core._write

    def act_first(self, turn, before, *, taken):
        for act in turn.acts:
            self._perform(act)
        turn.acts.clear()
        write(self, turn, before, taken=taken)

    monkeypatch.setattr(core_module.Core, "_write", act_first)
    assert "in no book" in first_violation()


def test_forget_the_dedupe(monkeypatch):
    monkeypatch.setattr(
        core_module,
        "SessionMachine",
        lambda state: SessionMachine(
            state, tuple(row for row in ROWS if row.guard is not guards.credit_is_a_repeat)
        ),
    )
    assert "claimed" in first_violation()


def test_pay_without_storing(monkeypatch):
    sign = payouts._sign

    def send_first(house, row):
        class Eager:
            def sign(self, *args):
                signed = house.wallet.sign(*args)
                house.wallet.broadcast(signed.raw, signed.txid)
                return signed

        sign(replace_wallet(house, Eager()), row)

    monkeypatch.setattr(payouts, "_sign", send_first)
    assert "stored is" in first_violation()


def test_forget_the_doubt(monkeypatch):
    """A device that lost its power with our bill inside is believed when it shows no trace of it."""
    never = dict.fromkeys((guards.device_cannot_vouch, guards.unvouched_beside_credit))
    monkeypatch.setattr(
        core_module,
        "SessionMachine",
        lambda state: SessionMachine(state, tuple(row for row in ROWS if row.guard not in never)),
    )
    assert first_violation()


def with_rows(monkeypatch, change: Callable[[Row], Row]) -> None:
    rows = tuple(change(row) for row in ROWS)
    monkeypatch.setattr(core_module, "SessionMachine", lambda state: SessionMachine(state, rows))


def replace_wallet(house, wallet):
    from dataclasses import replace

    return replace(house, wallet=wallet)


def first_violation() -> str:
    import time
    t = time.time()
    for seed in SEEDS:
        found = live(seed).violation
        if found:
            print(f"seed {seed} {time.time()-t:.0f} s: {found}")
            return found
    pytest.fail(f"no violation in {len(SEEDS)} lives")
