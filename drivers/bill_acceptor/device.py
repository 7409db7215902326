"""A bill acceptor on its port, whatever protocol it speaks.

Responsible for: the thread, the port and its re-opening, the time, the mailbox of commands, and saying
AcceptorLost when the port or the device is gone.
Not responsible for: anything a device says or wants to hear; that is the protocol's.
"""

import logging
import queue
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.decision import Decision
from drivers.bill_acceptor.events import AcceptorEvent, AcceptorLost
from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.bill_acceptor.trace import Trace
from drivers.clock import Clock
from drivers.device_thread import DeviceThread
from drivers.errors import LinkLost
from drivers.faults import FaultCode
from drivers.port import Line, Parity, Port, SerialPort

DEVICE = "bill acceptor"
REOPEN_AFTER_S = (
    0.2,
    0.5,
    1.0,
    2.0,
)  # then every 2 s for ever: USB re-enumerates within one or two
LONGEST_TURN_S = 15.0  # 2 s for the port to come back or to take a write, 10 s for a full inbox
MAILBOX_MAX = 64  # the core sends one command for each event; more waiting is a bug

_log = logging.getLogger(__name__)

OpenPort = Callable[[str, str, Line], Port]


@dataclass(frozen=True)
class AcceptorConfig:
    protocol: str  # a name in PROTOCOLS
    path: str  # resolved at each opening: links move when USB re-enumerates
    currency: str  # ISO 4217
    parity: Parity | None = None  # None: the protocol's own; pseudo-terminals need "none"


class BillAcceptor:
    """Events go to `deliver`, on the acceptor's thread; an exception there, which is a bug, to `on_crash`."""

    def __init__(
        self,
        config: AcceptorConfig,
        clock: Clock,
        deliver: Callable[[AcceptorEvent], None],
        *,
        on_crash: Callable[[BaseException], None],
        open_port: OpenPort = SerialPort,
    ) -> None:
        kind = PROTOCOLS[config.protocol]
        self._path = config.path
        self._line = kind.line.with_parity(config.parity) if config.parity else kind.line
        self._silent_after_s = kind.silent_after_s
        self._protocol = kind.build(config.currency)
        self._clock = clock
        self._deliver = deliver
        self._open_port = open_port
        self._mailbox: queue.Queue[AcceptorCommand | None] = queue.Queue(MAILBOX_MAX)
        self._thread = DeviceThread(DEVICE, self.turn, at_end=self._say_goodbye, on_crash=on_crash)
        self._trace = Trace()
        self._port: Port | None = None
        self._wake_at_s = self._heard_s = self._reopen_at_s = clock.monotonic_s()
        self._bytes_unheard = 0
        self._attempts = 0
        self._lost: FaultCode | None = None
        self.last_turn_s = clock.monotonic_s()

    def start(self) -> None:
        self._thread.start()

    def send(self, command: AcceptorCommand) -> None:
        """Takes effect within a turn of the loop, a tenth of a second or so."""
        self._mailbox.put_nowait(command)

    def stop(self) -> None:
        """Take no more bills, close the port, end the thread."""
        self._thread.stopping.set()
        with suppress(queue.Full):
            self._mailbox.put_nowait(None)  # wakes it
        self._thread.stop()

    def trace(self) -> str:
        """The last minutes of raw exchange; see `Trace.text`."""
        return self._trace.text(self._clock.now_ms())

    def turn(self) -> None:
        """One turn of the loop: open the port, or hear, decide and say once."""
        self.last_turn_s = self._clock.monotonic_s()
        try:
            if self._port is None:
                self._reopen()
            else:
                self._converse(self._port)
        except LinkLost as error:
            self._lose(FaultCode.ACCEPTOR_MISSING, str(error))

    def _reopen(self) -> None:
        wait_s = self._reopen_at_s - self._clock.monotonic_s()
        if wait_s > 0:
            with suppress(queue.Empty):
                self._command(self._mailbox.get(timeout=wait_s))
            return
        self._port = self._open_port(DEVICE, self._path, self._line)
        self._heard_s = self._clock.monotonic_s()
        self._bytes_unheard = 0
        self._carry_out(self._protocol.connected(self._heard_s))

    def _converse(self, port: Port) -> None:
        while not self._mailbox.empty():
            self._command(self._mailbox.get_nowait())
        data = port.read(max(0.0, self._wake_at_s - self._clock.monotonic_s()))
        now_s = self._clock.monotonic_s()
        if data:
            _log.debug("< %s", data.hex(" "))
            self._trace.heard(data, self._clock.now_ms())
            self._bytes_unheard += len(data)
            self._carry_out(self._protocol.received(data, now_s))
        else:
            self._carry_out(self._protocol.ticked(now_s))
        if now_s - self._heard_s >= self._silent_after_s:
            self._lose(FaultCode.ACCEPTOR_SILENT, self._silence())

    def _command(self, command: AcceptorCommand | None) -> None:
        if command is not None:
            self._carry_out(self._protocol.commanded(command, self._clock.monotonic_s()))

    def _carry_out(self, decision: Decision) -> None:
        """Events before bytes: when the write fails, what was learnt is still told."""
        if decision.heard:
            self._heard_s = self._clock.monotonic_s()
            self._bytes_unheard = self._attempts = 0
            self._lost = None
        self._wake_at_s = decision.wake_at_s
        for event in decision.events:
            self._deliver(event)
        if decision.send and self._port:
            _log.debug("> %s", decision.send.hex(" "))
            self._trace.sent(decision.send, self._clock.now_ms())
            self._port.write(decision.send)

    def _lose(self, code: FaultCode, detail: str) -> None:
        """Said once, not at each attempt to come back."""
        self._close()
        self._protocol.disconnected()
        pace = min(self._attempts, len(REOPEN_AFTER_S) - 1)
        self._reopen_at_s = self._clock.monotonic_s() + REOPEN_AFTER_S[pace]
        self._attempts += 1
        if code != self._lost:
            self._lost = code
            self._deliver(AcceptorLost(code, detail))

    def _silence(self) -> str:
        if self._bytes_unheard:
            return (
                f"{DEVICE}: {self._bytes_unheard} bytes came from {self._path}, none of them a frame:"
                " wrong protocol, speed or parity?"
            )
        return f"{DEVICE}: no answer on {self._path} for {self._silent_after_s:g} s"

    def _say_goodbye(self) -> None:
        if self._port:
            with suppress(LinkLost):
                self._port.write(self._protocol.farewell())
        self._close()

    def _close(self) -> None:
        if self._port:
            self._port.close()
            self._port = None
