import cv2
import pytest
from pyzbar import pyzbar


@pytest.fixture(scope="session")
def read():
    """What a plain decoder reads in a frame: zbar after an adaptive threshold."""

    def texts(frame):
        grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        black = cv2.adaptiveThreshold(
            grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 51, 7
        )
        found = pyzbar.decode(black, symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [each.data.decode() for each in found]

    return texts
