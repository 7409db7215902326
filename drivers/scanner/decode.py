"""A look at each frame of a film: what it says, and whether there is a code at all.

Responsible for: spreading the ways to read over the frames, so that a frame without a code stays cheap, and passing on
only what a person could read aloud.
Not responsible for: what a text means, or whether it is seen often enough to be believed.

Each frame gets the quick look; what that misses gets one more, in turn, and the one that reads keeps its turn.
"""

from drivers.scanner.cascade import IN_TURN, MAX_SIDE_PX
from drivers.scanner.decoders import Symbol, read_by_zxing
from drivers.scanner.finder import FinderPattern, Points, finder_patterns
from drivers.scanner.fusion import Fusion
from drivers.scanner.hints import hint_for
from drivers.scanner.legible import is_legible
from drivers.scanner.locate import located_codes
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, fitted, flattened
from drivers.scanner.seen import Seen
from drivers.scanner.view import Hint

SEARCHED_SIDE_PX = 640
PATTERNS_OF_A_CODE = 2  # of three: glare or the edge of the picture may have one

_IN_TURN = tuple(IN_TURN.values())
TURNS = 2 * len(_IN_TURN)  # frames until each way had its turn


class Decoder:
    def __init__(self) -> None:
        self._turn = 0
        self._fusion = Fusion()
        self._fuses = False
        self._unread = Seen()  # what the last frame that was searched for a code had

    def look(self, picture: Picture) -> Seen:
        """What one pass finds; the next one, prepared otherwise, may find more."""
        picture = fitted(picture, MAX_SIDE_PX)
        try:
            symbols = read_by_zxing(picture) or self._one_more_way(picture)
            if symbols:
                return _read(symbols, picture)
            if not self._fuses:  # the other frames have less to do
                self._unread = search(picture)
        except cv2.error:  # one strange frame is no reason to stop looking
            return Seen()
        return self._unread

    def _one_more_way(self, picture: Picture) -> list[Symbol]:
        self._fuses = not self._fuses
        if self._fuses:
            return read_by_zxing(self._fusion.add(picture))
        symbols = _IN_TURN[self._turn](picture)
        if not symbols:
            self._turn = (self._turn + 1) % len(_IN_TURN)
        return symbols


def search(picture: Picture) -> Seen:
    """Whether a code is in view that nobody reads, and what would help."""
    if not _shows_a_code(finder_patterns(flattened(fitted(picture, SEARCHED_SIDE_PX)))):
        return Seen()
    for located in located_codes(picture)[:1]:
        return Seen((), _shares(located.corners, picture), True, hint_for(picture, located))
    return Seen(code_in_view=True)


def _shows_a_code(patterns: list[FinderPattern]) -> bool:
    sizes = sorted(pattern.side_px for pattern in patterns)
    neighbours = zip(sizes, sizes[PATTERNS_OF_A_CODE - 1 :], strict=False)
    return any(larger <= 1.6 * smaller for smaller, larger in neighbours)  # perspective


def _read(symbols: list[Symbol], picture: Picture) -> Seen:
    """A text that nobody could read aloud is not passed on, but it was read: it is an empty one."""
    texts = dict.fromkeys(one.text if is_legible(one.text) else "" for one in symbols)
    outline = _shares(symbols[0].corners, picture)
    hint = Hint.FOUND if len(texts) == 1 else Hint.ONE_CODE
    return Seen(tuple(texts), outline, code_in_view=True, hint=hint)


def _shares(corners: Points, picture: Picture) -> tuple[tuple[float, float], ...]:
    height, width = picture.shape
    return tuple((float(x) / width, float(y) / height) for x, y in corners)
