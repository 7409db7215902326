"""What becomes of the bill in escrow: the core's decision, or HOLD while it decides.

Source: CCNET Protocol Description, Document 1, v2.6.0: without STACK or RETURN the device gives the bill
back after 10 s in escrow; each HOLD gives 10 s more.
"""

from drivers.bill_acceptor.ccnet.cycle import Cycle
from drivers.bill_acceptor.ccnet.frames import Request, RequestCode

HOLD_RENEW_S = 6.0  # a choice: one HOLD may get lost
UNDECIDED_MAX_S = 60.0  # a choice: a core that says nothing for so long has forgotten the customer


class Disposal:
    def __init__(self) -> None:
        self._offered_s = self._held_s = float("-inf")

    def offered(self, now_s: float) -> None:
        """The bill was offered to the core; the device's patience began with it."""
        self._offered_s = self._held_s = now_s

    def hold_now(self) -> None:
        self._held_s = float("-inf")

    def request(self, cycle: Cycle, now_s: float) -> Request | None:
        held = cycle.held
        if cycle.refusing or (held and held.bill is None):
            return Request(RequestCode.RETURN)
        decision = cycle.decision
        if decision == RequestCode.STACK:
            cycle.stack_sent()
        if decision in {RequestCode.STACK, RequestCode.RETURN}:
            return Request(decision)
        forgotten = decision is None and now_s - self._offered_s >= UNDECIDED_MAX_S
        if forgotten or now_s - self._held_s < HOLD_RENEW_S:
            return None
        self._held_s = now_s
        return Request(RequestCode.HOLD)
