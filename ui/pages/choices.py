"""The buttons that several pages share."""

from kiosk.screen_link.intents import CancelRequested, DismissRequested, FinishRequested
from ui.inputs import Inputs
from ui.pages.page import NO_CHOICE, Choice


def cancel(inputs: Inputs) -> Choice:
    if not inputs.snapshot.can_cancel:
        return NO_CHOICE
    return Choice(inputs.translate("Choices", "Cancel"), CancelRequested())


def finish(inputs: Inputs) -> Choice:
    if not inputs.snapshot.can_finish:
        return NO_CHOICE
    return Choice(inputs.translate("Choices", "Finish: no more bills"), FinishRequested())


def done(inputs: Inputs) -> Choice:
    return Choice(inputs.translate("Choices", "Done"), DismissRequested())
