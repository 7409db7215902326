"""The standing faults of an SSP device, read from what its polls repeat.

A fault is over when the polls of one second did not repeat it: no document says that every poll does.
"""

from collections.abc import Mapping

from drivers.bill_acceptor.events import AcceptorEvent
from drivers.bill_acceptor.ssp.faults import CASHBOX_REMOVED, FAULTS
from drivers.bill_acceptor.ssp.poll_events import Event, EventCode
from drivers.bill_acceptor.standing_faults import StandingFaults
from drivers.faults import FaultCode

GONE_S = 1.0

# In order for a while, and a fault when it does not end. The times are a choice: CCNET, of the same trade,
# allows 30 s for stacking.
_LINGERING: Mapping[int, tuple[float, tuple[FaultCode, str]]] = {
    EventCode.STACKING: (30.0, (FaultCode.STACKER_JAM, "CC stacking does not end")),
    EventCode.INITIALISING: (60.0, (FaultCode.ACCEPTOR_FAILURE, "B6 initialising does not end")),
    EventCode.JAM_RECOVERY: (60.0, (FaultCode.ACCEPTOR_JAM, "B0 jam recovery does not end")),
}


class Troubles(StandingFaults):
    def __init__(self) -> None:
        super().__init__()
        self._seen_s: dict[int, float] = {}
        self._since_s: dict[int, float] = {}

    def polled(self, events: list[Event], rest: bytes, now_s: float) -> list[AcceptorEvent]:
        """What the reply to a poll changes; `rest` is what could not be read of it."""
        told = self._unreadable(rest)
        codes = {event.code for event in events}
        if codes & {
            EventCode.CASHBOX_REPLACED,
            EventCode.SLAVE_RESET,
        }:  # a device that starts says E3 anew
            told += self.cleared("cashbox")
        if EventCode.CASHBOX_REMOVED in codes:
            told += self.stands("cashbox", *CASHBOX_REMOVED)
        for code, fault in FAULTS.items():
            told += self._repeated(code, fault, now_s, is_seen=code in codes)
        for code, (limit_s, fault) in _LINGERING.items():
            lasts_s = self._lasts_s(code, now_s, is_seen=code in codes)
            told += self._repeated(code, fault, now_s, is_seen=lasts_s >= limit_s)
        return told

    def _lasts_s(self, code: int, now_s: float, *, is_seen: bool) -> float:
        if not is_seen:
            self._since_s.pop(code, None)
            return 0.0
        return now_s - self._since_s.setdefault(code, now_s)

    def _unreadable(self, rest: bytes) -> list[AcceptorEvent]:
        if not rest:
            return self.cleared("event")
        detail = f"{rest.hex(' ').upper()} in a poll is not in the tables"
        return self.stands("event", FaultCode.ACCEPTOR_PROTOCOL, detail)

    def _repeated(
        self, code: int, fault: tuple[FaultCode, str], now_s: float, *, is_seen: bool
    ) -> list[AcceptorEvent]:
        cause = f"{code:02X}"
        if is_seen:
            self._seen_s[code] = now_s
            return self.stands(cause, *fault)
        return self.cleared(cause) if now_s - self._seen_s.get(code, 0.0) >= GONE_S else []
