"""What the mechanics do for the typesetter: move paper under the head, and cut it."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Advance:
    """The paper moves by `dots`, with ink at their top where there is some."""

    dots: int
    ink: Image.Image | None = None
    text: str | None = None  # this line of the receipt, as words

    def split(self, dots: int) -> tuple["Advance", "Advance | None"]:
        """What is done after so many dots, and what is left; the words go with the first of them."""
        if dots == self.dots:
            return self, None
        if dots == 0:
            return Advance(0), self
        rest = None
        if self.ink is not None and self.ink.height > dots:
            rest = self.ink.crop((0, dots, self.ink.width, self.ink.height))
        return Advance(dots, self.ink, self.text), Advance(self.dots - dots, rest)


@dataclass(frozen=True)
class Cut:
    partial: bool


@dataclass(frozen=True)
class NotDone:
    """A command this printer knows by its length, but does not carry out."""

    command: str


Action = Advance | Cut | NotDone
