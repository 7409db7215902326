"""The settings of a CCNET validator: which bill types it takes, and which of them wait in escrow.

Responsible for: ENABLE BILL TYPES, SET SECURITY and GET STATUS. Reset and power loss disable all.
"""

from hardware_sim.bill_acceptor.ccnet.tables import BILL_TYPES, BillType
from hardware_sim.bill_acceptor.model import Acceptor

_MASK_BYTES = BILL_TYPES // 8


class Settings:
    def __init__(self, acceptor: Acceptor, types: tuple[BillType, ...]) -> None:
        self._acceptor = acceptor
        self._types = types
        self._enabled = self._security = bytes(_MASK_BYTES)
        self._to_escrow: frozenset[int] = frozenset()

    @property
    def status(self) -> bytes:
        return self._enabled + self._security

    def forget(self) -> None:
        self._enabled = self._security = bytes(_MASK_BYTES)
        self._to_escrow = frozenset()

    def enable(self, masks: bytes) -> bool:
        if len(masks) != 2 * _MASK_BYTES:
            return False
        self._enabled = masks[:_MASK_BYTES]
        self._to_escrow = self._values(masks[_MASK_BYTES:])
        self._acceptor.enabled = self._values(self._enabled)
        self._acceptor.slot_open = bool(self._acceptor.enabled)
        return True

    def set_security(self, mask: bytes) -> bool:
        if len(mask) != _MASK_BYTES:
            return False
        self._security = mask
        return True

    def waits_in_escrow(self, value: int) -> bool:
        return value in self._to_escrow

    def _values(self, mask: bytes) -> frozenset[int]:
        """Type 0 is the lowest bit of the last byte."""
        bits = int.from_bytes(mask, "big")
        chosen = (each.value for at, each in enumerate(self._types) if bits >> at & 1)
        return frozenset(value for value in chosen if value)
