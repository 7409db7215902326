"""A frame of EBDS in words, for people who read a log."""

from collections.abc import Iterable
from enum import IntEnum, IntFlag

from drivers.bill_acceptor.ebds.frames import (
    Auxiliary,
    Configuration,
    Extended,
    MessageType,
    Mode,
    Reply,
    Request,
    Status,
)
from drivers.bill_acceptor.ebds.notes import read_note

_SETTINGS_BYTES = 3


def describe(frame: Request | Reply) -> str:
    words = _request(frame) if isinstance(frame, Request) else _reply(frame)
    return f"{words}, bit {frame.bit}"


def _request(request: Request) -> str:
    if request.type == MessageType.HOST and len(request.data) == _SETTINGS_BYTES:
        return f"POLL {_settings(request.data)}"
    if request.type == MessageType.AUXILIARY:
        return f"AUXILIARY {_name(Auxiliary, request.subtype)}"
    if request.type == MessageType.EXTENDED and len(request.data) > _SETTINGS_BYTES:
        settings, rest = request.data[1:4], request.data[4:]
        words = f"EXTENDED {_name(Extended, request.subtype)} {_settings(settings)}"
        return f"{words}, {rest.hex(' ').upper()}" if rest else words
    return _other(request)


def _reply(reply: Reply) -> str:
    if reply.type == MessageType.AUXILIARY:
        return f"AUXILIARY {reply.text!r}"
    if reply.status is None:
        return _other(reply)
    words = _status(reply.status)
    if reply.type == MessageType.DEVICE:
        return words
    words = f"EXTENDED {_name(Extended, reply.subtype)} {words}"
    if reply.subtype == Extended.NOTE:
        note = read_note(reply.extension)
        return f"{words}, note {note.index}: {note}"
    return f"{words}, {reply.extension.hex(' ').upper()}" if reply.extension else words


def _settings(data: bytes) -> str:
    flags = " ".join(_flags([Mode(data[1]), Configuration(data[2])]))
    return f"bills {data[0]:02X} {flags}".rstrip()


def _status(status: Status) -> str:
    bytes_ = (status.state, status.condition, status.notice, status.misc)
    words = (
        " ".join(_flags(bytes_)) if status.state else "OUT_OF_SERVICE " + " ".join(_flags(bytes_))
    )
    return f"{words.rstrip()}, index {status.index}" if status.index else words.rstrip()


def _flags(fields: Iterable[IntFlag]) -> list[str]:
    """The names of the bits; those in no table as numbers."""
    words = []
    for field in fields:
        named = [flag for flag in type(field).__members__.values() if flag in field]
        words += [flag.name for flag in named if flag.name]
        rest = int(field) & ~sum(named)
        words += [f"0x{rest:02X}"] if rest else []
    return words


def _other(frame: Request | Reply) -> str:
    return f"{_name(MessageType, frame.type)} {frame.data.hex(' ').upper()}".rstrip()


def _name(table: type[IntEnum], code: int) -> str:
    return table(code).name if code in set(table) else f"0x{code & 0xFF:02X}"
