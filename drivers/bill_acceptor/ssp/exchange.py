"""One command at a time on an SSP line: its packet, its reply, and the same packet again.

Responsible for: the sequence bit, sealing and opening, the time-out, and sending again byte for byte, which the
device answers with its last reply and without acting.
Not responsible for: which command, and what a reply means.

Source: ITL SSP Protocol Manual GA138 v2.2, transport and encryption layers; times from GA973 7.4: the host waits
1 s for a reply and polls every 200 to 1000 ms.
"""

from collections.abc import Iterator
from dataclasses import replace

from drivers.bill_acceptor.ssp.codec import Decoder, encode
from drivers.bill_acceptor.ssp.encryption import Session
from drivers.bill_acceptor.ssp.frames import (
    ENCRYPTED,
    POLLS,
    Command,
    CommandCode,
    Reply,
    ResponseCode,
)

POLL_S = 0.2
REPLY_TIMEOUT_S = 1.0
TRIES_MAX = 4  # a choice, below the manual's 20: then SYNC, before the port is given up


class Exchange:
    def __init__(self) -> None:
        self.is_open = False
        self.session: Session | None = None
        self.next_poll_s = 0.0
        self._decoder = Decoder(Reply)
        self._sequence = 0
        self._command: Command | None = None  # the last one, whether answered or not
        self._packet = b""
        self._reply: Reply | None = None  # the last one of that command
        self._awaiting = False
        self._tries = 0
        self._sent_s = self._deadline_s = 0.0

    def opened(self, now_s: float) -> None:
        self.is_open, self.next_poll_s = True, now_s
        self._decoder.discard()

    def closed(self) -> None:
        self.is_open = False

    @property
    def is_free(self) -> bool:
        return self.is_open and not self._awaiting

    def wake_at_s(self, now_s: float) -> float:
        if not self.is_open:
            return float("inf")
        if self._awaiting:
            return self._deadline_s
        return self.next_poll_s if self.next_poll_s > now_s else now_s + POLL_S

    def send(self, command: Command, now_s: float) -> bytes:
        if command.code == CommandCode.SYNC:
            self._sequence, self.session = 1, None  # the next command has sequence 0
        else:
            self._sequence ^= 1
        self._command, self._reply, self._tries = command, None, 0
        data = bytes([command.code]) + command.data
        wire = Command(ENCRYPTED, self.session.seal(data)) if self.session else command
        self._packet = encode(replace(wire, sequence=self._sequence))
        if command.code in POLLS:
            self.next_poll_s = now_s + POLL_S
        return self.send_again(now_s)

    def send_again(self, now_s: float) -> bytes:
        """The same bytes: the same padding and count, too."""
        self._awaiting = True
        self._tries += 1
        self._sent_s = now_s
        self._deadline_s = now_s + REPLY_TIMEOUT_S
        return self._packet

    def send_again_every(self, pace_s: float, now_s: float) -> bytes:
        """To keep the device at its last reply, for as long as it takes."""
        self._tries = 0
        return self.send_again(now_s) if now_s - self._sent_s >= pace_s else b""

    def resume(self, now_s: float) -> bytes:
        """On a line that stands again: what was left unanswered."""
        self._tries = 0
        return self.send_again(now_s) if self._awaiting else b""

    def received(self, data: bytes) -> Iterator[tuple[Command | None, Reply]]:
        """Each reply with the command it answers; None when it answers nothing, or only repeats itself."""
        for packet in self._decoder.feed(data):
            reply = self._answer(packet) if self._awaiting else None
            if reply is None:
                yield None, packet
                continue
            self._awaiting = False
            is_repeated, self._reply = reply == self._reply, reply
            yield None if is_repeated else self._command, reply

    def _answer(self, packet: Reply) -> Reply | None:
        if packet.sequence != self._sequence or packet.address:
            return None
        if self.session is None:
            return None if packet.code == ENCRYPTED else packet
        if packet.code == ENCRYPTED:
            return self._opened(packet, self.session)
        return packet if packet.code == ResponseCode.KEY_NOT_SET else None

    def _opened(self, packet: Reply, session: Session) -> Reply | None:
        data = session.unseal(packet.data)
        return replace(packet, code=data[0], data=data[1:]) if data else None

    def timed_out(self, now_s: float) -> bytes | None:
        """What to send again; b"" when that has been tried often enough. Half a reply is forgotten."""
        if not self._awaiting or now_s < self._deadline_s:
            return None
        self._decoder.discard()
        if self._tries < TRIES_MAX:
            return self.send_again(now_s)
        self._awaiting = False
        return b""
