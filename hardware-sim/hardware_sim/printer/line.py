"""The line being set: characters and pictures side by side, standing on one base line."""

from dataclasses import dataclass, field

from PIL import Image

from hardware_sim.printer.actions import Advance
from hardware_sim.printer.dots import HEAD_DOTS, blank


@dataclass(frozen=True)
class Area:
    """Where on the paper a line may stand, in dots, and how (ESC a: 0 left, 1 centred, 2 right)."""

    margin: int = 0
    width: int = HEAD_DOTS
    align: int = 0

    @property
    def right(self) -> int:
        return min(self.width, HEAD_DOTS - self.margin)


@dataclass
class Line:
    pieces: list[tuple[int, Image.Image]] = field(default_factory=list)
    words: str = ""
    x: int = 0

    def put(self, image: Image.Image, words: str, spacing: int = 0) -> None:
        self.pieces.append((self.x, image))
        self.words += words
        self.x += image.width + spacing

    @property
    def height(self) -> int:
        return max((image.height for _, image in self.pieces), default=0)

    def printed(self, area: Area, feed: int) -> list[Advance]:
        """The paper moves by the line's own height at least, whatever the spacing."""
        if not self.pieces:
            return [Advance(feed, text="")] if feed else []
        band = blank(HEAD_DOTS, self.height)
        left = area.margin + max(area.right - self.x, 0) * area.align // 2
        for x, image in self.pieces:
            seen = image.crop((0, 0, min(image.width, max(area.right - x, 0)), image.height))
            band.paste(seen, (left + x, self.height - image.height), seen)
        return [Advance(max(feed, self.height), band, self.words.rstrip())]
