"""The code on the wallet's screen: its text, and how it is drawn."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hardware_sim.camera.phone import TextTooLong
from hardware_sim.qr_code import qr_modules

Modules = NDArray[np.bool_]  # True is black in the standard's drawing


@dataclass(frozen=True)
class Code:
    """The code and how the wallet draws it."""

    text: str
    level: str = "M"
    dark: bool = False  # light modules on a dark ground
    dot: float = 0.0  # a module's diameter in modules where modules are round; 0: square
    logo: float = 0.0  # the share of the code's width under a logo

    @property
    def version(self) -> int:
        """ISO/IEC 18004: 21 modules, and four more for each version. Raises TextTooLong."""
        return (len(modules_of(self)) - 17) // 4


@lru_cache(maxsize=64)
def modules_of(code: Code) -> Modules:
    """Raises TextTooLong."""
    modules = qr_modules(code.text.encode(), code.level)
    if modules is None:
        raise TextTooLong(f"{len(code.text)} characters are more than level {code.level} holds")
    return modules
