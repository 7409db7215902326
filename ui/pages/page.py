"""One page: what is asked or said, and what the person may answer."""

from dataclasses import dataclass

from kiosk.screen_link.intents import Intent


@dataclass(frozen=True)
class Choice:
    """A button: what it says and what it wishes."""

    text: str = ""
    intent: Intent | None = None


NO_CHOICE = Choice()


@dataclass(frozen=True)
class Page:
    screen: str  # the file in qml/Kiosk/Screens that lays it out
    headline: str
    detail: str = ""
    picture: str = "none"  # where the hands act: a name in Picture.qml
    notice: str = ""
    fine_print: str = ""  # right above the button that accepts it
    meaning: str = ""  # what the primary button declares, too weighty for small print
    primary: Choice = NO_CHOICE
    secondary: Choice = NO_CHOICE
    leave: Choice = NO_CHOICE  # out of the sale; gone once cash is in
