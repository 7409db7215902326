"""The mechanics of a bill acceptor: what moves, how long it takes, and where a bill is.

Responsible for: head, escrow, transport and stacker, and for what outlives a power loss: where a
bill lies and whether its credit was acknowledged.
Not responsible for: bytes, polls and how long a host may take, which belong to each protocol; nor
for what people do to the machine, which is in `hands`.
"""

from functools import partial

from hardware_sim.bill_acceptor.parts import (
    Bill,
    Cashbox,
    Credit,
    Motion,
    Part,
    Place,
    Report,
    Tally,
    Timing,
)
from hardware_sim.bill_acceptor.schedule import Schedule, Step
from hardware_sim.link import Clock

UNRECOGNISED, INHIBITED = "unrecognised", "inhibited"  # the machine's own reasons to reject

_ASLEEP = (Motion.OFF, Motion.POWERED_UP)


class Acceptor:
    """One machine; `tick` brings it to the present, and everything else acts in the present."""

    def __init__(
        self, clock: Clock, denominations: frozenset[int], report: Report, timing: Timing
    ) -> None:
        self.schedule = Schedule(clock)
        self._listeners = [report]
        self.timing = timing
        self.denominations = denominations
        self.enabled = denominations
        self.slot_open = False
        self.motion = Motion.POWERED_UP
        self.since_s = clock()
        self.bill: Bill | None = None
        self.second_bill: int | None = None
        self.reason = ""  # why the bill in motion is rejected
        self.credit: Credit | None = None
        self.recovers_credit = False  # kept without power, like the bill and its credit
        self.holds_escrow = False  # a bill found in escrow waits for the host again
        self.boots = 1
        self.failure: int | None = None
        self.jammed = False
        self.jam_next: frozenset[Part] = frozenset()
        self.refuse_next = ""
        self.cheat_next = False
        self.cashbox = Cashbox()
        self.tally = Tally()

    @property
    def awake(self) -> bool:
        return self.motion not in _ASLEEP

    @property
    def credit_due(self) -> Credit | None:
        return self.credit if self.credit and not self.credit.acknowledged else None

    def listen(self, listener: Report) -> None:
        """Let a protocol hear what happens too: it may owe its host an event, not only a state."""
        self._listeners.append(listener)

    def report(self, event: str, **facts: object) -> None:
        for listener in self._listeners:
            listener(event, **facts)

    def bill_inside(self) -> Bill:
        if self.bill is None:
            raise AssertionError("no bill is inside")
        return self.bill

    def tick(self) -> None:
        self.schedule.run()

    # What the host orders; the protocol checks that the moment is right.

    def stack(self, *, credit_at_lever: bool) -> None:
        """Take the bill from escrow; its credit falls due at the lever, or when it is stored."""
        bill = self.bill_inside()
        bill.place = Place.TRANSPORT
        self.report("stacking", value=bill.value)
        step = partial(self._pass_lever, credit_now=credit_at_lever)
        self._move(Motion.STACKING, self.timing.lever_s, step)
        if self.cheat_next and Part.ACCEPTOR not in self.jam_next:
            self.schedule.after(self.timing.lever_s / 2, self.pull_back)

    def give_back(self) -> None:
        self.report("returning", value=self.bill_inside().value)
        self._send_back(Motion.RETURNING)

    def reject(self, reason: str) -> None:
        self.reason = reason
        self.report("rejected", value=self.bill_inside().value, reason=reason)
        self._send_back(Motion.REJECTING)

    def acknowledge(self) -> None:
        credit = self.credit_due
        if credit is not None:
            credit.acknowledged = True
            self.report("credit_acknowledged", value=credit.value)
            if self.motion is Motion.STACKED:
                self._show_stacked()

    def reset(self) -> None:
        """The host starts the machine anew: slot closed, and what lies inside is sorted out."""
        self.forget_settings()
        if not self.recovers_credit and self.credit_due:
            self.credit = None
        if self.credit is not None:
            self.credit.shown_s = None
        self.initialise()

    def forget_settings(self) -> None:
        self.slot_open = False
        self.enabled = self.denominations

    # The way in.

    def accept(self, value: int) -> None:
        self.bill, self.credit = Bill(value, Place.HEAD), None
        self.report("accepting", value=value)
        self._move(Motion.ACCEPTING, self.timing.accept_s, self._judge)

    def _judge(self) -> None:
        bill = self.bill_inside()
        reason, self.refuse_next = self.refuse_next, ""
        if not reason and bill.value not in self.denominations:
            reason = UNRECOGNISED
        if not reason and not (self.slot_open and bill.value in self.enabled):
            reason = INHIBITED
        if reason:
            self.reject(reason)
            return
        bill.place = Place.ESCROW
        self._wait_in_escrow()

    def _wait_in_escrow(self) -> None:
        self.enter(Motion.ESCROWED)
        self.report("escrowed", value=self.bill_inside().value)

    def pause(self, second_bill: int) -> None:
        self.second_bill = second_bill
        self.report("paused", value=second_bill)
        self.schedule.freeze()
        self.schedule.after(self.timing.second_bill_s, self._end_pause)

    def _end_pause(self) -> None:
        self._pull_out_second_bill()
        self.schedule.thaw()

    def _pull_out_second_bill(self) -> None:
        value, self.second_bill = self.second_bill, None
        if value is not None:
            self.tally.given_back[value] += 1
            self.report("returned", value=value)

    # The way down.

    def _pass_lever(self, *, credit_now: bool) -> None:
        bill = self.bill_inside()
        bill.place = Place.STACKER
        if Part.STACKER in self.jam_next:
            self.stick()
            return
        if credit_now:
            self.credit = Credit(bill.value)
        step = partial(self._store, credits_it=True)
        self._move(Motion.STACKING, self.timing.store_s, step)

    def _store(self, *, credits_it: bool) -> None:
        bill = self.bill_inside()
        self.bill = None
        self.cashbox.put(bill.value)
        self.report("stacked", value=bill.value)
        if self.credit is None and credits_it:
            self.credit = Credit(bill.value)
        if self.credit is None:
            self.enter(Motion.RESTING)
        elif self.credit.acknowledged:
            self._show_stacked()
        else:
            self.enter(Motion.STACKED)

    def _show_stacked(self) -> None:
        self.enter(Motion.STACKED)
        self.schedule.after(self.timing.stacked_s, self._rest)

    # The way out.

    def _send_back(self, motion: Motion) -> None:
        self._pull_out_second_bill()
        self.schedule.cancel()
        self.bill_inside().place = Place.TRANSPORT
        self._move(motion, self.timing.return_s, self._offer)

    def _offer(self) -> None:
        self.bill_inside().place = Place.MOUTH
        self.schedule.after(self.timing.take_s, self._end_return)

    def _end_return(self) -> None:
        self.hand_over("returned")
        self._rest()

    def hand_over(self, event: str) -> None:
        bill = self.bill_inside()
        self.bill = None
        self.tally.given_back[bill.value] += 1
        self.report(event, value=bill.value)

    def pull_back(self) -> None:
        self.cheat_next = False
        self.stop()
        self.hand_over("cheated")
        self.enter(Motion.CHEATED)
        self.schedule.after(self.timing.cheated_s, self._rest)

    # Standing still, and starting anew.

    def stick(self) -> None:
        bill = self.bill_inside()
        self.jammed, self.jam_next = True, frozenset()
        self.stop()
        self.report("jammed", value=bill.value, where=bill.part)

    def stop(self) -> None:
        self._pull_out_second_bill()
        self.schedule.cancel()
        self.enter(Motion.STOPPED)

    def initialise(self) -> None:
        self.stop()
        self.enter(Motion.INITIALISING)
        self.schedule.after(self.timing.initialise_s, self._sort_out)

    def _sort_out(self) -> None:
        bill = self.bill
        if self.jammed or self.failure is not None:
            self.enter(Motion.STOPPED)
        elif bill is None:
            self.enter(Motion.STACKED if self.credit_due else Motion.RESTING)
        elif self.holds_escrow and bill.place is Place.ESCROW:
            self._wait_in_escrow()
        elif bill.part is Part.ACCEPTOR:
            self.give_back()
        elif self.cashbox.present:
            self.report("stacking", value=bill.value)
            step = partial(self._store, credits_it=self.recovers_credit)
            self._move(Motion.STACKING, self.timing.store_s, step)
        else:
            self.enter(Motion.STOPPED)

    def _move(self, motion: Motion, seconds: float, then: Step) -> None:
        self.enter(motion)
        if self.bill_inside().part in self.jam_next:
            seconds, then = seconds / 2, self.stick
        self.schedule.after(seconds, then)

    def _rest(self) -> None:
        self.enter(Motion.RESTING)

    def enter(self, motion: Motion) -> None:
        self.motion = motion
        self.since_s = self.schedule.now_s
