"""What the engine sees, and whether it looks: the part that is the same whatever it speaks.

Responsible for: the code that is held before it, the trigger, the time that reading takes, and the power.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from hardware_sim.link import Clock

Report = Callable[..., None]

DECODE_S = 0.05
SAME_CODE_S = 0.6  # between two readings of a code that stays, in an engine that reads by itself
BOOT_S = 1.0


class Mode(Enum):
    TRIGGERED = auto()  # reads when told, until it has read
    BY_ITSELF = auto()


@dataclass
class Shown:
    data: bytes
    is_qr: bool = True
    spoils: bool = False  # the line will damage it, once

    @property
    def as_sent(self) -> bytes:
        """Without a checksum around it; one byte in the middle is another when the line is bad."""
        at = len(self.data) // 2
        return self.data[:at] + b"\xff" + self.data[at + 1 :] if self.spoils else self.data


class Optics:
    def __init__(self, clock: Clock, report: Report) -> None:
        self._clock = clock
        self.report = report
        self._shown: Shown | None = None
        self._looking_since_s: float | None = None
        self._dark_until_s = 0.0
        self._mode = Mode.BY_ITSELF
        self._reads_qr = self._reads_others = True

    # --- what people do

    def show(self, text: str, *, is_qr: bool = True, spoils: bool = False) -> None:
        self._shown = Shown(text.encode(), is_qr, spoils)
        self.report("shown", text=text)
        if self._looking_since_s is not None:
            self._looking_since_s = self._clock()

    def hide(self) -> None:
        self._shown = None
        self.report("hidden")

    def cut_power(self) -> None:
        """For a moment: it boots by itself."""
        self._dark_until_s = self._clock() + BOOT_S
        self._looking_since_s = None
        self.report("power_cut")

    # --- what the wire asks

    @property
    def is_dark(self) -> bool:
        return self._clock() < self._dark_until_s

    def set_up(self, mode: Mode, *, reads_qr: bool = True, reads_others: bool = True) -> None:
        if mode is not self._mode:
            self.look_away()
        self._mode = mode
        self._reads_qr, self._reads_others = reads_qr, reads_others

    @property
    def is_looking(self) -> bool:
        return self._looking_since_s is not None

    def look(self) -> None:
        if not self.is_looking:
            self.report("looking")
        self._looking_since_s = self._clock()

    def release(self) -> None:
        """The trigger, which means nothing to an engine that reads by itself."""
        if self._mode is Mode.TRIGGERED:
            self.look_away()

    def look_away(self) -> None:
        if self.is_looking:
            self.report("looking_away")
        self._looking_since_s = None

    def read(self) -> Shown | None:
        """What has been read just now; a trigger is let go by that."""
        if self._mode is Mode.BY_ITSELF and not self.is_looking:
            self.look()
        seen = self._shown
        if seen is None or self._looking_since_s is None or not self._can_read(seen):
            return None
        if self._clock() < self._looking_since_s + DECODE_S:
            return None
        if self._mode is Mode.TRIGGERED:
            self._looking_since_s = None
        else:
            self._looking_since_s = self._clock() + SAME_CODE_S
        self.report("read", text=seen.data.decode())
        self._shown = Shown(seen.data, seen.is_qr)
        return seen

    def _can_read(self, seen: Shown) -> bool:
        return self._reads_qr if seen.is_qr else self._reads_others
