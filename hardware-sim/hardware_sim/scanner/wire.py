"""What each kind of engine is at the end of its wire."""

from typing import Protocol

ACK, ENQ, NAK = b"\x06", b"\x05", b"\x15"


class Wire(Protocol):
    def turn(self, heard: bytes) -> bytes:
        """Bring it to the present. Returns what it says."""
        ...

    def boot(self) -> None:
        """Everything that only memory held is gone."""
        ...
