"""A look at a picture: the texts of its QR codes, by zbar, and whether there is a code at all.

Responsible for: preparing the picture, and passing on only what a person could read aloud.
Not responsible for: what a text means, or whether it is seen often enough to be believed.

One look costs one pass of zbar. The preparations take turns, one a frame, and the one that reads
keeps its turn. zbar alone misses nearly every code on a lit screen, flattened it reads most of them,
and it does not know light-on-dark at all.
"""

from dataclasses import dataclass

from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as zbar
from pyzbar.pyzbar_error import PyZbarError

from drivers.scanner.finder import code_in_view
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture, doubled, fitted, flattened, inverted

MAX_TEXT_CHARS = 4296  # ISO/IEC 18004: version 40-L, alphanumeric
MAX_TEXTS = 8  # in one picture; a phone shows one
MAX_SIDE_PX = 1280  # more pixels cost time and read less
SMALL_SIDE_PX = 640


def _smoothed(picture: Picture) -> Picture:
    """Moire and noise go with the pixels, and zbar gets back the width it wants for a module."""
    return flattened(doubled(fitted(picture, SMALL_SIDE_PX)))


def _as_it_is(picture: Picture) -> Picture:
    return picture


PREPARATIONS = (flattened, _as_it_is, inverted, _smoothed)


@dataclass(frozen=True)
class Seen:
    texts: tuple[str, ...]
    code_in_view: bool  # read or not


class Decoder:
    def __init__(self) -> None:
        self._turn = 0

    def look(self, picture: Picture) -> Seen:
        """What one pass finds; the next one, prepared otherwise, may find more."""
        try:
            texts = _scan(PREPARATIONS[self._turn](fitted(picture, MAX_SIDE_PX)))
            if not texts:
                self._turn = (self._turn + 1) % len(PREPARATIONS)
            return Seen(texts, bool(texts) or code_in_view(picture))
        except (PyZbarError, cv2.error):  # one strange frame is no reason to stop looking
            return Seen((), code_in_view=False)


def _scan(picture: Picture) -> tuple[str, ...]:
    symbols = zbar(picture, symbols=[ZBarSymbol.QRCODE])  # type: ignore[no-untyped-call]
    texts = (_text(symbol.data) for symbol in symbols[:MAX_TEXTS])
    return tuple(text for text in texts if text)


def _text(data: bytes) -> str:
    """Empty unless every character prints. Contacts and notes have line breaks."""
    try:
        text = _as_written(data.decode("utf-8"))
    except UnicodeDecodeError:
        return ""
    prints = all(char.isprintable() or char in "\r\n\t" for char in text)
    return text if prints and len(text) <= MAX_TEXT_CHARS else ""


def _as_written(text: str) -> str:
    """zbar guesses what letters the bytes mean, and takes UTF-8 for Shift-JIS: undo it."""
    if text.isascii():
        return text
    try:
        return text.encode("shift_jis").decode("utf-8")
    except UnicodeError:
        return text
