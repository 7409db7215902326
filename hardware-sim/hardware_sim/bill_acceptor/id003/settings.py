"""The settings of an ID-003 acceptor: what it echoes, what it keeps, and what takes effect.

Responsible for: commands C0 to C7, CD and 80 to 87; in power-up it refuses to set anything.
The optional functions outlive reset and power loss; all else returns to its default.
"""

from hardware_sim.bill_acceptor.id003.tables import (
    DEFAULTS,
    ESCROW_LIMIT,
    GET_BELOW_SET,
    POWER_RECOVERY,
    Denomination,
    Setting,
)
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion

_POLLING = b"\x00"  # the only communication mode here; the interrupt modes are refused


class Settings:
    def __init__(self, acceptor: Acceptor, denominations: tuple[Denomination, ...]) -> None:
        self._acceptor = acceptor
        self._denominations = denominations
        self._kept = dict(DEFAULTS)
        self._boots = acceptor.boots

    def forget(self) -> None:
        optional_functions = self._kept[Setting.OPTIONAL_FUNCTIONS]
        self._kept = {**DEFAULTS, Setting.OPTIONAL_FUNCTIONS: optional_functions}

    def answer(self, command: int, data: bytes) -> tuple[int, bytes] | None:
        """The reply to a command that asks or sets; None when it is neither, or not allowed."""
        if self._boots != self._acceptor.boots:
            self._boots = self._acceptor.boots
            self.forget()
        asked = command + GET_BELOW_SET
        if asked in self._kept and asked != ESCROW_LIMIT and not data:
            return command, self._kept[asked]
        if len(data) == len(DEFAULTS.get(command, b"")) and self._may_set(command, data):
            self._kept[command] = data
            self._take_effect(command, data)
            return command, data
        return None

    def _may_set(self, command: int, data: bytes) -> bool:
        if command not in DEFAULTS or self._acceptor.motion is Motion.POWERED_UP:
            return False
        return command != Setting.COMMUNICATION_MODE or data == _POLLING

    def _take_effect(self, command: int, data: bytes) -> None:
        if command == Setting.DENOMINATIONS:
            self._acceptor.enabled = frozenset(
                each.value for each in self._denominations if not data[0] & each.inhibit_bit
            )
        elif command == Setting.INHIBIT:
            self._acceptor.slot_open = not data[0] & 1
        elif command == Setting.OPTIONAL_FUNCTIONS:
            self._acceptor.recovers_credit = bool(data[0] & POWER_RECOVERY)
