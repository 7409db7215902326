"""A whole kiosk of real processes, and a customer whose world keeps breaking.

Every part is a process, the devices speak over pseudo-terminals, central pays from a real node where there is
one. The books are compared with what is physically in the cashbox and what the node has paid.
"""

import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from kiosk.journal.verify import verify
from kiosk.screen_link.intents import (
    CancelRequested,
    DismissRequested,
    FinishRequested,
    Intent,
    ScanAgainRequested,
    SendRequested,
    StartRequested,
    TermsAccepted,
    WalletConfirmed,
)
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_demo.customer import Customer
from stater_demo.desk import Desk
from stater_demo.phone import WALLET
from stater_demo.touchscreen import Touchscreen

PATIENCE_S = 40.0
S = ScreenState

# What a customer touches on the way to a given state, and on the way home from any.
ONWARD: dict[ScreenState, Intent] = {
    S.IDLE: StartRequested(),
    S.WARNING: TermsAccepted(),
    S.CONFIRMING_WALLET: WalletConfirmed(),
    S.INSERTING: FinishRequested(),
    S.REVIEWING: SendRequested(),
}
HOME: dict[ScreenState, Intent] = {
    S.WARNING: CancelRequested(),
    S.SCANNING: CancelRequested(),
    S.CONFIRMING_WALLET: CancelRequested(),
    S.QUOTING: CancelRequested(),
    S.PREPARING: CancelRequested(),
    S.REVIEWING: SendRequested(),
    S.PAID: DismissRequested(),
    S.DISPUTED: DismissRequested(),
    S.CANCELLED: DismissRequested(),
}


