"""A bill acceptor of any protocol on a bench: the product's driver, the simulator, and a wire in memory between them.

Time is moved by hand, by the driver's own waiting: a minute of polling passes in milliseconds. The books are kept
as the core keeps them (ADR 7), and held against where the simulator says the bills are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from drivers.bill_acceptor import events
from drivers.bill_acceptor.commands import AcceptorCommand, AcknowledgeCredit, Enable, Return
from drivers.bill_acceptor.device import AcceptorConfig, BillAcceptor
from drivers.bill_acceptor.events import BillEscrowed, BillStacked
from drivers.bill_acceptor.protocols import PROTOCOLS as DRIVEN
from drivers.errors import LinkLost
from drivers.port import Line
from hardware_sim.bill_acceptor.protocols import PROTOCOLS as SIMULATED
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.bill_acceptor.words import Words
from hardware_sim.link import LineFaults, MemoryLink, memory_links

TICK_S = 0.005
PATIENCE_S = 90.0
REOPENING_S = 3.0  # longer than any pause before a lost port is tried again


def driver_of(simulated: str) -> str:
    """A simulator's name may carry a variant behind a dash: cctalk-crc16 is driven by cctalk."""
    return simulated.partition("-")[0]


PROTOCOLS = [name for name in SIMULATED if driver_of(name) in DRIVEN]


class HandClock:
    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    def monotonic_s(self) -> float:
        return self.now_s

    def now_ms(self) -> int:
        return int(self.now_s * 1_000)


