"""The two libraries that read QR codes, behind one shape.

Responsible for: asking each for QR codes alone, and for the text as the code holds it.
Not responsible for: preparing pictures, or what a text means.

Only Model 2 is asked for: with its smaller relatives allowed, damaged codes were misread as short numbers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import zxingcpp
from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as zbar
from pyzbar.pyzbar_error import PyZbarError

from drivers.scanner.picture import Picture
from drivers.scanner.seen import MAX_TEXTS

Corners = npt.NDArray[np.float32]  # 4 x 2, pixels (x, y), around the code


@dataclass(frozen=True, eq=False)
class Symbol:
    text: str
    corners: Corners


def read_by_zxing(picture: Picture) -> list[Symbol]:
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [Symbol(one.text, _corners(one.position)) for one in found[:MAX_TEXTS] if one.text]


def read_by_zbar(picture: Picture) -> list[Symbol]:
    try:
        found = zbar(picture, symbols=[ZBarSymbol.QRCODE])  # type: ignore[no-untyped-call]
    except PyZbarError:  # one strange frame is no reason to stop looking
        return []
    texts = ((_unguessed(one.data), one.polygon) for one in found[:MAX_TEXTS])
    return [Symbol(text, _around(polygon)) for text, polygon in texts if text]


def _corners(position: zxingcpp.Position) -> Corners:
    around = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in around], np.float32)


def _around(polygon: list[tuple[int, int]]) -> Corners:
    """zbar says nothing of up and down, and sometimes has fewer than four corners."""
    points = np.array(polygon, np.float32)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    square = ((left, top), (right, top), (right, bottom), (left, bottom))
    return points if len(points) == len(square) else np.array(square, np.float32)


def _unguessed(data: bytes) -> str:
    """zbar guesses what letters the bytes mean, and takes UTF-8 for Shift-JIS: undo it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    try:
        return text if text.isascii() else text.encode("shift_jis").decode("utf-8")
    except UnicodeError:
        return text
