"""The faults that stand, each said once when it comes and once when it goes."""

from drivers.bill_acceptor.events import (
    AcceptorEvent,
    AcceptorFault,
    AcceptorFaultCleared,
    CashboxRemoved,
    CashboxReplaced,
)
from drivers.faults import FaultCode


class StandingFaults:
    """By cause, because two causes may stand for the same code: it is cleared with the last of them."""

    def __init__(self) -> None:
        self._code_of: dict[str, FaultCode] = {}

    def stands(self, cause: str, code: FaultCode, detail: str) -> list[AcceptorEvent]:
        if self._code_of.get(cause) == code:
            return []
        was_standing = code in self._code_of.values()
        events = self.cleared(cause)
        self._code_of[cause] = code
        if was_standing:
            return events
        if code == FaultCode.CASHBOX_REMOVED:
            events.append(CashboxRemoved())
        return [*events, AcceptorFault(code, detail)]

    def cleared(self, cause: str) -> list[AcceptorEvent]:
        code = self._code_of.pop(cause, None)
        if code is None or code in self._code_of.values():
            return []
        events: list[AcceptorEvent] = [AcceptorFaultCleared(code)]
        if code == FaultCode.CASHBOX_REMOVED:
            events.append(CashboxReplaced())
        return events
