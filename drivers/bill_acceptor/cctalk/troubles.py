"""The faults that stand, as events began them and self-checks end them.

An event tells that something broke, never that it is well again; the cashbox alone has events for both. So after a
break the device is asked to check itself, every now and then, until it answers that nothing is wrong. Some breaks
have no event at all but the device's own inhibit; so it is asked after that as well, and now and then in between.
"""

from collections.abc import Iterable

from drivers.bill_acceptor.cctalk.faults import (
    CASHBOX,
    CASHBOX_CHECKS,
    MASTER_INHIBIT_ACTIVE,
    STACKER_INSERTED,
    STACKER_OK,
    fault_of,
    fault_of_check,
)
from drivers.bill_acceptor.cctalk.history import BillEvent
from drivers.bill_acceptor.events import AcceptorEvent, Bill
from drivers.bill_acceptor.standing_faults import StandingFaults
from drivers.faults import FaultCode

# Choices: a self-check may move the motors.
CHECK_UNWELL_S = 2.0
CHECK_WELL_S = 60.0
_AT_ONCE_S = float("-inf")

_CASHBOX_WELL = {BillEvent(0, STACKER_OK), BillEvent(0, STACKER_INSERTED)}
_ASK_AFTER = {*_CASHBOX_WELL, BillEvent(0, MASTER_INHIBIT_ACTIVE)}


class Troubles:
    def __init__(self) -> None:
        self._faults = StandingFaults()
        self._standing: set[str] = set()
        self._checked_s = _AT_ONCE_S
        self._checks_cashbox = False  # its self-check has been seen to tell of the cashbox

    @property
    def is_well(self) -> bool:
        return not self._standing & {"event", "cashbox", "self-check"}

    @property
    def is_broken(self) -> bool:
        """More than a cashbox that is out or full."""
        return "event" in self._standing

    def stands(self, cause: str, code: FaultCode, detail: str) -> list[AcceptorEvent]:
        self._standing.add(cause)
        return self._faults.stands(cause, code, detail)

    def cleared(self, cause: str) -> list[AcceptorEvent]:
        self._standing.discard(cause)
        return self._faults.cleared(cause)

    def overrun(self) -> list[AcceptorEvent]:
        self._checked_s = _AT_ONCE_S
        detail = "more than five events since the last poll: some are lost"
        return self.stands("event", FaultCode.ACCEPTOR_PROTOCOL, detail)

    def table_read(self, takes: Iterable[Bill], currency: str) -> list[AcceptorEvent]:
        currencies = sorted({bill.currency for bill in takes})
        if currency in currencies:
            return self.cleared("currency")
        known = ", ".join(currencies) or "no currency we know"
        detail = f"the device takes {known}, the kiosk {currency}"
        return self.stands("currency", FaultCode.ACCEPTOR_CURRENCY, detail)

    def route_is_late(self, *, is_stacking: bool) -> list[AcceptorEvent]:
        code = FaultCode.STACKER_JAM if is_stacking else FaultCode.ACCEPTOR_JAM
        return self.stands("route", code, "154 route bill: it does not end")

    def set_up(self, *, is_refused: bool) -> list[AcceptorEvent]:
        if not is_refused:
            return self.cleared("set-up")
        detail = "it does not take 153, 231 or 228, or does not tell its scaling (156)"
        return self.stands("set-up", FaultCode.ACCEPTOR_PROTOCOL, detail)

    def seen(self, event: BillEvent) -> list[AcceptorEvent]:
        fault = fault_of(event)
        if event in _ASK_AFTER or fault:
            self._checked_s = _AT_ONCE_S
        if fault:
            cause = "cashbox" if event.a == 0 and event.b in CASHBOX else "event"
            return self.stands(cause, *fault)
        return self.cleared("cashbox") if event in _CASHBOX_WELL else []

    def is_check_due(self, now_s: float) -> bool:
        pace_s = CHECK_WELL_S if self.is_well else CHECK_UNWELL_S
        return now_s - self._checked_s >= pace_s

    def check_sent(self, now_s: float) -> None:
        self._checked_s = now_s

    def checked(self, code: int) -> list[AcceptorEvent]:
        """The device's answer to SELF_CHECK; 0 is "no fault"."""
        if code:
            self._checks_cashbox = self._checks_cashbox or code in CASHBOX_CHECKS
            return self.stands("self-check", *fault_of_check(code))
        events = self.cleared("self-check") + self.cleared("event")
        return events + self.cleared("cashbox") if self._checks_cashbox else events
