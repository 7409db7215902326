"""The ways to read a QR code from one picture, the quick and likely ones first.

Chosen by measurement: `bin/bench scan`. zxing-cpp reads most of what can be read; a larger size gives it
small codes and moire, a view from straight ahead the tilted ones, local contrast the badly lit ones; zbar on
a flattened picture reads a few that it never does.
"""

from collections.abc import Callable

import numpy as np

from drivers.scanner.decoders import Symbol, read_by_zbar, read_by_zxing
from drivers.scanner.fusion import ROW_PX
from drivers.scanner.locate import located_codes
from drivers.scanner.opencv import cv2
from drivers.scanner.picture import (
    Picture,
    as_picture,
    enlarged,
    evened,
    fitted,
    flattened,
    why_refused,
)
from drivers.scanner.seen import MAX_TEXTS, Reading

MAX_SIDE_PX = 1280  # more pixels cost time and read less
ENLARGED_SIDE_PX = 2200
MAX_LOOKED_AT = 3  # located codes

Stage = Callable[[Picture], list[Symbol]]


def at_a_larger_size(picture: Picture) -> list[Symbol]:
    factor = min(2.0, ENLARGED_SIDE_PX / max(picture.shape))
    return [
        Symbol(one.text, one.corners / np.float32(factor))
        for one in read_by_zxing(enlarged(picture, factor))
    ]


def straight_ahead(picture: Picture) -> list[Symbol]:
    found: list[Symbol] = []
    for located in located_codes(picture)[:MAX_LOOKED_AT]:
        straight = located.straightened(picture)
        found += [Symbol(one.text, located.corners) for one in read_by_zxing(straight)]
    return found[:MAX_TEXTS]


def with_local_contrast(picture: Picture) -> list[Symbol]:
    return read_by_zxing(evened(picture))


def by_close_neighbours(picture: Picture) -> list[Symbol]:
    return read_by_zxing(flattened(picture, share=32))


def flattened_for_zbar(picture: Picture) -> list[Symbol]:
    return read_by_zbar(flattened(picture))


def row_by_row(picture: Picture) -> list[Symbol]:
    """The bars of a screen that is dimmed by flickering lie along the rows of a rolling shutter."""
    return read_by_zxing(as_picture(np.where(picture > cv2.blur(picture, (ROW_PX, 1)), 255, 0)))


IN_TURN: dict[str, Stage] = {
    "straight ahead": straight_ahead,
    "at a larger size": at_a_larger_size,
    "local contrast": with_local_contrast,
    "close neighbours": by_close_neighbours,
    "zbar": flattened_for_zbar,
}
STAGES: dict[str, Stage] = {
    "plain": read_by_zxing,
    **IN_TURN,
    "row by row": row_by_row,
}


def read_picture(picture: Picture) -> Reading:
    """All stages, until one reads. Of a film, `Decoder` spreads them over the frames."""
    small = fitted(picture, MAX_SIDE_PX)
    for name, stage in STAGES.items():
        try:
            if symbols := stage(small):
                return Reading(tuple(dict.fromkeys(one.text for one in symbols)), name)
        except cv2.error:  # one strange picture is no reason to stop
            continue
    return Reading()


def read_file(file: bytes) -> Reading:
    """The picture in it."""
    try:
        picture = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error as error:
        return Reading(refusal=why_refused(error))
    if picture is None:
        return Reading(refusal="not a picture that can be read")
    return read_picture(as_picture(picture))
