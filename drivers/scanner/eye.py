"""The camera and the process that reads what it sees, together.

Responsible for: having frames looked at without waiting for it. Those that come meanwhile are shown and not looked at.
Not responsible for: what follows from what is seen.
"""

from collections.abc import Sequence

from drivers.errors import DeviceError
from drivers.scanner.camera import open_camera
from drivers.scanner.cascade import MAX_SIDE_PX
from drivers.scanner.decoding.process import open_decoder
from drivers.scanner.events import ScannerEvent
from drivers.scanner.exposure import Bracket
from drivers.scanner.picture import fitted, grey
from drivers.scanner.seen import Seen
from drivers.scanner.tamper import LOOK_EVERY_S, BayWatch
from drivers.scanner.view import VIEW_SIDE_PX_MAX, View


class Eye:
    def __init__(self, source: str) -> None:
        """Raises LinkLost."""
        self._camera = open_camera(source)
        try:
            self._decoder = open_decoder()
        except DeviceError:
            self._camera.close()
            raise
        self._last = Seen()
        self._bracket = Bracket()
        self._exposure_ms: float | None = None  # the camera chooses
        self._bay = BayWatch()
        self._glance_s = 0.0  # of the next one

    def skip(self) -> None:
        """Lets a frame go by. Raises LinkLost."""
        self._camera.skip()

    def scan(self, now_s: float) -> tuple[View, Seen | None]:
        """As `look`, and does what it can to read what is in view. Raises LinkLost."""
        view, seen = self.look()
        if seen is not None:
            self._expose(
                self._bracket.wanted_ms(
                    now_s, code_in_view=seen.code_in_view, is_read=bool(seen.texts)
                )
            )
        return view, seen

    def look(self) -> tuple[View, Seen | None]:
        """The next frame, and what was in an earlier one once that is known. Raises LinkLost."""
        frame = self._camera.read()
        seen = self._decoder.seen() if self._decoder.is_busy else None
        if not self._decoder.is_busy:
            self._decoder.offer(fitted(grey(frame), MAX_SIDE_PX))
        self._last = seen or self._last
        return View(fitted(frame, VIEW_SIDE_PX_MAX), self._last.outline, self._last.hint), seen

    def glance(self, now_s: float) -> Sequence[ScannerEvent]:
        """At the idle bay, now and then; nobody is shown what the camera sees there. Raises LinkLost."""
        if now_s < self._glance_s:
            self._camera.skip()
            return ()
        view, seen = self.look()
        if seen is None:
            return ()
        self._glance_s = now_s + LOOK_EVERY_S
        # Two square frames alike may be a code, and on a wall they are sockets: what has no outline pays no thief.
        return self._bay.look(now_s, view.picture, code_in_view=bool(seen.outline))

    def forget(self) -> None:
        """Another customer, or none. Raises LinkLost."""
        self._bay.interrupted()
        self._decoder.forget()
        self._bracket = Bracket()
        self._expose(None)
        self._last = Seen()

    def _expose(self, exposure_ms: float | None) -> None:
        if exposure_ms != self._exposure_ms:
            self._camera.expose(exposure_ms)
            self._exposure_ms = exposure_ms

    def close(self) -> None:
        self._expose(None)  # or whoever opens it next has it so
        self._camera.close()
        self._decoder.close()
