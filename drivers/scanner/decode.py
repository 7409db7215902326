"""A look at each frame of a film: what it says, and whether there is a code at all.

Responsible for: spreading the ways to read over the frames, so that a frame without a code stays cheap, and passing on
only what a person could read aloud.
Not responsible for: what a text means, or whether it is seen often enough to be believed.

Each frame gets the quick look; what that misses gets one more, in turn, and the one that reads keeps its turn.
"""

from drivers.scanner.cascade import MAX_SIDE_PX, STAGES
from drivers.scanner.decoders import Symbol, read_by_zxing
from drivers.scanner.finder import finder_patterns
from drivers.scanner.fusion import Fusion
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, fitted, flattened
from drivers.scanner.seen import Seen

MAX_TEXT_CHARS = 4296  # ISO/IEC 18004: version 40-L, alphanumeric
FINDER_SIDE_PX = 640
PATTERNS_OF_A_CODE = 2  # of three: glare or the edge of the picture may have one

_PLAIN, *_IN_TURN = STAGES.values()
TURNS = len(_IN_TURN)


class Decoder:
    def __init__(self) -> None:
        self._turn = 0
        self._fusion = Fusion()
        self._fuses = False

    def look(self, picture: Picture) -> Seen:
        """What one pass finds; the next one, prepared otherwise, may find more."""
        try:
            symbols = self._symbols(fitted(picture, MAX_SIDE_PX))
            return Seen(_printable(symbols), code_in_view=bool(symbols) or code_in_view(picture))
        except cv2.error:  # one strange frame is no reason to stop looking
            return Seen()

    def _symbols(self, picture: Picture) -> list[Symbol]:
        symbols = _PLAIN(picture)
        if symbols:
            return symbols
        self._fuses = not self._fuses
        if self._fuses:
            return read_by_zxing(self._fusion.add(picture))
        symbols = _IN_TURN[self._turn](picture)
        if not symbols:
            self._turn = (self._turn + 1) % TURNS
        return symbols


def code_in_view(picture: Picture) -> bool:
    found = finder_patterns(flattened(fitted(picture, FINDER_SIDE_PX)))
    sizes = sorted(pattern.side_px for pattern in found)
    neighbours = zip(sizes, sizes[PATTERNS_OF_A_CODE - 1 :], strict=False)
    return any(larger <= 1.6 * smaller for smaller, larger in neighbours)  # perspective


def _printable(symbols: list[Symbol]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text for one in symbols if _prints(one.text)))


def _prints(text: str) -> bool:
    """Contacts and notes have line breaks."""
    prints = all(char.isprintable() or char in "\r\n\t" for char in text)
    return prints and len(text) <= MAX_TEXT_CHARS
