"""QR codes as a square of black and white modules, for the printer's paper and the phone's screen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

_LEVELS = {
    "L": ERROR_CORRECT_L,
    "M": ERROR_CORRECT_M,
    "Q": ERROR_CORRECT_Q,
    "H": ERROR_CORRECT_H,
}


def qr_modules(data: bytes, level: str) -> NDArray[np.bool_] | None:
    """True is black, without a quiet zone; None where no QR code can hold so much."""
    code: Any = QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(data)
    try:
        code.make()
    except (DataOverflowError, ValueError):  # the library has both for one too many
        return None
    return np.array(code.get_matrix(), dtype=np.bool_)


def repaired_share(version: int, level: str) -> float:
    """How many of its codewords a code may lose and still be read: two of repair for each wrong one."""
    blocks: list[Any] = rs_blocks(version, _LEVELS[level])  # type: ignore[no-untyped-call]
    repaired = sum((block.total_count - block.data_count) // 2 for block in blocks)
    return float(repaired / sum(block.total_count for block in blocks))
