"""Who reads codes in `bin/bench scan`: our cascade, a named reference, and each library on its own.

The reference is the best order of the two libraries that was known before: zxing-cpp as it is, at twice the size,
with local contrast, then zbar on a flattened picture. It stands here and not in the product, so that it stays the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import zxingcpp
from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as zbar

from drivers.scanner.cascade import read_picture
from drivers.scanner.decode import Decoder
from drivers.scanner.opencv import cv2
from stater_demo.scan_opencv import DETECTORS, OpenCvDetector

Picture = npt.NDArray[np.uint8]
Read = Callable[[Picture], Sequence[str]]

OURS, REFERENCE = "ours", "reference"


@dataclass(frozen=True)
class Reader:
    name: str
    read: Read  # one picture
    watch: Callable[[], Read] | None = None  # begins a film; None: each frame is a picture
    close: Callable[[], None] = lambda: None
    stopped: Callable[[], int] = lambda: 0  # how often a time limit ended it

    def watching(self) -> Read:
        return self.read if self.watch is None else self.watch()


def product_readers() -> list[Reader]:
    """What runs without a time limit."""
    return [
        Reader("pyzbar", by_zbar),
        Reader("zxing-cpp", by_zxing),
        Reader(REFERENCE, by_reference),
        Reader(OURS, lambda picture: read_picture(picture).texts, _ours_of_a_film),
    ]


def opencv_readers() -> list[Reader]:
    """OpenCV's own detectors, each in a process of its own. To be closed."""
    return [_opencv_reader(OpenCvDetector(name)) for name in DETECTORS]


def _opencv_reader(detector: OpenCvDetector) -> Reader:
    return Reader(
        detector.name, detector.read, close=detector.close, stopped=lambda: detector.held
    )


def by_zbar(picture: Picture) -> list[str]:
    symbols = zbar(picture, symbols=[ZBarSymbol.QRCODE])  # type: ignore[no-untyped-call]
    return [_as_written(symbol.data.decode("utf-8", "replace")) for symbol in symbols]


def _as_written(text: str) -> str:
    """zbar guesses what letters the bytes mean, and takes UTF-8 for Shift-JIS or Big5: undone."""
    for guess in () if text.isascii() else ("shift_jis", "big5"):
        try:
            return text.encode(guess).decode("utf-8")
        except UnicodeError:
            continue
    return text


def by_zxing(picture: Picture) -> list[str]:
    model_2 = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    found = zxingcpp.read_barcodes(picture, formats=model_2, text_mode=zxingcpp.TextMode.Plain)
    return [one.text for one in found]


def by_reference(picture: Picture) -> list[str]:
    return (
        by_zxing(picture)
        or by_zxing(_doubled(picture))
        or by_zxing(_with_local_contrast(picture))
        or by_zbar(_flattened(picture))
    )


def _doubled(picture: Picture) -> Picture:
    twice = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(twice, np.uint8)


def _with_local_contrast(picture: Picture) -> Picture:
    return np.asarray(cv2.createCLAHE(2.0, (8, 8)).apply(picture), np.uint8)


def _flattened(picture: Picture) -> Picture:
    around_px = max(max(picture.shape) // 16, 3) | 1
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return np.asarray(cv2.adaptiveThreshold(picture, 255, method, kind, around_px, 5), np.uint8)


def _ours_of_a_film() -> Read:
    decoder = Decoder()
    return lambda picture: decoder.look(picture).texts
