"""The real simulator in its own process, and the real driver on its thread, with a pty between."""

import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drivers.bill_acceptor.commands import AcknowledgeCredit
from drivers.bill_acceptor.device import AcceptorConfig, BillAcceptor
from drivers.bill_acceptor.events import AcceptorReady, BillStacked
from drivers.clock import SystemClock

DEADLINE_S = 10.0
HARDWARE_SIM = str(Path(sys.executable).with_name("hardware-sim"))


class Simulator:
    """`hardware-sim bill-acceptor` as a person runs it: words in, lines of JSON out."""

    def __init__(self, protocol: str, link: Path) -> None:
        self.link = link
        self._process = subprocess.Popen(
            [
                HARDWARE_SIM,
                "bill-acceptor",
                f"--protocol={protocol}",
                f"--link={link}",
                "--speed=2",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._heard: queue.Queue[dict] = queue.Queue()
        threading.Thread(target=self._hear, daemon=True).start()

    def say(self, words: str) -> None:
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def hear(self, *events: str) -> dict:
        """The next event of one of these names; others before it are passed over."""
        deadline_s = time.monotonic() + DEADLINE_S
        while (heard := self._heard.get(timeout=deadline_s - time.monotonic()))[
            "event"
        ] not in events:
            pass
        return heard

    def insert(self, value: int) -> None:
        """As a person does: again, until the machine takes it."""
        self.say(f"insert {value}")
        while self.hear("accepting", "not_taken")["event"] == "not_taken":
            self.say(f"insert {value}")

    def stop(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(5.0)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()

    def _hear(self) -> None:
        for line in self._process.stdout:
            self._heard.put(json.loads(line))


class Driver:
    """A BillAcceptor whose events a test reads in order. Credits are committed at once, unless held."""

    def __init__(self, protocol: str, link: Path) -> None:
        self.commits = True
        self.crashes: list[BaseException] = []
        self._events: queue.Queue = queue.Queue()
        config = AcceptorConfig(protocol, str(link), "USD", parity="none")
        self.acceptor = BillAcceptor(
            config, SystemClock(), self._deliver, on_crash=self.crashes.append
        )
        self.acceptor.start()

    def expect(self, kind: type, *, after: tuple[type, ...] = ()):
        """The next event, which must be of that kind. A poll may or may not have met those `after`."""
        while isinstance(event := self._events.get(timeout=DEADLINE_S), after):
            pass
        assert isinstance(event, kind), f"{event}, not {kind.__name__}"
        return event

    def until_ready(self) -> list:
        events = []
        while not isinstance(event := self._events.get(timeout=DEADLINE_S), AcceptorReady):
            events.append(event)
        return events

    def expect_nothing_more(self) -> None:
        """For three polls and a bit."""
        with pytest.raises(queue.Empty):
            raise AssertionError(self._events.get(timeout=0.4))

    def _deliver(self, event) -> None:
        self._events.put(event)
        if isinstance(event, BillStacked) and self.commits:
            self.acceptor.send(AcknowledgeCredit())


@pytest.fixture
def new_simulator(tmp_path):
    started = []

    def start(protocol: str) -> Simulator:
        started.append(Simulator(protocol, tmp_path / "acceptor"))
        return started[-1]

    yield start
    for simulator in started:
        simulator.stop()


@pytest.fixture
def new_driver():
    started = []

    def start(simulator: Simulator, protocol: str) -> Driver:
        started.append(Driver(protocol, simulator.link))
        return started[-1]

    yield start
    for driver in started:
        driver.acceptor.stop()
        assert driver.crashes == []


@pytest.fixture
def expect_ready():
    def expect(driver: Driver, *, vouches: bool) -> AcceptorReady:
        ready = driver.expect(AcceptorReady)
        assert ready.vouches is vouches
        return ready

    return expect
