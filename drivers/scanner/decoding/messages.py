"""What goes between the scanner and the process that reads for it.

One request, one answer, each one packet of JSON; the picture lies in memory that both share. The answer comes from
a process that a stranger's picture may have taken over, so it is checked like any stranger's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from pydantic import TypeAdapter

from drivers.errors import ProtocolViolation
from drivers.scanner.seen import Reading, Seen

PACKET_BYTES_MAX = 160 * 1024  # eight texts of the largest code, all "\u0001", and room
ROOM_BYTES = 64 * 2**20  # of shared memory; pages that nobody wrote to take none


class LossReason(StrEnum):
    STALLED = "stalled"  # it took longer than any honest picture
    CRASHED = "crashed"
    SILENT = "silent"  # no answer: the process was started anew


@dataclass(frozen=True)
class Look:
    """One frame of a film, grey; `rows` x `columns` bytes of the shared memory."""

    rows: int
    columns: int


@dataclass(frozen=True)
class Read:
    """One picture file, whole; so many bytes of the shared memory."""

    length: int


@dataclass(frozen=True)
class Ready:
    sandboxed: bool


@dataclass(frozen=True)
class Missing:
    library: str


@dataclass(frozen=True)
class Lost:
    reason: LossReason


Request = Look | Read
Answer = Seen | Reading | Ready | Missing | Lost

_KINDS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in (*get_args(Request), *get_args(Answer))
}


def packed(message: Request | Answer, number: int = 0) -> bytes:
    """An answer has the number of its request."""
    kind = type(message).__name__
    return f"{number} {kind} ".encode() + _KINDS[kind].dump_json(message)


def unpacked(packet: bytes) -> tuple[int, Request | Answer]:
    """Raises ProtocolViolation."""
    number, kind, body = (*packet.split(b" ", 2), b"", b"")[:3]
    try:
        return int(number), _KINDS[kind.decode()].validate_json(body)
    except (KeyError, ValueError) as error:  # pydantic's error is one
        raise ProtocolViolation("scanner", "the decoding process talks nonsense") from error
