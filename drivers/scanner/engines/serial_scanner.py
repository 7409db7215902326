"""A serial scan engine on its port, whatever language it speaks.

Responsible for: the thread, the port and its re-opening, the time, and saying ScannerLost when the port or the
engine is gone.
Not responsible for: anything the engine says or wants to hear; that is the dialogue's.
"""

import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from drivers.clock import Clock
from drivers.device_thread import DeviceThread
from drivers.errors import DeviceError, LinkLost, NoReply
from drivers.port import Line, Port, SerialPort
from drivers.scanner.config import ScannerConfig
from drivers.scanner.engines.decision import Decision
from drivers.scanner.engines.dialogue import Dialogue
from drivers.scanner.engines.kinds import ENGINES
from drivers.scanner.events import (
    CodeSeen,
    CodeUnreadable,
    ScannerCommand,
    ScannerEvent,
    ScannerLost,
    ScannerReady,
)

DEVICE = "scanner"
REOPEN_S = 2.0  # USB re-enumerates within one or two; then again, for ever
OBEY_S = 0.1  # a command waits no longer
LONGEST_TURN_S = 15.0  # 2 s for the port to come back or to take a write, 10 s for a full inbox

_log = logging.getLogger(__name__)

OpenPort = Callable[[str, str, Line], Port]


class SerialScanner:
    """Events go to `deliver`, on the scanner's thread; an exception there, which is a bug, to `on_crash`."""

    def __init__(
        self,
        config: ScannerConfig,
        clock: Clock,
        deliver: Callable[[ScannerEvent], None],
        *,
        on_crash: Callable[[BaseException], None],
        open_port: OpenPort = SerialPort,
    ) -> None:
        engine = ENGINES[config.kind]
        self._path = config.source
        self._line = Line(config.baud or engine.baud)
        self._dialogue = Dialogue(engine.speak(), config.source)
        self._clock = clock
        self._deliver = deliver
        self._open_port = open_port
        self._mailbox: deque[ScannerCommand] = deque(maxlen=1)  # a new one voids the one before
        self._thread = DeviceThread(DEVICE, self.turn, at_end=self._say_goodbye, on_crash=on_crash)
        self._port: Port | None = None
        self._wake_at_s = 0.0
        self._lost_detail: str | None = None  # what was last said about the scanner being away
        self.last_turn_s = clock.monotonic_s()

    def start(self) -> None:
        self._thread.start()

    def send(self, command: ScannerCommand) -> None:
        """Takes effect within a turn of the loop, a tenth of a second."""
        self._mailbox.append(command)

    def stop(self) -> None:
        self._thread.stop()

    def turn(self) -> None:
        """One turn of the loop: open the port, or hear, decide and say once."""
        self.last_turn_s = self._clock.monotonic_s()
        try:
            if self._port is None:
                self._connect()
            else:
                self._converse(self._port)
        except DeviceError as error:
            self._close()
            self._say_lost(str(error))
            self._thread.stopping.wait(REOPEN_S)

    def _connect(self) -> None:
        """What lay in the port is older than our asking, and the dialogue takes it so."""
        self._port = self._open_port(DEVICE, self._path, self._line)
        self._carry_out(self._port, self._dialogue.connected(self._clock.monotonic_s()))

    def _converse(self, port: Port) -> None:
        wait_s = min(self._wake_at_s - self._clock.monotonic_s(), OBEY_S)
        command = self._mailbox.pop() if self._mailbox else None
        data = port.read(0.0 if command else max(0.0, wait_s))
        now_s = self._clock.monotonic_s()
        if data:
            _log.debug("< %d bytes", len(data))  # which may be a private key
            decision = self._dialogue.received(data, now_s)
        else:
            decision = self._dialogue.ticked(now_s)
        self._carry_out(port, _without_codes(decision) if command else decision)
        if command:
            self._carry_out(port, self._dialogue.commanded(command, now_s))

    def _carry_out(self, port: Port, decision: Decision) -> None:
        """Events before bytes: when the write fails, what was learnt is still told."""
        self._wake_at_s = decision.wake_at_s
        for event in decision.events:
            if isinstance(event, ScannerReady):
                self._lost_detail = None
            self._deliver(event)
        if decision.lost:
            raise NoReply(DEVICE, decision.lost)
        if decision.send:
            _log.debug("> %s", decision.send.hex(" "))
            port.write(decision.send)

    def _say_lost(self, detail: str) -> None:
        if detail != self._lost_detail:
            self._lost_detail = detail
            self._deliver(ScannerLost(detail))

    def _say_goodbye(self) -> None:
        if self._port:
            with suppress(LinkLost):
                self._port.write(self._dialogue.farewell())
        self._close()

    def _close(self) -> None:
        if self._port:
            self._port.close()
            self._port = None


def _without_codes(decision: Decision) -> Decision:
    """With an order waiting they may be of the customer before."""
    kept = (event for event in decision.events if not isinstance(event, CodeSeen | CodeUnreadable))
    return replace(decision, events=tuple(kept))
