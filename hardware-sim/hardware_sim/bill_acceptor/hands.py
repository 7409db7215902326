"""What people do to a bill acceptor: feed it, cheat it, open it, unblock it, cut its power.

Responsible for: refusing, with a reason, what nobody could do to the machine as it stands.
"""

from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Cashbox, Motion, Part, Place

_MOVING = (Motion.ACCEPTING, Motion.STACKING, Motion.RETURNING, Motion.REJECTING)
_SECOND_BILL_FITS = (Motion.ACCEPTING, Motion.ESCROWED, Motion.STACKING)


class Impossible(Exception):
    """The machine, as it stands, does not let a person do this."""


class Hands:
    def __init__(self, acceptor: Acceptor) -> None:
        self._acceptor = acceptor

    def insert(self, value: int) -> None:
        """Offer a bill; while another is inside, it is pulled out again after a pause."""
        acceptor = self._acceptor
        why = _why_not_taken(acceptor)
        if why:
            acceptor.report("not_taken", value=value, why=why)
            return
        acceptor.tally.inserted[value] += 1
        acceptor.report("inserted", value=value)
        if acceptor.bill is None:
            acceptor.accept(value)
        else:
            acceptor.pause(value)

    def refuse_next(self, reason: str) -> None:
        """Make the next bill one that the head will not recognise."""
        self._acceptor.refuse_next = reason
        self._acceptor.report("armed", what="reject")

    def jam(self, part: Part | None) -> None:
        """Stick the bill that is moving there, else the next one that moves there."""
        acceptor = self._acceptor
        acceptor.jam_next = frozenset(Part) if part is None else frozenset([part])
        bill = acceptor.bill
        moves = bill is not None and bill.place is not Place.MOUTH and acceptor.motion in _MOVING
        if moves and acceptor.bill_inside().part in acceptor.jam_next:
            acceptor.stick()
        else:
            acceptor.report("armed", what="jam")

    def cheat(self) -> None:
        """Pull the bill back on its way to the stacker, else the next one that goes there."""
        acceptor = self._acceptor
        acceptor.cheat_next = True
        if acceptor.motion is Motion.STACKING and acceptor.bill_inside().part is Part.ACCEPTOR:
            acceptor.pull_back()
        else:
            acceptor.report("armed", what="cheat")

    def fail(self, code: int) -> None:
        """Break a part; `code` is the vendor's."""
        self._acceptor.failure = code
        self._acceptor.report("failed", code=f"{code:02X}")
        if self._acceptor.awake:
            self._acceptor.stop()

    def clear(self, *, into_cashbox: bool) -> None:
        """Remove the stuck bill and mend the failure; the machine then starts anew by itself."""
        acceptor = self._acceptor
        if not acceptor.jammed and acceptor.failure is None:
            raise Impossible("there is neither a jam nor a failure")
        if acceptor.jammed:
            self._remove_stuck_bill(into_cashbox=into_cashbox)
        else:
            acceptor.report("cleared")
        acceptor.jammed, acceptor.failure = False, None
        if acceptor.awake:
            acceptor.initialise()

    def fill_cashbox(self) -> None:
        self._acceptor.cashbox.declared_full = True
        self._acceptor.report("cashbox_full")

    def remove_cashbox(self) -> None:
        acceptor = self._acceptor
        if not acceptor.cashbox.present:
            raise Impossible("the cashbox is not there")
        acceptor.tally.collected += acceptor.cashbox.contents
        acceptor.cashbox = Cashbox(present=False)
        acceptor.report("cashbox_removed")
        if acceptor.motion in _SECOND_BILL_FITS:
            if acceptor.bill_inside().part is Part.ACCEPTOR:
                acceptor.give_back()
            else:
                acceptor.stop()

    def replace_cashbox(self) -> None:
        acceptor = self._acceptor
        if acceptor.cashbox.present:
            raise Impossible("the cashbox is already there")
        acceptor.cashbox = Cashbox()
        acceptor.report("cashbox_replaced")
        if acceptor.awake:
            acceptor.initialise()

    def power_off(self) -> None:
        acceptor = self._acceptor
        if acceptor.motion is Motion.OFF:
            raise Impossible("the power is already off")
        acceptor.stop()
        if acceptor.bill is not None and acceptor.bill.place is Place.MOUTH:
            acceptor.hand_over("returned")
        acceptor.enter(Motion.OFF)
        acceptor.report("power", on=False)

    def power_on(self) -> None:
        acceptor = self._acceptor
        if acceptor.motion is not Motion.OFF:
            raise Impossible("the power is already on")
        acceptor.boots += 1
        acceptor.forget_settings()
        acceptor.enter(Motion.POWERED_UP)
        acceptor.report("power", on=True)

    def _remove_stuck_bill(self, *, into_cashbox: bool) -> None:
        acceptor = self._acceptor
        if into_cashbox and not acceptor.cashbox.present:
            raise Impossible("the cashbox is not there")
        bill = acceptor.bill_inside()
        acceptor.bill = None
        if into_cashbox:
            acceptor.cashbox.put(bill.value)
        else:
            acceptor.tally.taken_out[bill.value] += 1
        acceptor.report("cleared", value=bill.value, into_cashbox=into_cashbox)


def _why_not_taken(acceptor: Acceptor) -> str:
    motion = acceptor.motion
    reasons = (
        (motion is Motion.OFF, "the power is off"),
        (motion in (Motion.POWERED_UP, Motion.INITIALISING), "it is not initialised"),
        (acceptor.jammed, "it is jammed"),
        (acceptor.failure is not None, "it has failed"),
        (not acceptor.cashbox.present, "the cashbox is not there"),
        (acceptor.cashbox.full, "the cashbox is full"),
        (not acceptor.slot_open, "it is inhibited"),
        (acceptor.credit_due is not None, "a credit waits for its acknowledgement"),
        (acceptor.second_bill is not None, "a second bill is already in the slot"),
        (motion in (Motion.RETURNING, Motion.REJECTING), "a bill is coming back"),
        (motion is Motion.CHEATED, "it has just been cheated"),
    )
    return next((why for is_so, why in reasons if is_so), "")
