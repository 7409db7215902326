"""What one kind of engine says and hears, as `dialogue.py` needs it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Request:
    """Something we ask of the engine."""

    data: bytes
    again: bytes = b""  # what is sent when nobody answered, where that differs
    is_answered: bool = True
    pause_s: float = 0.0  # before anything else is sent


@dataclass(frozen=True)
class Answer:
    """The engine has heard our request, and all that it sent before is older."""

    refused: tuple[str, ...] = ()
    is_plea: bool = False  # it asks to hear the request once more


@dataclass(frozen=True)
class Code:
    """What a code said; empty when it came damaged."""

    data: bytes


@dataclass(frozen=True)
class Receipt:
    """What must be said back at once."""

    data: bytes


Heard = Answer | Code | Receipt


class Language(Protocol):
    @property
    def wake(self) -> tuple[Request, ...]:
        """Before anything else is asked, and before it is asked again."""
        ...

    @property
    def setup(self) -> tuple[Request, ...]:
        """Settings that are gone with the power, and may be sent at any time."""
        ...

    @property
    def start(self) -> tuple[Request, ...]:
        """Read, until a code is read. The last of them pulls the trigger again."""
        ...

    @property
    def stop(self) -> tuple[Request, ...]:
        """Do not read."""
        ...

    def hear(self, data: bytes, now_s: float, /) -> list[Heard]:
        """In the order in which the engine said it. Nothing on the line raises."""
        ...

    def fall_silent(self) -> list[Heard]:
        """The line has been quiet for longer than an engine pauses: what is half will stay half."""
        ...

    def begin(self) -> None:
        """Only what begins from here on counts."""
        ...

    def forget(self) -> None:
        """The line is a new one."""
        ...


@dataclass(frozen=True)
class EngineKind:
    speak: Callable[[], Language]
    baud: int  # as delivered
