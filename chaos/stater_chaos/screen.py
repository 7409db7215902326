"""The screen's end of the link: what it shows, and what a finger on it does. It may crash and come back."""

from collections.abc import Callable

from kiosk.screen_link.intents import Intent
from kiosk.screen_link.snapshot import Snapshot
from stater_chaos.clockwork import Clockwork, Signal


class Screen:
    def __init__(self, clockwork: Clockwork) -> None:
        self._deliver: Callable[[Intent], None] | None = None
        self._latest: Snapshot | None = None
        self.is_up = True
        self.changed = Signal(clockwork)
        self.on_show: Callable[[Snapshot], None] = lambda _snapshot: None

    @property
    def shown(self) -> Snapshot | None:
        """What a customer sees now; None while the screen, or what feeds it, is down."""
        return self._latest if self.is_up else None

    def touch(self, intent: Intent) -> None:
        if self.is_up and self._deliver is not None:
            self._deliver(intent)

    def core_died(self) -> None:
        self._deliver = self._latest = None
        self.changed.notify()

    # --- as `kiosk.screen_link.server.ScreenLink`

    def attach(self, deliver: Callable[[Intent], None]) -> "Screen":
        self._deliver = deliver
        return self

    def show(self, snapshot: Snapshot) -> None:
        self._latest = snapshot
        self.on_show(snapshot)
        self.changed.notify()

    def close(self) -> None:
        self.core_died()
