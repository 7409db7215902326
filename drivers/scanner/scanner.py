"""The scanner: one thread from a camera to events.

Responsible for: opening the source and opening it again for ever, having each frame looked at while it is told to,
saying what it sees, and showing it.

The camera stays open while nobody scans, its frames unlooked at: a camera that vanishes is known before
a customer needs it, and when one does, there is no second of waiting for a device to wake up and
find its exposure, and no stale picture of the customer before.
"""

from collections import deque
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from drivers.clock import Clock
from drivers.device_thread import DeviceThread
from drivers.errors import DeviceError, LinkLost
from drivers.scanner.events import (
    ScannerCommand,
    ScannerEvent,
    ScannerLost,
    ScannerReady,
    StartScanning,
    StopScanning,
    WatchBay,
)
from drivers.scanner.sightings import Sightings
from drivers.scanner.view import Show

if TYPE_CHECKING:
    from drivers.scanner.eye import Eye

DEVICE = "scanner"
REOPEN_S = 2.0
LONGEST_TURN_S = 75.0  # OpenCV gives up on a camera after 10 s, to open and to read; the libraries are loaded before


class Scanner:
    """Events go to `deliver` and frames to `show`, on the scanner's thread; an exception there, which is a bug,
    to `on_crash`."""

    def __init__(
        self,
        source: str,
        clock: Clock,
        deliver: Callable[[ScannerEvent], None],
        *,
        show: Show,
        on_crash: Callable[[BaseException], None],
    ) -> None:
        self._source = source
        self._clock = clock
        self._deliver = deliver
        self._show = show
        self._mailbox: deque[ScannerCommand] = deque(
            maxlen=1
        )  # a new command voids the one before
        self._command: ScannerCommand = StopScanning()
        self._sightings = Sightings()
        self._lost_detail: str | None = None  # what was last said about the camera being away
        self._thread = DeviceThread(
            DEVICE, self._serve_until_lost, at_end=lambda: None, on_crash=on_crash
        )
        self.last_turn_s = clock.monotonic_s()  # for a watchdog; opening a stream may take seconds

    def start(self) -> None:
        self._thread.start()

    def send(self, command: ScannerCommand) -> None:
        """Takes effect with the next frame."""
        self._mailbox.append(command)

    def stop(self) -> None:
        self._thread.stop()

    def _serve_until_lost(self) -> None:
        self.last_turn_s = self._clock.monotonic_s()
        try:
            with closing(self._open()) as eye:
                self._lost_detail = None
                self._deliver(ScannerReady(self._source))
                self._watch(eye)
        except DeviceError as error:
            self._say_lost(str(error))
            self._thread.stopping.wait(REOPEN_S)

    def _open(self) -> "Eye":
        """Raises LinkLost. The libraries are loaded here: without them the kiosk still starts, and says so."""
        try:
            from drivers.scanner.eye import Eye  # noqa: PLC0415
        except ImportError as error:
            raise LinkLost(DEVICE, f"a library is missing, install it: {error}") from error
        return Eye(self._source)

    def _say_lost(self, detail: str) -> None:
        if detail != self._lost_detail:
            self._lost_detail = detail
            self._deliver(ScannerLost(detail))

    def _watch(self, eye: "Eye") -> None:
        """Until stopped. Raises LinkLost."""
        try:
            while not self._thread.stopping.is_set():
                self.last_turn_s = self._clock.monotonic_s()
                self._obey(eye)
                match self._command:
                    case StartScanning():
                        self._scan(eye)
                    case WatchBay():
                        self._glance(eye)
                    case StopScanning():
                        eye.skip()
        finally:
            self._show(None)

    def _scan(self, eye: "Eye") -> None:
        view, seen = eye.scan(self._clock.monotonic_s())
        self._show(view)
        if seen is None or self._mailbox:  # with an order waiting it may be of the customer before
            return
        now_s = self._clock.monotonic_s()
        for event in self._sightings.frame(now_s, seen.texts, code_in_view=seen.code_in_view):
            self._deliver(event)

    def _glance(self, eye: "Eye") -> None:
        for event in eye.glance(self._clock.monotonic_s()):
            self._deliver(event)

    def _obey(self, eye: "Eye") -> None:
        """StartScanning begins afresh: what is in view already is said again."""
        while self._mailbox:
            self._command = self._mailbox.popleft()
            self._sightings = Sightings()
            eye.forget()
            self._show(None)
