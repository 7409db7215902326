"""What the printer answers about itself: DLE EOT, GS r, GS I and Automatic Status Back.

Source: Epson, "ESC/POS Command Reference", DLE EOT, GS a, GS r, GS I.
"""

from dataclasses import dataclass

_FIXED = 0x12  # bits 1 and 4 mark every answer to DLE EOT
_ASB_FIXED = 0x10  # bit 4 alone marks the first byte of Automatic Status Back

_IDENTITY = {1: b"\x20", 2: b"\x02", 3: b"\x01"}  # a cutter fitted, no drawer
_NAMES = {65: b"1.00", 66: b"STATER", 67: b"SIM-80", 68: b"SIM0000001"}


@dataclass(frozen=True)
class Condition:
    paper_low: bool = False
    paper_out: bool = False
    cover_open: bool = False
    cutter_error: bool = False
    switched_offline: bool = False

    @property
    def online(self) -> bool:
        return not (
            self.paper_out or self.cover_open or self.cutter_error or self.switched_offline
        )


def real_time(kind: int, now: Condition) -> bytes:
    """DLE EOT 1 to 4: printer, cause of offline, cause of error, paper."""
    bits = {
        1: (0x08, not now.online),
        2: (0x04, now.cover_open, 0x20, now.paper_out, 0x40, now.cutter_error),
        3: (0x08, now.cutter_error),
        4: (0x0C, now.paper_low, 0x60, now.paper_out),
    }.get(kind)
    return bytes([_FIXED | _sum(*bits)]) if bits else b""


def automatic(now: Condition) -> bytes:
    """The four bytes of Automatic Status Back."""
    return bytes(
        [
            _ASB_FIXED | _sum(0x08, not now.online, 0x20, now.cover_open),
            _sum(0x08, now.cutter_error),
            _sum(0x03, now.paper_low, 0x0C, now.paper_out),
            0,
        ]
    )


def transmitted(kind: int, now: Condition) -> bytes:
    """GS r: 1 paper, 2 drawer (its pin is low: no drawer)."""
    if kind in (1, 49):
        return bytes([_sum(0x03, now.paper_low, 0x0C, now.paper_out)])
    return b"\x00" if kind in (2, 50) else b""


def identity(kind: int) -> bytes:
    """GS I: one byte, or a text between 5F and 00."""
    if name := _NAMES.get(kind):
        return b"\x5f" + name + b"\x00"
    return _IDENTITY.get(kind % 48, b"")


def _sum(*bits: int) -> int:
    """Pairs of (bits, whether they are set)."""
    return sum(bit for bit, on in zip(bits[::2], bits[1::2], strict=True) if on)
