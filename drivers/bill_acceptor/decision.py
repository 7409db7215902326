"""What a protocol decides in one turn, and what every protocol can be asked.

A protocol does no I/O and reads no clock: `device.py` hands it the bytes, the commands and the time.
"""

from dataclasses import dataclass
from typing import Protocol

from drivers.bill_acceptor.commands import AcceptorCommand
from drivers.bill_acceptor.events import AcceptorEvent


@dataclass(frozen=True)
class Decision:
    send: bytes
    events: tuple[AcceptorEvent, ...]
    wake_at_s: float  # call `ticked` then, if nothing happens before
    heard: bool = False  # a whole frame of the device was among the bytes received


class AcceptorProtocol(Protocol):
    """One dialogue with one device. It outlives the link: what it knows of a bill, of a credit and of
    Enable stays when the port is lost and found again."""

    def connected(self, now_s: float) -> Decision: ...

    def disconnected(self) -> None: ...

    def received(self, data: bytes, now_s: float) -> Decision: ...

    def ticked(self, now_s: float) -> Decision: ...

    def commanded(self, command: AcceptorCommand, now_s: float) -> Decision: ...

    def farewell(self) -> bytes:
        """The last bytes before the port is closed on purpose: take no more bills."""
        ...
