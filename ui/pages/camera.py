"""What the camera sees, as the scan screen shows it."""

from dataclasses import dataclass

from kiosk.screen_link.preview import CameraFrame, Outline
from ui.inputs import Inputs
from ui.words.hints import hint_text

FOUND = "found"


@dataclass(frozen=True)
class Camera:
    source: str = ""  # of QML's Image: another one for each frame; empty: there is no picture
    aspect: float = 1.0  # width by height
    outline: Outline = ()  # around the code, as shares of the picture
    hint: str = ""
    found: bool = False


def derive_camera(frame: CameraFrame | None, hint: str, inputs: Inputs) -> Camera:
    if frame is None:
        return Camera()
    return Camera(
        source=f"image://camera/{frame.written_ns}",
        aspect=frame.width / frame.height,
        outline=frame.outline,
        hint=hint_text(hint, inputs),
        found=hint == FOUND,
    )
