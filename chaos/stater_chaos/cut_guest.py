"""The customer of the cut matrix: does everything right, and has some patience."""

from kiosk.screen_link import intents
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_chaos.clockwork import Clockwork
from stater_chaos.customer import STEPS, picture_of, wallet
from stater_chaos.cut_phases import Plan
from stater_chaos.machine import Machine

VALUES = {Plan.FITS: 20, Plan.OVER_LIMIT: 50, Plan.REJECTED: 20}
LOOK_S = 0.1
PATIENCE_S = 5.0  # for the bill, and once more when all works again


class Guest:
    def __init__(self, clockwork: Clockwork, machine: Machine, plan: Plan) -> None:
        self._clockwork, self._machine, self._plan = clockwork, machine, plan
        self._has_started = self._has_paid = False
        self.has_gone = False
        self.leaves_s = float("inf")

    def live(self) -> None:
        machine = self._machine
        if self._plan is Plan.REJECTED:
            machine.do("reject")
        while not self.has_gone:
            self._clockwork.wait(LOOK_S, machine.screen.changed)
            if machine.screen.shown is not None:
                self._act(machine.screen.shown)
            machine.acceptor.simulator.pump()  # a device lives also while nobody listens

    def _act(self, seen: Snapshot) -> None:
        machine = self._machine
        scans = seen.state is ScreenState.SCANNING
        machine.phone = picture_of(wallet(1)) if scans else None
        if seen.state is ScreenState.IDLE and self._has_started:
            self.has_gone = True
        elif seen.state is ScreenState.IDLE:
            machine.screen.touch(intents.StartRequested())
            self._has_started = True
        elif seen.state is ScreenState.INSERTING:
            self._pay(seen)
        elif seen.state in STEPS:
            machine.screen.touch(STEPS[seen.state])

    def _pay(self, seen: Snapshot) -> None:
        if not self._has_paid:
            answer = self._machine.do(f"insert {VALUES[self._plan]}")
            self._has_paid = answer["event"] == "accepting"
            self.leaves_s = self._clockwork.now_s + PATIENCE_S
        elif self._clockwork.now_s >= self.leaves_s:
            leave = intents.FinishRequested() if seen.can_finish else intents.CancelRequested()
            self._machine.screen.touch(leave)
