"""An SSP host in raw bytes, on a simulated validator whose clock is moved by hand."""

from simulator_bench import SimulatorBench, spell


def checksum(data: bytes) -> bytes:
    """CRC-16/CMS as one long division: nothing shared with the simulator."""
    bits = 8 * len(data) + 16
    rest = (int.from_bytes(data) ^ 0xFFFF << bits - 32) << 16
    for at in range(bits, 15, -1):
        rest ^= (rest >> at & 1) * (0x18005 << at - 16)
    return rest.to_bytes(2, "little")


def packet(words: str, sequence: int) -> bytes:
    """`"06 08"` as the whole packet 7F 80 02 06 08 with its check, stuffed."""
    data = bytes.fromhex(words)
    body = bytes([sequence, len(data)]) + data
    return b"\x7f" + (body + checksum(body)).replace(b"\x7f", b"\x7f\x7f")


class SspHost(SimulatorBench):
    protocol = "ssp"

    def __init__(self, *words: object, **options: object) -> None:
        super().__init__(*words, **options)
        self.sequence = 0x80

    def ask(self, words: str) -> str:
        """A new command, and the data of its reply; "" when nothing, or not one packet, came."""
        self.sequence ^= 0x80
        return self.repeat(words)

    def repeat(self, words: str) -> str:
        """The same sequence once more, as after a lost reply."""
        reply = self.send(packet(words, self.sequence))
        data = spell(reply.replace(b"\x7f\x7f", b"\x7f")[3:-2])
        return data if data and packet(data, self.sequence) == reply else ""

    def sync(self) -> None:
        self.sequence = 0x80
        assert self.repeat("11") == "F0"

    def poll(self) -> str:
        """The events."""
        return self.ask("07").removeprefix("F0").strip()

    def start(self, *settings: str) -> None:
        """All channels, enabled, idle."""
        self.sync()
        self.idle_for(2)
        assert self.poll() == "F1 E8"
        for command in (*settings, "02 FF FF", "0A"):
            assert self.ask(command) == "F0"
        assert self.poll() == ""

    def escrow(self, value: int) -> None:
        self.hands.insert(value)
        assert self.poll_for(1) == ["EF 00"]
        self.idle_for(0.1)
        assert self.poll().startswith("EF 0")


class BasicHost(SspHost):
    protocol = "ssp-basic"
