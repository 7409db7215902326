"""A port: bytes in, bytes out. The only place that opens a serial device.

Responsible for: opening by path (resolved anew each time, links move when USB re-enumerates),
line settings, and turning every way a port can vanish into `LinkLost`.
Not responsible for: framing, retries, or what the bytes mean.
"""

import select
from dataclasses import dataclass
from typing import Literal, Protocol

from drivers.errors import LinkLost

Parity = Literal["none", "even", "odd"]


class Port(Protocol):
    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting at most `timeout_s` for the first byte; b"" when nothing did.
        Raises LinkLost."""
        ...

    def write(self, data: bytes) -> None:
        """Raises LinkLost."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Line:
    """Serial line settings. A pseudo-terminal carries neither parity nor 7-bit words, and refuses
    to be opened twice with them: simulated devices are configured with parity "none"."""

    baud: int = 9600
    bits: Literal[7, 8] = 8
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1


class SerialPort:
    """A serial device through pyserial."""

    def __init__(self, device: str, path: str, line: Line) -> None:
        """Raises LinkLost when the path cannot be opened."""
        import serial  # noqa: PLC0415  # slow to import, and only real ports need it

        self._device = device
        parity = {"none": "N", "even": "E", "odd": "O"}[line.parity]
        try:
            self._serial = serial.Serial(
                path,
                line.baud,
                bytesize=line.bits,
                parity=parity,
                stopbits=line.stop_bits,
                timeout=0,
                write_timeout=2,
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            raise LinkLost(device, f"cannot open {path}: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        # select and not Serial.timeout: changing a setting re-applies the parity, which a
        # pseudo-terminal refuses the second time.
        try:
            ready, _, _ = select.select([self._serial], [], [], timeout_s)
            return bytes(self._serial.read(4096)) if ready else b""
        except (
            OSError,
            ValueError,
            TypeError,
        ) as error:  # what pyserial raises on a vanished port
            raise LinkLost(self._device, f"read failed: {error}") from error

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except (OSError, ValueError, TypeError) as error:
            raise LinkLost(self._device, f"write failed: {error}") from error

    def close(self) -> None:
        self._serial.close()
