"""The product with one of its rules broken, to see that the checker of the simulation finds it out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from disbursement.sales import payouts
from kiosk.core import core
from kiosk.session import bill_actions, guards
from kiosk.session.machine import SessionMachine
from kiosk.session.states import State
from kiosk.session.table import ROWS, Row
from stater_chaos.life import Outcome, live


def live_with(rule: str, seed: int) -> Outcome:
    """A life of `bin/bench chaos` with that rule broken; in a process of its own."""
    with RULES[rule]():
        return live(seed)


@contextmanager
def credit_at_escrow() -> Iterator[None]:
    def too_early(row: Row) -> Row:
        if row.guard is not guards.bill_fits:
            return row
        both = (bill_actions.decide_to_stack, bill_actions.credit_bill)
        return row._replace(actions=both, target=State.INSERTING)

    with _rows(too_early):
        yield


@contextmanager
def act_before_write() -> Iterator[None]:
    """The stack command leaves, and then the disk is full, or the power is gone."""
    write = core.Core._write

    def act_first(self: Any, turn: Any, before: Any, *, taken: bool) -> None:
        for act in turn.acts:
            self._perform(act)
        turn.acts.clear()
        write(self, turn, before, taken=taken)

    with mock.patch.object(core.Core, "_write", act_first):
        yield


@contextmanager
def forget_the_dedupe() -> Iterator[None]:
    """A credit that the device repeats, because it has not heard us, is booked a second time."""
    with _rows(lambda row: None if row.guard is guards.credit_is_a_repeat else row):
        yield


@contextmanager
def forget_the_doubt() -> Iterator[None]:
    """A device that lost its power with our bill inside is believed when it shows no trace of it."""
    doubts = (guards.device_cannot_vouch, guards.unvouched_beside_credit)
    with _rows(lambda row: None if row.guard in doubts else row):
        yield


@contextmanager
def pay_without_storing() -> Iterator[None]:
    class SendsAtOnce:
        def __init__(self, wallet: Any) -> None:
            self.wallet = wallet

        def __getattr__(self, name: str) -> Any:
            return getattr(self.wallet, name)

        def sign(self, order: Any) -> Any:
            signed = self.wallet.sign(order)
            self.wallet.broadcast(signed.raw, signed.txid)
            return signed

    sign = payouts._sign

    def sign_and_send(house: Any, transfer_id: str) -> None:
        sign(replace(house, wallet=SendsAtOnce(house.wallet)), transfer_id)

    with mock.patch.object(payouts, "_sign", sign_and_send):
        yield


@contextmanager
def _rows(changed: Callable[[Row], Row | None]) -> Iterator[None]:
    rows = tuple(row for old in ROWS if (row := changed(old)) is not None)
    with mock.patch.object(core, "SessionMachine", lambda state: SessionMachine(state, rows)):
        yield


RULES: dict[str, Callable[[], Any]] = {
    rule.__name__: rule
    for rule in (
        credit_at_escrow,
        act_before_write,
        forget_the_dedupe,
        forget_the_doubt,
        pay_without_storing,
    )
}
