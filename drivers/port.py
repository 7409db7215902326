"""A port: bytes in, bytes out. The only place that opens a serial device.

Responsible for: opening by path (resolved anew each time, links move when USB re-enumerates),
line settings, and turning every way a port can vanish into `LinkLost`, in words a person can act on.
Not responsible for: framing, retries, or what the bytes mean.
"""

import errno
import os
import select
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from drivers.errors import LinkLost

Parity = Literal["none", "even", "odd"]

READ_BYTES_MAX = 4096
WRITE_TIMEOUT_S = 2  # at 9600 baud a frame of 255 bytes takes 0.3 s


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
    to be opened twice with them: simulated devices may need parity "none"."""

    baud: int = 9600
    bits: Literal[7, 8] = 8
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1

    def with_parity(self, parity: Parity) -> "Line":
        """Seven bits have a parity bit beside them; without it the word has eight."""
        return replace(self, parity=parity, bits=8 if parity == "none" else self.bits)

    def __str__(self) -> str:
        return f"{self.baud} {self.bits}{_PARITY[self.parity]}{self.stop_bits}"


_PARITY = {"none": "N", "even": "E", "odd": "O"}


class SerialPort:
    """A serial device through pyserial."""

    def __init__(self, device: str, path: str, line: Line) -> None:
        """Raises LinkLost when the path cannot be opened."""
        import termios  # noqa: PLC0415  # with pyserial: only real ports need them

        import serial  # noqa: PLC0415  # slow to import

        self._device = device
        self._path = path
        # What pyserial lets through on a port that vanished or never was one. A termios.error is no OSError.
        self._vanishings = (OSError, ValueError, TypeError, termios.error)
        try:
            self._serial = serial.Serial(
                path,
                line.baud,
                bytesize=line.bits,
                parity=_PARITY[line.parity],
                stopbits=line.stop_bits,
                timeout=0,
                write_timeout=WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except self._vanishings as error:
            raise LinkLost(device, f"cannot open {path}: {_why(path, line, error)}") from error

    def read(self, timeout_s: float) -> bytes:
        # select and not Serial.timeout: changing a setting re-applies the parity, which a
        # pseudo-terminal refuses the second time.
        try:
            ready, _, _ = select.select([self._serial], [], [], timeout_s)
            return bytes(self._serial.read(READ_BYTES_MAX)) if ready else b""
        except self._vanishings as error:
            raise self._lost("read", error) from error

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except self._vanishings as error:
            raise self._lost("write", error) from error

    def _lost(self, doing: str, error: Exception) -> LinkLost:
        why = _words_of(error)
        return LinkLost(self._device, f"{self._path} is gone: {doing} failed: {why}")

    def close(self) -> None:
        with suppress(*self._vanishings):
            self._serial.close()


def _why(path: str, line: Line, error: Exception) -> str:
    """The reason in words a person can act on; asked only after opening failed."""
    place = Path(path)
    if not os.path.lexists(path):
        return "it is not there. Is the device plugged in and powered?"
    if place.is_symlink() and not place.exists():
        return f"it is a link to {place.readlink()}, which is not there. Is the device plugged in?"
    if place.is_dir():
        return "it is a directory, not a serial device"
    if not place.is_char_device():
        return "it is a file, not a serial device"
    number = _number_of(error) or _number_of(error.__context__)
    if number == errno.EACCES:
        return "no permission. Is this user in the group dialout?"
    if number in {errno.EAGAIN, errno.EWOULDBLOCK}:
        return "another program has it open"
    if number == errno.EINVAL:
        return f"it refuses the settings {line}. A pseudo-terminal may need parity none"
    if number == errno.ENOTTY:
        return "it is not a serial device"
    return str(error)


def _number_of(error: BaseException | None) -> int | None:
    """A termios.error is no OSError, and pyserial hides it in a sentence of its own."""
    if isinstance(error, OSError):
        return error.errno
    first = error.args[0] if error is not None and error.args else None
    return first if isinstance(first, int) else None


def _words_of(error: Exception) -> str:
    """pyserial's own sentence for a device that hung up wonders about two programs on one port."""
    if "readiness to read" in str(error):
        return "the device hung up. Is it still plugged in and powered?"
    number = _number_of(error)
    return os.strerror(number) if number else str(error)
