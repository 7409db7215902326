"""A kiosk as its supervisor and its customer see it: a core that has ended starts again, and the screen is looked at anew."""

import time
from collections.abc import Callable

from kiosk.screen_link.intents import Intent
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen

PATIENCE_S = 40.0


class Supervised:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.screen: Touchscreen | None = None

    def close(self) -> None:
        if self.screen is not None:
            self.screen.close()
            self.screen = None

    def look(self) -> Snapshot | None:
        if not self.desk.parts["kiosk-core"].running:
            self.desk.start_core()
        if self.screen is not None and self.screen.hung_up:
            self.close()
        if self.screen is None:
            try:
                self.screen = Touchscreen(self.desk.socket, patience_s=0)
            except DemoProblem:
                return None
        return self.screen.latest

    def wait(self, what: str, wanted: Callable[[Snapshot], bool]) -> Snapshot:
        give_up_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_s:
            shown = self.look()
            if shown is not None and wanted(shown):
                return shown
            time.sleep(0.01)
        raise AssertionError(f"waited for {what}: {self.look()}")

    def wait_for(self, *states: ScreenState) -> Snapshot:
        return self.wait(" or ".join(states), lambda shown: shown.state in states)

    def touch(self, intent: Intent) -> None:
        assert self.screen is not None
        self.screen.touch(intent)

    def bring_to(self, state: ScreenState, ways: dict[ScreenState, Intent]) -> Snapshot:
        """By touching what leads there from each screen."""
        while (shown := self.wait("a screen", lambda _shown: True)).state is not state:
            if shown.state in ways:
                self.touch(ways[shown.state])
            self.wait("another screen", lambda s, old=shown: s.state is not old.state)
        return shown