class Flow:
    """One sale on a desk that outlives it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.address = ""
        self.killed_in = ""  # what the journal says of the process that was cut off
        self.cashbox_before_minor = self.cashbox_minor()
        self.books_before = self.books()
        self.screen = Touchscreen(desk.socket)

    def close(self) -> None:
        self.screen.close()

    # --- what the customer does

    def customer(self) -> Customer:
        return Customer(self.desk, self.screen, lambda _said: None)

    def reach(self, state: ScreenState) -> None:
        """By the customer's own steps; a sale that has not begun begins."""
        self.wait(lambda s: s.state is not S.OUT_OF_SERVICE)
        while (shown := self.screen.latest) is not None and not self._is_at(shown, state):
            if shown.state is S.SCANNING:
                self.show_phone()
            elif shown.state is S.CONFIRMING_WALLET and shown.address != self.address:
                self.screen.touch(ScanAgainRequested())  # the phone of the customer before
            elif shown.state in ONWARD:
                self.screen.touch(ONWARD[shown.state])
            self.wait_past(shown)

    def _is_at(self, shown: Snapshot, state: ScreenState) -> bool:
        reads_another_phone = shown.state is S.CONFIRMING_WALLET and shown.address != self.address
        return shown.state is state and not reads_another_phone

    def show_phone(self) -> None:
        if self.address:
            return
        self.address = self.desk.phone.new_address()
        self.desk.parts["camera"].tell(f"show bitcoin:{self.address}")

    def insert(self, value: int) -> None:
        self.customer().push_into_slot(value)

    def pay_in(self, value: int) -> None:
        """A bill all the way: credited, and the acceptor ready for the next."""
        before_minor = self.screen.latest.cash.credited_minor if self.screen.latest else 0
        self.insert(value)
        self.wait(lambda s: s.cash.credited_minor == before_minor + value * 100)
        self.desk.parts["bill-acceptor"].wait_for("stacked", timeout_s=PATIENCE_S)

    def go_home(self) -> list[ScreenState]:
        """Until the machine is idle again; the states on the way."""
        self.desk.parts["camera"].tell("hide")  # or the idle machine takes it for a sticker
        seen: list[ScreenState] = []
        while True:
            shown = self.screen.latest
            if shown is not None:
                if not seen or seen[-1] is not shown.state:
                    seen.append(shown.state)
                if shown.state in (S.IDLE, S.OUT_OF_SERVICE):
                    return seen
                if (wish := self._wish(shown)) is not None:
                    self.screen.touch(wish)
            self.wait_past(shown)

    def _wish(self, shown: Snapshot) -> Intent | None:
        if shown.state is S.INSERTING:
            return FinishRequested() if shown.can_finish else CancelRequested()
        return HOME.get(shown.state)

    def wait(self, wanted: Callable[[Snapshot], bool], timeout_s: float = PATIENCE_S) -> Snapshot:
        give_up_s = time.monotonic() + timeout_s
        while time.monotonic() < give_up_s:
            shown = self.screen.latest
            if shown is not None and wanted(shown):
                return shown
            time.sleep(0.01)
        raise AssertionError(f"still {self.screen.latest}")

    def receipt(self, claim_code: str) -> str:
        """This sale's. That of the one before may have come out only now."""
        while True:
            event = self.desk.parts["printer"].wait_for("receipt", timeout_s=PATIENCE_S)
            text = Path(event["txt"]).read_text(encoding="utf-8")
            if claim_code in text:
                return text

    def wait_for(self, *states: ScreenState) -> Snapshot:
        return self.wait(lambda s: s.state in states)

    def wait_past(self, seen: Snapshot | None) -> None:
        """Until the screen shows another state, or something within it has changed."""
        timeless = {"deadline": None, "quote": None}
        known = seen.model_copy(update=timeless) if seen else None
        self.wait(lambda s: s.model_copy(update=timeless) != known)

    # --- what breaks

    def cut_core_in(self, state: ScreenState, wish: Intent) -> None:
        """SIGKILL the moment this state is shown, however short it is; `wish` leads there."""
        with socket.socket(socket.AF_UNIX) as eye:
            eye.connect(str(self.desk.socket))
            self.screen.touch(wish)
            for line in eye.makefile("rb"):
                if Snapshot.model_validate_json(line).state is state:
                    break
            self.cut_core()

    def cut_core(self) -> None:
        """SIGKILL, and a new process on what the old one left."""
        self.desk.cut_power()
        self.screen.close()
        with closing(sqlite3.connect(f"file:{self.desk.database}?mode=ro", uri=True)) as db:
            (self.killed_in,) = db.execute("SELECT state FROM core_state").fetchone()
        self.desk.start_core()
        self.screen = Touchscreen(self.desk.socket)

    # --- what must be true

    def cashbox_minor(self) -> int:
        acceptor = self.desk.parts["bill-acceptor"]
        acceptor.tell("status")
        return int(acceptor.wait_for("status", timeout_s=PATIENCE_S)["cashbox"]["total"]) * 100

    def books(self) -> dict[str, int]:
        database = self.desk.database
        if not database.exists():
            return {}
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            return dict(
                db.execute(
                    "SELECT coalesce(outcome, 'in_transit'), sum(value_minor) FROM bill GROUP BY 1"
                )
            )

    def check(self) -> dict[str, int]:
        """The books of this sale, after comparing them with the journal, the cashbox and the node."""
        assert verify(self.desk.database).findings == ()
        after = self.books()
        books = {k: after[k] - self.books_before.get(k, 0) for k in after}
        stacked_minor = self.cashbox_minor() - self.cashbox_before_minor
        sure_minor = books.get("credited", 0) + books.get("unattributed", 0)
        assert not books.get("in_transit"), f"a bill without an end: {books}"
        assert sure_minor <= stacked_minor <= sure_minor + books.get("disputed", 0), books
        self.check_paid(books.get("credited", 0))
        return {kind: minor for kind, minor in books.items() if minor}

    def check_paid(self, credited_minor: int) -> None:
        """The wallet that was scanned holds one payment of the right amount, or none."""
        if self.desk.node is None or not self.address:
            return
        wanted = Decimal(expected_base_units(credited_minor)).scaleb(-8)
        give_up_s = time.monotonic() + PATIENCE_S
        while (payments := self.payments()) != ([wanted] if credited_minor else []):
            assert time.monotonic() < give_up_s, f"{payments}, and not {wanted}"
            time.sleep(0.1)

    def payments(self) -> list[Decimal]:
        assert self.desk.node is not None
        entries = self.desk.node.rpc("listtransactions", "*", 1000, wallet=WALLET)
        return [e["amount"] for e in entries if e.get("address") == self.address]


def expected_base_units(credited_minor: int) -> int:
    """By hand: the demo's price of 60,000.00, 5 % mark-up, 1.00 fee."""
    return (credited_minor - 100) * 10**8 // 6_300_000
