"""Whether the device takes bills, and whether it shall.

A poll says DISABLED (E8) while it does not: at start, and when no command came for 10 s (thread 59 of
skokov3812/encrypted-smiley-secure-protocol).
"""

from collections.abc import Collection, Mapping

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.ssp.dataset import enabled_channels
from drivers.bill_acceptor.ssp.frames import Command, CommandCode, Reply, ResponseCode
from drivers.bill_acceptor.ssp.poll_events import EventCode

RETRY_S = 1.0


class Switch:
    def __init__(self) -> None:
        self._wanted = False
        self._accepting: bool | None = None
        self._codes: Collection[int] = ()
        self._next_s = 0.0

    @property
    def is_known(self) -> bool:
        """Whether the device was told, or has said so itself."""
        return self._accepting is not None

    def order(self, *, enabled: bool) -> None:
        self._wanted = enabled
        self._next_s = 0.0

    def forget(self) -> None:
        self._accepting = None

    def polled(self, codes: Collection[int]) -> None:
        self._codes = codes
        if EventCode.DISABLED in codes:
            self._accepting = False

    def answered(self, asked: Command, reply: Reply) -> None:
        if reply.code == ResponseCode.OK:
            self._accepting = asked.code == CommandCode.ENABLE
        else:
            self._accepting = EventCode.DISABLED not in self._codes

    def command(self, bills: Mapping[int, Bill], now_s: float) -> Command | None:
        """What to send now, between two bills."""
        wanted = self._wanted and bool(bills)
        all_inhibited = wanted and EventCode.ALL_INHIBITED in self._codes
        if now_s < self._next_s or (self._accepting == wanted and not all_inhibited):
            return None
        self._next_s = now_s + RETRY_S
        if all_inhibited and self._accepting:
            return Command(CommandCode.SET_INHIBITS, enabled_channels(bills))
        return Command(CommandCode.ENABLE if wanted else CommandCode.DISABLE)
