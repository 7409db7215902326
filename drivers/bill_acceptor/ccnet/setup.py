"""What a CCNET device is asked before it may take bills.

Source: CCNET Protocol Description, Document 1, v2.6.0: IDENTIFICATION and GET BILL TABLE are answered in
the power-up, initialise, failure and disabled states alone; we ask in the last, where every way leads.
"""

from drivers.bill_acceptor.ccnet.frames import Request, RequestCode

TRIES_MAX = 3  # a choice, as AlexObukhoff/TerminalClient: then silence to one request is a refusal

_STEPS = (RequestCode.IDENTIFICATION, RequestCode.GET_BILL_TABLE)


class SetUp:
    """How far the set-up has come."""

    def __init__(self) -> None:
        self._at = 0
        self._failures = 0
        self.needs_reset = False  # the table was refused; RESET may help
        self.was_reset = False  # and has been tried since the device was ready last

    @property
    def is_done(self) -> bool:
        return self._at == len(_STEPS)

    def is_at(self, code: int) -> bool:
        return not self.is_done and _STEPS[self._at] == code

    def request(self) -> Request:
        return Request(_STEPS[self._at])

    def advance(self) -> None:
        self._at += 1
        self._failures = 0

    def failed(self) -> bool:
        """True when the step has been tried often enough."""
        self._failures += 1
        return self._failures >= TRIES_MAX

    def restart(self) -> None:
        self._at = self._failures = 0
        self.needs_reset = False
