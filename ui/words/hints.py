"""What helps the camera to read a code, by the scanner's hint. Said below the camera's picture."""

from ui.inputs import Inputs
from ui.words import QT_TRANSLATE_NOOP

_NOTHING_YET = QT_TRANSLATE_NOOP("Hints", "Hold the code inside this picture.")

HINTS = {
    "": _NOTHING_YET,
    "closer": QT_TRANSLATE_NOOP("Hints", "Bring the phone a little closer."),
    "farther": QT_TRANSLATE_NOOP("Hints", "Move the phone a little away."),
    "hold_still": QT_TRANSLATE_NOOP("Hints", "Hold the phone still."),
    "less_glare": QT_TRANSLATE_NOOP("Hints", "Tilt the phone: a light shines on its screen."),
    "brighter_screen": QT_TRANSLATE_NOOP("Hints", "Make the phone's screen brighter."),
    "one_code": QT_TRANSLATE_NOOP("Hints", "Show one code alone: there are others in view."),
    "found": QT_TRANSLATE_NOOP("Hints", "Code found."),
}


def hint_text(code: str, inputs: Inputs) -> str:
    return inputs.translate("Hints", HINTS.get(code, _NOTHING_YET))
