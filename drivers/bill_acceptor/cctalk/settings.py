"""What the device is set to, against what it should be set to.

Responsible for: sending what differs, in order, until the device has acknowledged it, and reading it back now and
then. A device forgets its settings with its power, and inhibits itself when it was not polled for five seconds, so
that all of this may have to be said again at any time; and one that was restarted before its first event shows it
by nothing else.
"""

from collections.abc import Iterable, Mapping
from itertools import cycle

from drivers.bill_acceptor.cctalk.bills import mask_of
from drivers.bill_acceptor.cctalk.frames import Header, Request

STACKER_AND_ESCROW = b"\x03"  # header 153: bit 0 stacker, bit 1 escrow
INHIBITED, NORMAL = b"\x00", b"\x01"  # header 228

# Choices.
SET_AGAIN_S = 0.2
REFUSED_AFTER_S = 5.0
READ_BACK_S = 1.0

_READ_BACK = {
    Header.GET_INHIBIT_MASK: Header.SET_INHIBIT_MASK,
    Header.GET_MASTER_INHIBIT: Header.SET_MASTER_INHIBIT,
}

_NEVER_S = float("-inf")


def wanted(
    bills: Iterable[int], width: int, *, is_sealed: bool, takes_bills: bool
) -> dict[Header, bytes]:
    """A device without a bill for us keeps its mask: a closed one would say that a credit is uncommitted."""
    kinds = tuple(bills)
    settings = {Header.SET_MODE: STACKER_AND_ESCROW}
    if kinds:
        settings[Header.SET_INHIBIT_MASK] = mask_of(() if is_sealed else kinds, width)
    settings[Header.SET_MASTER_INHIBIT] = NORMAL if kinds and takes_bills else INHIBITED
    return settings


class Settings:
    def __init__(self) -> None:
        self._known: dict[Header, bytes] = {}
        self._sent_s: dict[Header, float] = {}
        self._differ_since_s: float | None = None
        self._read_s = _NEVER_S
        self._reads = cycle(_READ_BACK)

    def know(self, header: Header, value: bytes) -> None:
        """The device has acknowledged it, or says so by itself."""
        self._known[header] = value

    def forget(self) -> None:
        self._known.clear()

    def unanswered(self) -> None:
        """A device that is silent may have lost its power. It closes its slot by itself; before we open one, all is
        said again, since without escrow it would stack what comes."""
        if not self.is_set(Header.SET_MASTER_INHIBIT, NORMAL):
            self.forget()

    def is_set(self, header: Header, value: bytes) -> bool:
        return self._known.get(header) == value

    @property
    def are_sealed(self) -> bool:
        """The device takes no bill of any type."""
        mask = self._known.get(Header.SET_INHIBIT_MASK)
        return mask is not None and not any(mask)

    def hold(self, wanted: Mapping[Header, bytes]) -> bool:
        return all(self.is_set(header, value) for header, value in wanted.items())

    def next(self, wanted: Mapping[Header, bytes], now_s: float) -> Request | None:
        if self.hold(wanted):
            self._differ_since_s = None
            return None
        if self._differ_since_s is None:
            self._differ_since_s = now_s
        for header, value in wanted.items():
            is_paced = now_s - self._sent_s.get(header, _NEVER_S) >= SET_AGAIN_S
            if not self.is_set(header, value) and is_paced:
                self._sent_s[header] = now_s
                return Request(header, value)
        return None

    def read_back(self, now_s: float) -> Request | None:
        if now_s - self._read_s < READ_BACK_S:
            return None
        self._read_s = now_s
        return Request(next(self._reads))

    def was_read(self, asked: Header, value: bytes) -> bool:
        """Whether it is what we have set; if not, all is sent again."""
        known = self._known.get(_READ_BACK[asked])
        if known is None or known == _meaning(asked, value):
            return True
        self.forget()
        return False

    def are_refused(self, wanted: Mapping[Header, bytes], now_s: float) -> bool:
        if self.hold(wanted) or self._differ_since_s is None:
            return False
        return now_s - self._differ_since_s >= REFUSED_AFTER_S


def _meaning(asked: Header, value: bytes) -> bytes:
    """Of the master inhibit only bit 0 has one."""
    return bytes([value[0] & 1]) if asked is Header.GET_MASTER_INHIBIT else value
