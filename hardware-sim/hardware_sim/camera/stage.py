"""Who holds what before the camera, as words given one after another."""

from dataclasses import dataclass, field, replace
from typing import Self

from hardware_sim.camera.motion import Ramp, View

APPROACH_S = 1.4
LEAVING_S = 1.1
_FOCUS_S = 0.5


@dataclass(frozen=True)
class Showing:
    """What the phone's screen shows."""

    text: str
    dark: bool = False


@dataclass(frozen=True)
class Stage:
    """Frozen, so that a frame being drawn never sees half a change."""

    showing: Showing | None = None
    presence: Ramp = field(default_factory=lambda: Ramp(0, 0))
    closeness: Ramp = field(default_factory=lambda: Ramp(0, 0))
    covered: bool = False

    def view(self, now_s: float) -> View:
        return View(self.presence.at(now_s), self.closeness.at(now_s))

    def show(self, showing: Showing, now_s: float) -> Self:
        """A phone comes into view; one that is there already, with the same code, moves into focus."""
        if self.held and showing == self.showing:
            return replace(self, closeness=self._closeness_to(0, now_s))
        arriving = Ramp(0, 1, now_s, APPROACH_S)
        return replace(self, showing=showing, presence=arriving, closeness=Ramp(0, 0))

    def hide(self, now_s: float) -> Self:
        leaving = Ramp(self.presence.at(now_s), 0, now_s, LEAVING_S)
        return replace(self, presence=leaving, closeness=self._closeness_to(0, now_s))

    def blur(self, now_s: float) -> Self:
        """The phone is held so close that nothing on it is sharp."""
        return replace(self, closeness=self._closeness_to(1, now_s))

    def cover(self, *, covered: bool) -> Self:
        return replace(self, covered=covered)

    @property
    def held(self) -> bool:
        return self.presence.end > 0

    def _closeness_to(self, end: float, now_s: float) -> Ramp:
        return Ramp(self.closeness.at(now_s), end, now_s, _FOCUS_S)


def one_visit(showing: Showing, seconds: float) -> list[tuple[float, Stage]]:
    """A customer comes, holds the phone still and leaves: the stages, each from its second on."""
    here = Stage().show(showing, 0.0)
    away_s = seconds - LEAVING_S - 0.3  # and the empty shop for a moment
    return [(0.0, here), (away_s, here.hide(away_s))]
