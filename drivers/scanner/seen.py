"""What was seen in a picture, in plain values: it crosses a process boundary."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from drivers.scanner.view import Hint

MAX_TEXTS = 8  # in one picture; a phone shows one

Texts = Annotated[tuple[str, ...], Field(max_length=MAX_TEXTS)]


@dataclass(frozen=True)
class Seen:
    """In one frame of a film."""

    texts: Texts = ()
    outline: tuple[tuple[float, float], ...] = ()  # corners of the code, as shares of the frame
    code_in_view: bool = False  # read or not
    hint: Hint = Hint.NONE


@dataclass(frozen=True)
class Reading:
    """Of one picture."""

    texts: Texts = ()
    stage: str | None = None  # which way of the cascade read it
    refusal: str | None = None  # why it was not even looked at

    @property
    def text(self) -> str | None:
        return self.texts[0] if self.texts else None
