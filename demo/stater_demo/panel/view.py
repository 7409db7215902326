"""What the device panel shows, as one frozen value, and how what is heard changes it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from stater_demo.part import Event
from stater_demo.phone import BASE_UNITS_PER_COIN

LOG_LINES_MAX = 60
UNTOLD = frozenset({"ready", "status", "done"})  # answers to ourselves
WITHOUT_DETAILS = frozenset({"receipt"})  # the paper can be read


@dataclass(frozen=True)
class Payment:
    """A payment to the phone, as the customer's own wallet on the node sees it."""

    txid: str
    amount_base_units: int
    confirmations: int

    @property
    def words(self) -> str:
        coins = f"{self.amount_base_units / BASE_UNITS_PER_COIN:.8f} BTC"
        if self.confirmations == 0:
            return f"{coins} on its way, not in a block yet"
        blocks = "block" if self.confirmations == 1 else "blocks"
        return f"{coins} confirmed by {self.confirmations} {blocks}"


@dataclass(frozen=True)
class View:
    """Everything that can be seen in the room."""

    log: tuple[str, ...] = ()
    receipt: str = ""  # the URL of the picture that hangs out of the printer
    receipts: int = 0
    acceptor_plugged: bool = True
    acceptor_jammed: bool = False
    paper_loaded: bool = True
    network_plugged: bool = True
    core_running: bool = True
    phone_code: str = "own"  # whose code the phone shows: a name of codes.py
    phone_text: str = ""
    phone_picture: str = ""
    phone_held: bool = False
    has_node: bool = False
    payments: tuple[str, ...] = ()


def note(view: View, line: str) -> View:
    """The newest line first."""
    return replace(view, log=(line, *view.log)[:LOG_LINES_MAX])


def hear(view: View, part: str, event: Event) -> View:
    """What one part has just said."""
    name = str(event["event"])
    if name in UNTOLD:
        return view
    change = _CHANGES.get((part, name))
    return note(change(view, event) if change else view, f"{part}: {_sentence(event)}")


def show_payments(view: View, payments: tuple[Payment, ...]) -> View:
    return replace(view, payments=tuple(payment.words for payment in payments))


def _sentence(event: Event) -> str:
    name = str(event["event"])
    words = name.replace("_", " ").replace("-", " ")
    details = ", ".join(
        f"{key.replace('_', ' ')} {value}"
        for key, value in event.items()
        if key != "event" and value not in (None, False, "")
    )
    return words if name in WITHOUT_DETAILS or not details else f"{words} ({details})"


def _receipt_came(view: View, event: Event) -> View:
    url = Path(event["png"]).resolve().as_uri()
    return replace(view, receipt=url, receipts=view.receipts + 1)


_CHANGES: dict[tuple[str, str], Callable[[View, Event], View]] = {
    ("printer", "receipt"): _receipt_came,
    ("kiosk-core", "ended"): lambda view, _: replace(view, core_running=False),
    ("bill-acceptor", "unplugged"): lambda view, _: replace(view, acceptor_plugged=False),
    ("bill-acceptor", "plugged"): lambda view, _: replace(view, acceptor_plugged=True),
    ("bill-acceptor", "jammed"): lambda view, _: replace(view, acceptor_jammed=True),
    ("bill-acceptor", "cleared"): lambda view, _: replace(view, acceptor_jammed=False),
}
