"""The dialogue with a serial engine, whatever its language. Pure: it is handed bytes and the time.

Responsible for: one request after another, again when it is not answered; the settings, anew every few
seconds, which finds out both a dead engine and one that has lost them with its power; the trigger, again
after each code; and that a start delivers nothing older than itself.
Not responsible for: the port, or the bytes.
"""

import logging
from collections import deque
from dataclasses import replace

from drivers.scanner.engines.decision import Decision
from drivers.scanner.engines.language import Answer, Code, Heard, Language, Request
from drivers.scanner.engines.payload import InView
from drivers.scanner.events import ScannerCommand, ScannerEvent, ScannerReady, StartScanning

ANSWER_S = 2.0  # SSI's own time-out, as delivered; storing settings takes an engine a while
TRIES = 3  # SE955 Integration Guide, CMD_ACK: two more
CHECK_S = 3.0  # an engine that answers is asked again, and its trigger pulled again
TRIGGER_S = 0.5  # after a code; the same one still in view is then soon seen again
SILENCE_S = 0.5  # between two characters of one text; a USB adapter holds them back for 16 ms

_log = logging.getLogger(__name__)


class Dialogue:
    """It outlives the line: that it is to scan stays when the port is lost and found again."""

    _silent_at_s: float | None
    _trigger_at_s: float | None

    def __init__(self, language: Language, source: str) -> None:
        self._language = language
        self._source = source
        self._is_scanning = False
        self._refused: tuple[str, ...] = ()
        self._reset(0.0)

    def connected(self, now_s: float) -> Decision:
        self._reset(now_s)
        self._language.forget()
        self._plan_anew()
        return self._proceed(now_s)

    def commanded(self, command: ScannerCommand, now_s: float) -> Decision:
        """Call it with every byte that has come handed over: what comes later is the customer's."""
        self._is_scanning = isinstance(command, StartScanning)
        self._plan_anew()
        return self._proceed(now_s)

    def received(self, data: bytes, now_s: float) -> Decision:
        self._is_silent = False
        self._silent_at_s = now_s + SILENCE_S
        return self._take(self._language.hear(data, now_s), now_s)

    def ticked(self, now_s: float) -> Decision:
        heard: list[Heard] = []
        if self._silent_at_s is not None and now_s >= self._silent_at_s:
            self._silent_at_s = None
            heard = self._language.fall_silent()
        return self._take(heard, now_s)

    def farewell(self) -> bytes:
        return b"".join(request.data for request in self._language.stop)

    def _reset(self, now_s: float) -> None:
        self._steps: deque[Request | None] = deque()  # None: from here on what is seen counts
        self._asked: Request | None = None  # and not answered yet
        self._tries = 0
        self._is_silent = True  # since it was first asked
        self._wait_until_s = now_s  # for the answer, or the end of a pause
        self._check_at_s = now_s
        self._trigger_at_s = None
        self._silent_at_s = None
        self._counts = False
        self._is_ready = False
        self._in_view = InView()
        self._events: list[ScannerEvent] = []

    def _plan_anew(self) -> None:
        """The answer to the settings is the line between what the engine read before and what it reads now."""
        self._counts = False
        self._in_view = InView()
        self._plan(*self._language.setup, None, *self._trigger)

    def _plan(self, *steps: Request | None) -> None:
        self._steps = deque((*self._language.wake, *steps))
        if self._asked is None:
            self._tries = 0

    @property
    def _trigger(self) -> tuple[Request, ...]:
        return self._language.start if self._is_scanning else self._language.stop

    def _take(self, heard: list[Heard], now_s: float) -> Decision:
        send = bytearray()
        for item in heard:
            match item:
                case Answer():
                    self._answered(item, now_s)
                case Code():
                    self._see(item.data, now_s)
                case _:
                    send += item.data
        return self._proceed(now_s, bytes(send))

    def _answered(self, answer: Answer, now_s: float) -> None:
        if self._asked is None:
            return
        if answer.is_plea:
            self._wait_until_s = now_s if self._tries < TRIES else self._wait_until_s
            return
        if answer.refused and answer.refused != self._refused:
            self._refused = answer.refused  # and again every few seconds
            refused = ", ".join(answer.refused)
            _log.warning("the scanner on %s does not take %s", self._source, refused)
        self._asked, self._wait_until_s, self._tries = None, now_s, 0

    def _see(self, data: bytes, now_s: float) -> None:
        if self._counts and self._is_scanning:
            self._trigger_at_s = now_s + TRIGGER_S
            self._events += self._in_view.see(data, now_s)

    def _proceed(self, now_s: float, send: bytes = b"") -> Decision:
        if self._asked is not None and now_s >= self._wait_until_s:
            if self._tries >= TRIES:
                return Decision(send, self._told(), now_s, lost=self._why_lost())
            self._ask_again(self._asked)
        self._plan_what_is_due(now_s)
        while self._steps and self._asked is None and now_s >= self._wait_until_s:
            send += self._step(self._steps.popleft(), now_s)
        return Decision(send, self._told(), self._wake_at_s())

    def _plan_what_is_due(self, now_s: float) -> None:
        if self._steps or self._asked is not None:
            return
        if not self._is_ready and now_s >= self._wait_until_s:
            self._is_ready = True
            self._check_at_s = now_s + CHECK_S
            self._events.append(ScannerReady(self._source))
        if now_s >= self._check_at_s:
            self._plan(*self._language.setup, *self._trigger)
            self._check_at_s = now_s + CHECK_S
        elif self._trigger_at_s is None or now_s < self._trigger_at_s:
            return
        else:
            self._plan(*self._trigger[-1:])
        self._trigger_at_s = None

    def _step(self, request: Request | None, now_s: float) -> bytes:
        if request is None:
            self._counts = True
            self._language.begin()
            return b""
        if request.is_answered:
            self._asked = request
            self._is_silent |= self._tries == 0
            self._tries += 1
            self._wait_until_s = now_s + ANSWER_S
        else:
            self._wait_until_s = now_s + request.pause_s
        return request.data

    def _ask_again(self, request: Request) -> None:
        self._asked = None
        again = replace(request, data=request.again or request.data)
        self._steps.extendleft((again, *reversed(self._language.wake)))

    def _why_lost(self) -> str:
        if self._is_silent:
            return (
                f"no answer on {self._source}: is the scanner powered and set to serial, "
                "are scanner.kind and its speed right?"
            )
        return (
            f"bytes come from {self._source}, but no answer: are scanner.kind and its speed right?"
        )

    def _told(self) -> tuple[ScannerEvent, ...]:
        events, self._events = tuple(self._events), []
        return events

    def _wake_at_s(self) -> float:
        is_busy = self._asked is not None or bool(self._steps) or not self._is_ready
        moments = [self._silent_at_s]
        moments += [self._wait_until_s] if is_busy else [self._check_at_s, self._trigger_at_s]
        return min(moment for moment in moments if moment is not None)