@dataclass
class Cable:
    """What lies between: in memory, pulled out and put back by the simulator's words."""

    clock: HandClock
    near: MemoryLink
    pump: Callable[[], None] = lambda: None
    plugged: bool = True
    pty: str = "memory"
    split: bool = False  # hand out single bytes
    lump_s: float = 0.0  # hand out what came in this long, at once
    _pending: bytes = b""

    def unplug(self) -> None:
        self.plugged = False

    def plug(self) -> None:
        self.plugged = True

    def open(self, device: str, _path: str, _line: Line) -> "Cable":
        if not self.plugged:
            raise LinkLost(device, "it is unplugged")
        self._pending = b""
        return self

    def close(self) -> None:
        pass

    def write(self, data: bytes) -> None:
        if not self.plugged:
            raise LinkLost("bill acceptor", "it was unplugged")
        self.near.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Waiting is what moves the time."""
        until_s = self.clock.now_s + max(timeout_s, TICK_S)
        while self.clock.now_s < until_s and not self._pending:
            self.clock.now_s += TICK_S
            self._collect()
        if not self.plugged:
            raise LinkLost("bill acceptor", "it was unplugged")
        taken, self._pending = self._take()
        return taken

    def _collect(self) -> None:
        self.pump()
        self._pending += self.near.read()
        if self._pending and self.lump_s:
            until_s = self.clock.now_s + self.lump_s
            while self.clock.now_s < until_s:
                self.clock.now_s += TICK_S
                self.pump()
            self._pending += self.near.read()

    def _take(self) -> tuple[bytes, bytes]:
        return (self._pending[:1], self._pending[1:]) if self.split else (self._pending, b"")


@dataclass
class Books:
    """What became of each bill, as the core books it."""

    open_minor: int = 0
    doubted: bool = False
    unsettled_minor: int = 0
    credited_minor: int = 0
    returned_minor: int = 0
    disputed_minor: int = 0

    def book(self, event: object) -> None:
        match event:
            case events.BillEscrowed(bill):
                if self.open_minor not in (0, bill.value_minor):
                    self._end("disputed_minor")
                self.open_minor = bill.value_minor
            case events.BillAccepting():
                self._end("disputed_minor")
            case events.BillStacked(bill):
                self._credit(bill)
            case events.CreditSettled():
                self.unsettled_minor = 0
            case events.BillReturned() | events.BillRejected(from_escrow=True):
                self._end("returned_minor")
            case events.AcceptorFault() | events.PoweredUp():
                self.doubted = self.doubted or self.open_minor > 0
            case events.AcceptorReady(vouches=vouches):
                self.unsettled_minor = 0
                self._end("returned_minor" if vouches and not self.doubted else "disputed_minor")

    def _credit(self, bill: events.Bill | None) -> None:
        if self.open_minor:
            assert bill is None or bill.value_minor == self.open_minor, f"{bill} is another one"
            self.unsettled_minor = self.open_minor
            self._end("credited_minor")
            return
        is_repeat = self.unsettled_minor and (
            bill is None or bill.value_minor == self.unsettled_minor
        )
        assert is_repeat, "a credit from nowhere, or the same one twice"

    def _end(self, outcome: str) -> None:
        setattr(self, outcome, getattr(self, outcome) + self.open_minor)
        self.open_minor, self.doubted = 0, False


@dataclass
class AcceptorBench:
    protocol: str  # the simulator's name
    faults: LineFaults | None = None
    seed: int = 0
    currency: str = "USD"  # the device's; the driver is told USD
    commits: bool = True
    books: Books = field(default_factory=Books)
    said: list[object] = field(default_factory=list)
    reported: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = HandClock()
        near, far = memory_links(self.clock, self.faults, self.seed)
        self.cable = Cable(self.clock, near)
        specification = Specification(protocol=self.protocol, currency=self.currency)
        self.simulator = Simulator(far, self.clock, self._report, specification)
        self.cable.pump = self.simulator.pump
        self._words = Words(
            self.simulator, SIMULATED[self.protocol], self.cable, self._report, self.clock
        )
        self._fresh: list[object] = []
        self.connect()

    def connect(self) -> None:
        """A new driver, as in a new process: it knows nothing of the one before."""
        config = AcceptorConfig(driver_of(self.protocol), "memory", "USD", "none")
        self._fresh.clear()
        self.driver = BillAcceptor(
            config, self.clock, self._fresh.append, on_crash=_raise, open_port=self.cable.open
        )

    def restart_driver(self) -> None:
        """The core was cut off: what the driver knew is gone, what is booked is not."""
        self.connect()
        self.send(Enable())

    def send(self, command: AcceptorCommand) -> None:
        self.driver.send(command)

    def tell(self, words: str) -> None:
        self._words.obey(words)

    def insert(self, value: int) -> None:
        """As a person does: again, until the machine takes it."""
        give_up_s = self.clock.now_s + PATIENCE_S
        while True:
            self.tell(f"insert {value}")
            if self.reported[-1]["event"] != "not_taken":
                return
            assert self.clock.now_s < give_up_s, self.reported[-1]
            self.step()

    def escrow(self, value: int = 20) -> None:
        self.insert(value)
        assert self.until(BillEscrowed).bill == events.Bill(value * 100, "USD")

    def step(self) -> list[object]:
        """One turn of the driver's loop; what it said is booked, and committed unless that is held."""
        if self.driver._port is None:  # it would wait in real time for the next attempt
            self.clock.now_s += REOPENING_S
            self.simulator.pump()
        self.driver.turn()
        events_now, self._fresh[:] = list(self._fresh), []
        for event in events_now:
            self.said.append(event)
            self.books.book(event)
            if isinstance(event, BillStacked) and self.commits:
                self.send(AcknowledgeCredit())
        return events_now

    def until(self, *kinds: type) -> Any:
        found = self.find(PATIENCE_S, *kinds)
        assert found is not None, f"waited in vain; it said {self.said[-8:]}"
        return found

    def find(self, patience_s: float, *kinds: type) -> Any:
        """The next event of these kinds, or None when there is none in that time."""
        give_up_s = self.clock.now_s + patience_s
        while self.clock.now_s < give_up_s:
            for event in self.step():
                if isinstance(event, kinds):
                    return event
        return None

    def hear(self, name: str) -> dict[str, Any]:
        """Until the simulator reports this."""
        told = len(self.reported)
        give_up_s = self.clock.now_s + PATIENCE_S
        while self.clock.now_s < give_up_s:
            for report in self.reported[told:]:
                if report["event"] == name:
                    return report
            self.step()
        raise AssertionError(f"no {name!r}; it reported {self.reported[-8:]}")

    def recover(self) -> None:
        """Until it is ready again; as after a restart, a bill that is still in escrow goes back."""
        give_up_s = self.clock.now_s + PATIENCE_S
        while self.clock.now_s < give_up_s:
            for event in self.step():
                if isinstance(event, BillEscrowed):
                    self.send(Return())
                elif isinstance(event, events.AcceptorReady):
                    return
        raise AssertionError(f"never ready again; it said {self.said[-12:]}")

    def rest(self) -> None:
        """Until no bill is open and no credit unsettled; a bill in escrow meanwhile goes back."""
        give_up_s = self.clock.now_s + PATIENCE_S
        while self.books.open_minor or self.books.unsettled_minor:
            assert self.clock.now_s < give_up_s, f"{self.books}; it said {self.said[-8:]}"
            for event in self.step():
                if isinstance(event, BillEscrowed):
                    self.send(Return())
        self.find(1.0)
        while self.simulator.acceptor.bill is not None and self.clock.now_s < give_up_s:
            self.step()  # credited by the stacker's lever, and still on its way into the cashbox

    def check(self) -> Books:
        """At rest: the books against the truth."""
        self.rest()
        self.tell("status")
        in_box_minor = self.reported[-1]["cashbox"]["total"] * 100
        books = self.books
        assert books.credited_minor <= in_box_minor, (books, self.reported[-1])
        assert in_box_minor <= books.credited_minor + books.disputed_minor, (
            books,
            self.said[-12:],
        )
        return books

    def _report(self, event: str, **details: object) -> None:
        self.reported.append({"event": event, **details})


def _raise(error: BaseException) -> None:
    raise error
