"""What was seen in a picture, in plain values: it crosses a process boundary."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from drivers.scanner.legible import is_legible
from drivers.scanner.view import Hint

MAX_TEXTS = 8  # in one picture; a phone shows one


def _checked(text: str) -> str:
    if not is_legible(text):
        raise ValueError("a text that is not to be passed on")
    return text


Texts = Annotated[tuple[str, ...], Field(max_length=MAX_TEXTS)]
LegibleTexts = Annotated[
    tuple[Annotated[str, AfterValidator(_checked)], ...], Field(max_length=MAX_TEXTS)
]


@dataclass(frozen=True)
class Seen:
    """In one frame of a film."""

    texts: LegibleTexts = ()
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
