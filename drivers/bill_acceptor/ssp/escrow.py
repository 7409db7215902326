"""A bill in escrow that is not to be polled for: kept, or given back.

The device gives it back after 10 s without a command. It answers HOLD and REJECT with F5 when no bill is there,
and perhaps while a second bill in the slot keeps it busy: so only an F5 that lasts says that the bill is gone.
Source: ITL SSP Protocol Manual GA138 v2.2, Hold and Reject; the times are choices.
"""

from typing import Literal

from drivers.bill_acceptor.ssp.frames import Command, CommandCode, Reply, ResponseCode

HOLD_S = 2.0
UNDECIDED_MAX_S = 120.0  # without a decision, or a Hold, for so long, the bill goes back
GONE_AFTER_S = 3.0  # of F5; a second bill is taken out of the slot sooner
ASK_AGAIN_S = 0.5  # meanwhile

Choice = Literal["stack", "return", "hold"]


class Escrow:
    def __init__(self) -> None:
        self._since_s = self._next_s = 0.0
        self._refused_since_s: float | None = None

    def found(self, now_s: float) -> None:
        self._since_s, self._next_s = now_s, now_s + HOLD_S
        self._refused_since_s = None

    def extended(self, now_s: float) -> None:
        self._since_s = self._next_s = now_s

    def is_overdue(self, now_s: float) -> bool:
        return now_s - self._since_s >= UNDECIDED_MAX_S

    def command(self, choice: Choice | None, now_s: float) -> Command | None:
        at_once = choice == "return" and self._refused_since_s is None
        if now_s < self._next_s and not at_once:
            return None
        self._next_s = now_s + (HOLD_S if self._refused_since_s is None else ASK_AGAIN_S)
        return Command(CommandCode.REJECT if choice == "return" else CommandCode.HOLD)

    def answered(self, asked: Command, reply: Reply, now_s: float) -> bool:
        """True when the bill is in escrow no longer."""
        if reply.code == ResponseCode.OK:
            self._refused_since_s = None
            return asked.code == CommandCode.REJECT
        if self._refused_since_s is None:
            self._refused_since_s, self._next_s = now_s, now_s + ASK_AGAIN_S
        return now_s - self._refused_since_s >= GONE_AFTER_S
