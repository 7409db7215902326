"""The simulated acceptors on the workbench, each with a host that knows its frames."""

from collections.abc import Callable

import pytest

from simulator_bench import SimulatorBench, kermit, spell


def frame(words: str) -> bytes:
    """`"13 65"` as the whole frame FC 06 13 65 and its checksum."""
    content = bytes.fromhex(words)
    body = bytes([0xFC, len(content) + 4]) + content
    return body + kermit(body)


class Bench(SimulatorBench):
    """ID-003."""

    protocol = "id003"

    def ask(self, words: str) -> str:
        """A request and its reply without their frames; "" when nothing, or not one frame, came."""
        reply = self.send(frame(words))
        content = spell(reply[2:-2])
        return content if content and frame(content) == reply else ""

    def poll(self) -> str:
        return self.ask("11")

    def start(self, *settings: str) -> None:
        """Reset, settings, enabled, idle."""
        assert self.ask("40") == "50"
        self.poll_until("1A")
        for setting in (*settings, "C3 00"):
            assert self.ask(setting) == setting
        assert self.poll() == "11"

    def escrow(self, value: int) -> None:
        self.hands.insert(value)
        while not self.poll().startswith("13"):
            assert self.poll() == "12"
            self.idle_for(0.1)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    return Bench


class CcnetBench(SimulatorBench):
    """CCNET; it acknowledges what it polls unless told otherwise."""

    protocol = "ccnet"
    ACK = bytes.fromhex("02 03 06 00 C2 82")

    @staticmethod
    def frame(words: str) -> bytes:
        """`"34 00 00 7C 00 00 00"` as the whole frame 02 03 0C 34 .. and its checksum."""
        content = bytes.fromhex(words)
        body = bytes([0x02, 0x03, len(content) + 5]) + content
        return body + kermit(body)

    def ask(self, words: str) -> str:
        """A request and its reply without their frames; "" when nothing, or not one frame, came."""
        reply = self.send(self.frame(words))
        content = spell(reply[3:-2])
        return content if content and self.frame(content) == reply else ""

    @staticmethod
    def check(body: bytes) -> bytes:
        return kermit(body)

    def look(self) -> str:
        """Poll, and leave the answer unacknowledged."""
        return self.ask("33")

    def poll(self) -> str:
        status = self.look()
        assert self.send(self.ACK) == b""
        return status

    def poll_until_unacknowledged(self, wanted: str) -> None:
        """Acknowledge everything but what is waited for."""
        while (status := self.look()) != wanted:
            self.send(self.ACK)
            self.idle_for(0.1)
            assert status in ("15", "17"), status

    def start(self, enable: str = "34 FF FF FF FF FF FF") -> None:
        """Reset, enabled, idle."""
        assert self.ask("30") == "00"
        self.poll_until("19")
        assert self.ask(enable) == "00"
        assert self.poll() == "14"

    def escrow(self, value: int) -> str:
        self.hands.insert(value)
        while not (status := self.poll()).startswith("80"):
            assert status == "15"
            self.idle_for(0.1)
        return status


@pytest.fixture
def ccnet() -> CcnetBench:
    return CcnetBench()


@pytest.fixture
def make_ccnet() -> Callable[..., CcnetBench]:
    return CcnetBench


class EbdsBench(SimulatorBench):
    """EBDS: the host's three bytes are said again in every poll, and its bit flips with every new request."""

    protocol = "ebds"
    ENABLE = "7F 1C 04"  # all bills, any way round, escrow, power-up policy B
    EXTENDED = "7F 1C 14"
    STACK = "7F 3C 04"
    RETURN = "7F 5C 04"

    toggle = 0
    settings = ENABLE

    @staticmethod
    def frame(kind: int, toggle: int, words: str) -> bytes:
        """`1, 0, "7F 1C 04"` as the whole frame 02 08 10 7F 1C 04 03 .."""
        data = bytes.fromhex(words)
        covered = bytes([len(data) + 5, kind * 16 + toggle]) + data
        check = 0
        for byte in covered:
            check ^= byte
        return b"\x02" + covered + bytes([3, check])

    def ask(self, kind: int, words: str) -> str:
        """A new request; of its reply the kind and the data, as in "7: 02 01 10 ..", or ""."""
        self.toggle ^= 1
        return self.repeat(kind, words)

    def repeat(self, kind: int, words: str) -> str:
        """The same request again, or another one under the same bit."""
        return self.read(self.send(self.frame(kind, self.toggle, words)))

    def read(self, reply: bytes) -> str:
        if not reply:
            return ""
        kind, data = reply[2] >> 4, spell(reply[3:-2])
        assert reply == self.frame(kind, self.toggle, data)
        return f"{kind}: {data}"

    def poll(self, settings: str = "") -> str:
        """The first four bytes of state, and behind them what is extended."""
        words = settings or self.settings
        said = self.ask(1, words) or self.repeat(1, words)  # it may miss one while it reads
        state = said[3:] if said.startswith("2") else said[6:]
        return state[:11] + state[17:]

    def next_bit_is(self, bit: int) -> None:
        if self.toggle == bit:
            self.poll()

    def poll_frame(self) -> str:
        """The whole frame that a new poll brings."""
        self.toggle ^= 1
        request = self.frame(1, self.toggle, self.settings)
        return spell(self.send(request) or self.send(request))

    def start(self) -> None:
        self.poll()
        self.poll_until("01 10 00 00")

    def escrow(self, value: int) -> str:
        self.hands.insert(value)
        while (status := self.poll())[:2] != "04":
            assert status[:2] == "02"
            self.idle_for(0.1)
        return status


@pytest.fixture
def ebds() -> EbdsBench:
    return EbdsBench()


@pytest.fixture
def make_ebds() -> Callable[..., EbdsBench]:
    return EbdsBench
