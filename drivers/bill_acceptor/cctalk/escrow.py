"""The bill in the escrow, and what to ask of it: stack, return, keep, or whether it is still there.

Responsible for: the routes of one bill, their pace and their limits.
Not responsible for: the events that end it (`cycle`), and the seal that STACK waits for (`protocol`).
Source: ccTalk Generic Specification 4.7, part 2, header 154. EXTEND is also the one way to ask whether a bill is
there: it is answered with ACK, or with "escrow is empty".
"""

from drivers.bill_acceptor.cctalk.frames import ESCROW_EMPTY, Answer, Frame, Route
from drivers.bill_acceptor.events import AcceptorEvent, Bill, BillEscrowed, BillStacking

# Choices. The specification calls the time-out of an escrow "usually quite long (30 s or more)".
EXTEND_EVERY_S = 4.0
HOLD_MAX_S = 30.0  # without a command for so long, the device may give the bill back by itself
AGAIN_S = 1.0  # after "busy" or "failed"
PROBES_MAX = 3  # a device that does not answer EXTEND: its event says that the bill is there
ROUTE_EVERY_S = 5.0  # a bill is stacked in two or three seconds; a repetition does no harm
ROUTE_LIMIT_S = 30.0  # CCNET, another protocol, allows as much for stacking
GONE_AFTER_S = 5.0  # an empty escrow, nothing moving, and no event that says where the bill went


class Held:
    def __init__(self, bill: Bill | None, now_s: float, *, is_offered: bool = True) -> None:
        self.bill = bill  # None: it has no denomination here, and goes back
        self.is_stacking = False  # STACK was decided: it may reach the cashbox any time
        self._is_offered = is_offered  # the core may decide; else it is not known to be there
        self._decision = Route.RETURN if bill is None else None
        self._hold_until_s = now_s + HOLD_MAX_S
        self._next_s = now_s
        self._routed_s: float | None = None
        self._empty_s: float | None = None
        self._moves = False
        self._probes = 0

    def decide(self, decision: Route | None, now_s: float) -> None:
        """None is "keep it". Not for a bill that is not in escrow, as far as we know."""
        if not self._is_offered or self.bill is None:
            return
        if decision != self._decision:
            self._next_s, self._routed_s = now_s, None
        self._decision = decision
        self._hold_until_s = now_s + HOLD_MAX_S
        self.is_stacking = self.is_stacking or decision is Route.STACK

    def lost_sight(self, now_s: float) -> None:
        """The line or the device was away, or broke: is the bill still there?"""
        self._moves, self._empty_s, self._probes = False, None, 0
        self._next_s, self._routed_s = now_s, None
        if self.bill is not None:
            self._is_offered, self._decision = False, None

    def offered_again(self, now_s: float) -> list[AcceptorEvent]:
        self.lost_sight(now_s)
        self._is_offered = True
        self._hold_until_s = now_s + HOLD_MAX_S
        return [BillEscrowed(self.bill)] if self.bill else []

    def next_route(self, now_s: float, *, is_sealed: bool) -> Route | None:
        if self._decision is Route.STACK and not is_sealed:
            return None
        is_over = self._is_offered and now_s >= self._hold_until_s
        if now_s < self._next_s or (self._decision is None and is_over):
            return None
        return Route.EXTEND if self._decision is None else self._decision

    def sent(self, route: Route, now_s: float) -> None:
        if route is Route.EXTEND:
            self._next_s = now_s + (EXTEND_EVERY_S if self._is_offered else AGAIN_S)
            return
        self._next_s = now_s + ROUTE_EVERY_S
        self._routed_s = now_s if self._routed_s is None else self._routed_s

    def answered(self, route: Route, reply: Frame, now_s: float) -> list[AcceptorEvent]:
        is_probe = route is Route.EXTEND and not self._is_offered
        if reply.header == Answer.DONE and not reply.data:
            self._empty_s = None
            if is_probe:
                return self.offered_again(now_s)
            return self._starts_moving() if route is Route.STACK else []
        if reply.header == Answer.DONE and reply.data[0] == ESCROW_EMPTY:
            self._empty_s = now_s if self._empty_s is None else self._empty_s
        elif is_probe and reply.header != Answer.BUSY:  # it cannot extend
            return self.offered_again(now_s)
        else:
            self._next_s = now_s + AGAIN_S
        return []

    def unanswered(self, route: Route, now_s: float) -> list[AcceptorEvent]:
        self._next_s = now_s
        if route is not Route.EXTEND or self._is_offered:
            return []
        self._probes += 1
        return self.offered_again(now_s) if self._probes >= PROBES_MAX else []

    def is_gone(self, now_s: float) -> bool:
        limit_s = ROUTE_LIMIT_S if self._moves else GONE_AFTER_S
        return self._empty_s is not None and now_s - self._empty_s >= limit_s

    def is_late(self, now_s: float) -> bool:
        return self._routed_s is not None and now_s - self._routed_s >= ROUTE_LIMIT_S

    def _starts_moving(self) -> list[AcceptorEvent]:
        if self._moves:
            return []
        self._moves = True
        return [BillStacking()]
