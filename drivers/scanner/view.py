"""What the camera sees right now, for whoever holds a phone before it: the picture, the code in it, what would help."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the kiosk starts without its libraries, and says which one is missing
    import numpy as np
    import numpy.typing as npt

VIEW_SIDE_PX_MAX = 480  # more would not be seen on the screen, and is memory to carry


class Hint(StrEnum):
    """What the hand with the phone might do. ASCII, for the screen to put into words."""

    NONE = ""
    CLOSER = "closer"
    FARTHER = "farther"
    HOLD_STILL = "hold_still"
    LESS_GLARE = "less_glare"
    BRIGHTER_SCREEN = "brighter_screen"
    ONE_CODE = "one_code"
    FOUND = "found"


@dataclass(frozen=True, eq=False)
class View:
    picture: "npt.NDArray[np.uint8]"  # rows x columns grey, or rows x columns x 3 in BGR
    outline: tuple[tuple[float, float], ...] = ()  # corners of the code, as shares of the picture
    hint: Hint = Hint.NONE


Show = Callable[[View | None], None]  # None: nobody is scanning any more
