"""Whatever the customer, the device, central and the power do, in any order: no bill is lost, none invented.

The device here is the mechanics alone, on the core's own events: where each bill physically is. The books
are held against it after every step.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drivers.bill_acceptor import commands, events
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode
from kiosk.journal.verify import verify
from kiosk.screen_link import intents
from kiosk.session.events import CentralLost, CentralReached, Event
from kiosk.session.states import State
from kiosk.sync.asker import WatchTransfer
from kiosk_bench import DENOMINATIONS, Bench
from kiosk_wire.messages import PrepareRequest, QuoteRequest

WITHOUT_CODE = """
SELECT count(*) FROM bill WHERE outcome IN ('disputed', 'unattributed') AND NOT EXISTS (
    SELECT 1 FROM outbox WHERE kind = 'session_started' AND outbox.session_id = bill.session_id)
"""


class PowerCut(Exception):
    pass


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self.folder.name))
        self.escrow: Bill | None = None
        self.unacknowledged: Bill | None = None
        self.driver_saw_escrow = True
        self.cashbox_minor = 0
        self.given_back_minor = 0
        self.bench.start()

    def teardown(self) -> None:
        assert verify(self.bench.store.path).findings == ()
        self.bench.store.close()
        self.folder.cleanup()

    def tell(self, *happenings: Event) -> None:
        for event in happenings:
            try:
                self.bench.send(event)
            except PowerCut:
                self.restart(vouches=True)

    def restart(self, *, vouches: bool) -> None:
        """The driver of the new process meets the device as it is."""
        self.driver_saw_escrow = False
        self.bench.restart(ready=False)
        self.meet_device(vouches=vouches)

    def meet_device(self, *, vouches: bool) -> None:
        if self.unacknowledged:
            self.tell(events.BillStacked(None))
        elif self.escrow:
            self.tell(events.BillEscrowed(self.escrow))
        else:
            self.tell(events.AcceptorReady(DENOMINATIONS, vouches=vouches, firmware=""))

    def pop_command(self, *kinds: type) -> bool:
        """Has the core commanded this since we last looked?"""
        found = any(isinstance(c, kinds) for c in self.bench.ports.acceptor)
        self.bench.ports.acceptor = [
            c for c in self.bench.ports.acceptor if not isinstance(c, kinds)
        ]
        return found

    # --- the customer

    @rule(
        intent=st.sampled_from(
            [
                intents.StartRequested(),
                intents.TermsAccepted(),
                intents.WalletConfirmed(),
                intents.FinishRequested(),
                intents.SendRequested(),
                intents.InsertMoreRequested(),
                intents.CancelRequested(),
                intents.DismissRequested(),
            ]
        )
    )
    def touch(self, intent: intents.Intent) -> None:
        self.tell(intent)

    @precondition(lambda self: self.bench.state == "idle")
    @rule()
    def sale_up_to_the_slot(self) -> None:
        self.tell(CentralReached("regtest"))
        if self.bench.screen.state == "idle":
            try:
                self.bench.prepare()
            except PowerCut:
                self.restart(vouches=True)

    @precondition(lambda self: self.escrow is None and self.unacknowledged is None)
    @rule(bill=st.sampled_from(DENOMINATIONS))
    def insert(self, bill: Bill) -> None:
        """At any time: a bill can slip in while the slot is closing."""
        self.escrow = bill
        self.driver_saw_escrow = True
        self.tell(events.BillAccepting(), events.BillEscrowed(bill))

    # --- the device

    @precondition(lambda self: self.escrow is not None)
    @rule()
    def obey(self) -> None:
        bill = self.escrow
        if self.pop_command(commands.Stack):
            self.escrow, self.unacknowledged = None, bill
            self.cashbox_minor += bill.value_minor
            self.tell(events.BillStacked(bill if self.driver_saw_escrow else None))
        elif self.pop_command(commands.Return):
            self.give_back()

    @precondition(lambda self: self.escrow is not None)
    @rule()
    def give_back(self) -> None:
        """By command, or because the host took too long."""
        bill = self.escrow
        self.escrow = None
        self.given_back_minor += bill.value_minor
        self.tell(events.BillReturned(bill if self.driver_saw_escrow else None))

    @precondition(lambda self: self.unacknowledged is not None)
    @rule()
    def hear_acknowledgement(self) -> None:
        if self.pop_command(commands.AcknowledgeCredit):
            self.unacknowledged = None
            self.tell(events.CreditSettled())

    @precondition(lambda self: self.unacknowledged is not None)
    @rule()
    def repeat_credit(self) -> None:
        self.tell(events.BillStacked(self.unacknowledged if self.driver_saw_escrow else None))

    @rule(code=st.sampled_from([FaultCode.STACKER_JAM, FaultCode.ACCEPTOR_JAM]))
    def jam(self, code: FaultCode) -> None:
        self.tell(events.AcceptorFault(code, ""), events.AcceptorFaultCleared(code))

    @rule(forgets=st.booleans())
    def lose_device_power(self, *, forgets: bool) -> None:
        """Some devices forget an unacknowledged credit with their power."""
        if self.escrow:
            self.given_back_minor += self.escrow.value_minor
            self.escrow = None
        if forgets:
            self.unacknowledged = None
        self.tell(events.AcceptorLost(FaultCode.ACCEPTOR_SILENT, ""), events.PoweredUp("nowhere"))
        self.meet_device(vouches=False)

    @rule()
    def pull_the_plug(self) -> None:
        self.tell(events.AcceptorLost(FaultCode.ACCEPTOR_MISSING, ""))
        self.meet_device(vouches=True)

    # --- central, clock and power

    @rule()
    def central_answers(self) -> None:
        match self.bench.ports.question:
            case QuoteRequest():
                self.tell(self.bench.quote())
            case PrepareRequest():
                self.tell(self.bench.prepared())
            case WatchTransfer():
                self.tell(self.bench.paid())

    @rule()
    def central_is_lost(self) -> None:
        self.tell(CentralLost(""))

    @rule()
    def time_passes(self) -> None:
        try:
            self.bench.pass_s(200)
        except PowerCut:
            self.restart(vouches=True)

    @rule()
    def core_is_killed(self) -> None:
        self.restart(vouches=True)

    @rule()
    def core_is_killed_after_the_next_commit(self) -> None:
        """Committed, and nothing of it has left."""

        def cut(command: object) -> None:
            raise PowerCut

        self.bench.ports.command_acceptor = cut

    # --- what must hold

    @invariant()
    def the_books_are_true(self) -> None:
        books = self.bench.store.cash_equation()
        unsure = books.disputed_minor + books.in_transit_minor
        sure_in_box = books.credited_minor + books.unattributed_minor
        in_escrow = self.escrow.value_minor if self.escrow else 0
        assert books.holds
        assert sure_in_box <= self.cashbox_minor <= sure_in_box + unsure
        assert books.returned_minor <= self.given_back_minor <= books.returned_minor + unsure
        assert books.inserted_minor == self.cashbox_minor + self.given_back_minor + in_escrow

    @invariant()
    def every_bill_in_doubt_has_a_claim_code(self) -> None:
        with closing(sqlite3.connect(self.bench.store.path)) as db:
            (without,) = db.execute(WITHOUT_CODE).fetchone()
        assert without == 0

    @invariant()
    def a_customer_whose_bill_is_in_doubt_is_not_sent_away_without_the_code(self) -> None:
        sale, state = self.bench.core.memory.sale, self.bench.core.state
        if sale and sale.disputed_bills and state in (State.PAID, State.QUEUED, State.DISPUTED):
            assert self.bench.screen.claim_code == sale.claim_code
            assert sale.receipt != "none"

    @invariant()
    def the_payout_is_what_was_credited(self) -> None:
        sale = self.bench.core.memory.sale
        if sale and self.bench.core.state in (State.PAYING, State.PAID, State.QUEUED):
            assert sale.finalized
            assert 0 < sale.credited_minor <= sale.limit_minor


AnyOrder.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestAnyOrder = AnyOrder.TestCase
