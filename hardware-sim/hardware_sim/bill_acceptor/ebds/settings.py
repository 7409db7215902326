"""What an EBDS host has set: it says all of it again in every poll, and the device forgets it without power.

Responsible for: which bills are taken, and which way round; escrow, extended reports and their options.
"""

from hardware_sim.bill_acceptor.ebds.tables import (
    EXTENDED_NOTES,
    INHIBIT_BYTES,
    ORIENTATIONS,
    Mode,
    Note,
    Policy,
)
from hardware_sim.bill_acceptor.model import Acceptor

_NOTES_PER_BYTE = 7


class Settings:
    def __init__(self, acceptor: Acceptor, notes: tuple[Note, ...]) -> None:
        self._acceptor = acceptor
        self._notes = notes
        self.forget()

    def forget(self) -> None:
        """As after a power-up: nothing is enabled, and every extended note would be."""
        self._inhibits_allow = frozenset(each.value for each in self._notes)
        self.escrows = False
        self.extended = False
        self.ways_round = ORIENTATIONS[0]
        self.escrow_timeout_s = 0  # never

    def hear(self, mask: int, mode: int, configuration: int) -> None:
        self.escrows = bool(mode & Mode.ESCROW)
        self.ways_round = ORIENTATIONS[mode >> 2 & 3]
        self.extended = bool(configuration & EXTENDED_NOTES)
        if self.extended:  # the mask then says no more than whether any bill is taken
            self._acceptor.enabled = self._inhibits_allow
        else:
            self._acceptor.enabled = frozenset(
                each.value for each in self._notes if mask & each.enable_bit
            )
        self._acceptor.slot_open = mask != 0

    def set_inhibits(self, data: bytes) -> bool:
        if len(data) not in INHIBIT_BYTES:
            return False
        self._inhibits_allow = frozenset(
            each.value
            for at, each in enumerate(self._notes)
            if data[at // _NOTES_PER_BYTE] >> at % _NOTES_PER_BYTE & 1
        )
        if self.extended:
            self._acceptor.enabled = self._inhibits_allow
        return True


def policy(configuration: int) -> Policy:
    """The fourth value is reserved, and taken for A."""
    bits = configuration >> 2 & 3
    return Policy(bits) if bits <= Policy.C else Policy.A
