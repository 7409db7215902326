"""What must hold after every commit, at every payment and on every screen; and what must hold when all is quiet.

It reads the two databases as anybody could, the device's own tally, and the coins' network; it asks nobody's memory.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kiosk.journal.verify import verify
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_chaos.central_host import CentralHost
from stater_chaos.machine import Machine

PROMISED = (ScreenState.PAYING, ScreenState.QUEUED, ScreenState.PAID)


@dataclass
class Checker:
    central: CentralHost
    on_violation: Callable[[str], None]
    checks: int = 0
    _readers: dict[str, sqlite3.Connection] = field(default_factory=dict)

    def demand(self, holds: object, why: str) -> None:
        self.checks += 1
        if not holds:
            self.on_violation(why)

    def rows(self, database: Any, sql: str, *args: object) -> list[Any]:
        reader = self._readers.get(str(database))
        if reader is None:
            reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
            self._readers[str(database)] = reader
        return reader.execute(sql, args).fetchall()

    def close(self) -> None:
        for reader in self._readers.values():
            reader.close()

    # --- after each commit of a kiosk

    def has_books(self, machine: Machine) -> bool:
        """False while a new kiosk's migrations still run, each with a commit of its own."""
        sql = "SELECT 1 FROM sqlite_master WHERE name = 'bill'"
        return bool(self.rows(machine.config.database, sql))

    def after_kiosk_commit(self, machine: Machine) -> None:
        if not self.has_books(machine):
            return
        book = self._book(machine)
        shown = self._shown(machine)
        self.demand(
            sum(shown.values()) == sum((v or 0) for v, _, _ in book.values()),
            f"{machine.build.kiosk_id}: the cash equation: shown {shown}, booked {book}",
        )
        self.demand(
            not claimed_minor(book) - in_the_machine(machine),
            f"{machine.build.kiosk_id}: claimed {dict(claimed_minor(book))}, but there is {dict(in_the_machine(machine))}",
        )

    def _book(self, machine: Machine) -> dict[str, tuple[int | None, str, str | None]]:
        rows = self.rows(
            machine.config.database,
            "SELECT bill_id, value_minor, coalesce(outcome, 'in transit'), reason FROM bill",
        )
        return {bill_id: (value, outcome, reason) for bill_id, value, outcome, reason in rows}

    def _shown(self, machine: Machine) -> dict[str, int]:
        rows = self.rows(
            machine.config.database,
            "SELECT body ->> '$.bill_id', max(coalesce(body ->> '$.value_minor', 0)) FROM outbox"
            " WHERE kind IN ('bill_escrowed', 'bill_unattributed') GROUP BY 1",
        )
        return dict(rows)

    # --- on each screen

    def on_show(self, machine: Machine, snapshot: Snapshot) -> None:
        if snapshot.session_id is None:
            return
        where = f"{machine.build.kiosk_id}, {snapshot.state.value}"
        [(credited,)] = self.rows(
            machine.config.database,
            "SELECT coalesce(sum(value_minor), 0) FROM bill WHERE session_id = ? AND outcome = 'credited'",
            snapshot.session_id,
        )
        self.demand(
            snapshot.cash.credited_minor == credited,
            f"{where}: the screen says {snapshot.cash.credited_minor}, the book {credited}",
        )
        if snapshot.state in PROMISED:
            finalized = self.rows(
                machine.config.database,
                "SELECT body ->> '$.committed_minor' FROM outbox WHERE session_id = ? AND kind = 'transfer_finalized'",
                snapshot.session_id,
            )
            self.demand(
                finalized == [(credited,)],
                f"{where}: promised, and ordered is {finalized} for {credited}",
            )
        if snapshot.state is ScreenState.PAID and snapshot.payout is not None:
            sent = self.central.node.sent.get(snapshot.payout.txid or "")
            self.demand(
                sent is not None
                and (snapshot.address, snapshot.payout.amount_base_units) in sent.paid,
                f"{where}: said to be paid by {snapshot.payout}, which is {sent}",
            )

    # --- after each commit of central, and at each payment

    def after_central_commit(self) -> None:
        accounts = self.rows(
            self.central.database,
            "SELECT creditor_id, CAST(principal AS INTEGER), CAST(locked AS INTEGER) FROM creditor_accounts",
        )
        total = sum(principal for _, principal, _ in accounts)
        self.demand(total == 0, f"the accounts do not add up to zero: {accounts}")
        is_covered = all(0 <= locked <= p for creditor, p, locked in accounts if creditor)
        self.demand(is_covered, f"more is locked than there is: {accounts}")
        locked = sum(locked for _, _, locked in accounts)
        [(held,)] = self.rows(
            self.central.database,
            "SELECT coalesce(sum(CAST(amount AS INTEGER)), 0) FROM transfer_locks WHERE state = 'prepared'",
        )
        self.demand(locked == held, f"locked {locked}, held for sales {held}")

    def on_payment(self, transfer_id: str, txid: str) -> None:
        paid = self.central.node.paid(transfer_id)
        self.demand(len(paid) == 1, f"transfer {transfer_id} was paid {len(paid)} times")
        stored = self.rows(
            self.central.database,
            "SELECT v.txid, t.amount_base_units, t.address FROM payment_versions v JOIN payouts p USING (payment_id)"
            " JOIN transfers t USING (transfer_id) WHERE transfer_id = ? ORDER BY v.number DESC LIMIT 1",
            transfer_id,
        )
        expected = [(txid, paid[0][1], paid[0][0])]
        self.demand(
            stored == expected, f"sent {expected} for {transfer_id}, but stored is {stored}"
        )

    # --- when all is quiet

    def at_the_end(self, machines: list[Machine]) -> None:
        for machine in machines:
            self._journal_verifies(machine)
            self._cash_is_where_it_is_said(machine)
            self._credit_is_kept(machine)
        self._nothing_is_locked()

    def _journal_verifies(self, machine: Machine) -> None:
        found = verify(machine.config.database).findings
        self.demand(not found, f"{machine.build.kiosk_id}: its journal: {found}")

    def _cash_is_where_it_is_said(self, machine: Machine) -> None:
        name, book = machine.build.kiosk_id, self._book(machine)
        box = in_the_box(machine)
        claimed = claimed_minor(book)
        disputed = Counter(v for v, outcome, _ in book.values() if outcome == "disputed" and v)
        unknown = sum(v is None for v, _, _ in book.values())
        still = [b for b, (_, outcome, _) in book.items() if outcome == "in transit"]
        self.demand(not still, f"{name}: {still} still on the way")
        surplus = box - claimed - disputed - _minor(machine.dropped_in)
        self.demand(
            surplus.total() <= unknown,
            f"{name}: {dict(surplus)} in the cashbox is in no book; {book}",
        )
        missing = claimed - in_the_machine(machine)
        self.demand(not missing, f"{name}: {dict(missing)} is claimed and not in the cashbox")
        without = [b for b, (_, o, reason) in book.items() if o == "disputed" and not reason]
        self.demand(not without, f"{name}: disputed without a reason: {without}")
        evidence = {
            row[0] for row in self.rows(machine.config.database, "SELECT bill_id FROM evidence")
        }
        bare = [b for b, (_, o, _) in book.items() if o == "disputed" and b not in evidence]
        self.demand(not bare, f"{name}: disputed without evidence: {bare}")
        given = _minor(machine.acceptor.simulator.acceptor.tally.given_back)
        returned = Counter(v for v, outcome, _ in book.values() if outcome == "returned" and v)
        taken_out = _minor(machine.acceptor.simulator.acceptor.tally.taken_out)
        kept = returned - given - taken_out
        self.demand(not kept, f"{name}: {dict(kept)} was booked as returned and did not go back")

    def _credit_is_kept(self, machine: Machine) -> None:
        """Paid once, or before a person: `central status` lists it."""
        matters = "\n".join(f"{m.name} {m.text}" for m in self.central.matters())
        credited = self.rows(
            machine.config.database,
            "SELECT session_id, sum(value_minor) FROM bill WHERE outcome = 'credited' GROUP BY 1",
        )
        for session_id, credited_minor in credited:
            found = self.rows(
                self.central.database,
                "SELECT transfer_id, state, committed_minor, amount_base_units, address FROM transfers WHERE session_id = ?",
                session_id,
            )
            self.demand(len(found) == 1, f"session {session_id}: its transfers are {found}")
            for transfer_id, state, committed_minor, amount, address in found:
                paid = self.central.node.paid(transfer_id)
                is_paid = state in ("broadcast", "confirmed") and paid == [(address, amount)]
                is_owed = state == "refund_due" and not paid and f"{transfer_id} " in matters
                self.demand(
                    (is_paid or is_owed) and committed_minor == credited_minor,
                    f"session {session_id}: credited {credited_minor}, and the transfer is {state} for"
                    f" {committed_minor}, paid {paid}",
                )
        doubtful = self.rows(
            machine.config.database,
            "SELECT bill_id FROM bill WHERE outcome IN ('disputed', 'unattributed')",
        )
        forgotten = [bill for (bill,) in doubtful if bill not in matters]
        self.demand(not forgotten, f"no person will hear of {forgotten}")

    def _nothing_is_locked(self) -> None:
        [(open_sales,)] = self.rows(
            self.central.database, "SELECT count(*) FROM transfer_locks WHERE state = 'prepared'"
        )
        self.demand(open_sales == 0, f"{open_sales} sales keep funds locked for ever")
        unpaid = self.rows(
            self.central.database,
            "SELECT transfer_id, state FROM transfers WHERE state IN ('finalized', 'signed')",
        )
        self.demand(not unpaid, f"never paid: {unpaid}")


def claimed_minor(book: dict[str, tuple[int | None, str, str | None]]) -> Counter[int]:
    """The bills that the book says are in the cashbox, those of unknown value apart."""
    return Counter(
        value
        for value, outcome, _ in book.values()
        if outcome in ("credited", "unattributed") and value is not None
    )


def in_the_box(machine: Machine) -> Counter[int]:
    """In minor units."""
    acceptor = machine.acceptor.simulator.acceptor
    return _minor(acceptor.cashbox.contents + acceptor.tally.collected)


def in_the_machine(machine: Machine) -> Counter[int]:
    """In minor units: in the cashbox, past the point of no return, or taken from there by a person."""
    acceptor = machine.acceptor.simulator.acceptor
    inside = (
        [acceptor.bill.value] if acceptor.bill and acceptor.bill.place.value == "stacker" else []
    )
    return in_the_box(machine) + _minor(Counter(inside)) + _minor(acceptor.tally.taken_out)


def _minor(values: Counter[int]) -> Counter[int]:
    return Counter({value * 100: count for value, count in values.items() if count})
