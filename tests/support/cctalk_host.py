"""A ccTalk host in raw bytes, on a simulated bill validator whose clock is moved by hand."""

from simulator_bench import SimulatorBench, spell

POLL = bytes.fromhex("28 00 01 9F 38")


def frame(words: str) -> bytes:
    """`"9A 01"` as the whole request 28 01 01 9A 01 and the byte that makes its sum zero."""
    header, *data = bytes.fromhex(words)
    body = bytes([0x28, len(data), 0x01, header, *data])
    return body + bytes([(256 - sum(body)) % 256])


class CcTalkHost(SimulatorBench):
    protocol = "cctalk"
    counter = 0  # as last read

    def exchange(self, request: bytes) -> bytes:
        """What comes behind the echo."""
        came = self.send(request)
        assert came[: len(request)] == request, "a single wire gives the host its own bytes back"
        return came[len(request) :]

    def ask(self, words: str) -> str:
        """A request, and its reply without destination, length, source and checksum."""
        reply = self.exchange(frame(words))
        if not reply:
            return ""
        assert reply[0] == 1
        assert reply[2] == 40
        assert reply[1] == len(reply) - 5
        assert sum(reply) % 256 == 0
        return spell(reply[3:-1])

    def read(self) -> tuple[int, list[tuple[int, int]]]:
        """The counter, and the events with the newest first, without those that never happened."""
        counter, *rest = bytes.fromhex(self.ask("9F"))[1:]
        events = list(zip(rest[::2], rest[1::2], strict=True))
        self.counter = counter
        return counter, events[:counter]

    def fresh(self, seconds: float) -> list[tuple[int, int]]:
        """Poll every 200 ms, and give what was not read before, oldest first."""
        fresh: list[tuple[int, int]] = []
        for _ in range(round(seconds / 0.2) + 1):
            before = self.counter
            counter, events = self.read()
            fresh += reversed(events[: counter - before if counter >= before else counter])
            self.idle_for(0.2)
        return fresh

    def start(self, mode: str = "03") -> None:
        """All bills, the operating mode, and the master inhibit lifted."""
        self.idle_for(2)
        assert self.ask("E7 FF FF") == "00"
        assert self.ask(f"99 {mode}") == "00"
        assert self.ask("E4 01") == "00"

    def escrow(self, value: int) -> None:
        self.hands.insert(value)
        assert [second for _, second in self.fresh(1.2)] == [1]


class CrcHost(CcTalkHost):
    protocol = "cctalk-crc16"
