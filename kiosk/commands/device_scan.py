"""`kiosk device scan`: one scanner alone, and what the kiosk makes of the codes it sees.

Responsible for: trying a scanner, its light and its distance by hand, without a kiosk around it.
"""

import json
import queue
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

import click

from drivers.clock import SystemClock
from drivers.scanner.config import CAMERA, ScannerConfig
from drivers.scanner.events import CodeSeen, ScannerEvent, ScannerReady, StartScanning
from drivers.scanner.kinds import KINDS, build_scanner
from drivers.scanner.view import Hint, View
from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import parse_payload
from kiosk.wallet.refusal import RefusalCode

_Told = ScannerEvent | Hint | BaseException


def _no_blank(_ctx: click.Context, _param: click.Parameter, source: str) -> str:
    if not source.strip():
        raise click.BadParameter("it is empty; 0 is the first camera")
    return source


@click.command()
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default=CAMERA,
    show_default=True,
    help="A camera, or what a serial scan engine speaks.",
)
@click.option(
    "--source",
    metavar="SOURCE",
    required=True,
    callback=_no_blank,
    help="The camera: a number (0 is /dev/video0), a device's path, a URL, or the path of a video,"
    " a picture or a folder of pictures. Of a serial engine: the path of its port.",
)
@click.option(
    "--baud",
    type=click.IntRange(min=1),
    help="The speed of a serial engine's line. Without it: as the engine is delivered.",
)
@click.option(
    "--network",
    type=click.Choice(["bitcoin", "testnet", "regtest", "practice"]),
    default="regtest",
    show_default=True,
    help="Whose addresses are taken.",
)
@click.option(
    "--seconds",
    "for_s",
    type=click.FloatRange(min=0, min_open=True),
    help="End so long after the scanner was there, or was not. Without it: until Ctrl-C.",
)
def scan(kind: str, source: str, baud: int | None, network: str, for_s: float | None) -> None:
    """Try a scanner by hand.

    Prints each code seen as one line of JSON, with the wallet's address in it or why it is refused; and what would
    help to read one, when that changes. A private key is named and not printed. With --seconds it ends with 1 when there was no scanner at all.
    """
    if baud is not None and kind == CAMERA:
        raise click.UsageError("a camera has no speed: leave --baud out, or say --kind")
    events: queue.Queue[_Told] = queue.Queue()
    scanner = build_scanner(
        ScannerConfig(kind, source, baud),
        SystemClock(),
        events.put,
        show=_Hints(events.put),
        on_crash=events.put,
    )
    scanner.send(StartScanning())
    scanner.start()
    give_up_s, was_there = None, False
    try:
        while (left_s := _left_s(give_up_s)) is None or left_s > 0:
            event = _next(events, left_s)
            if event is None:
                break
            click.echo(event_line(event, network))
            was_there |= isinstance(event, ScannerReady)
            if give_up_s is None and for_s is not None:
                give_up_s = time.monotonic() + for_s
    finally:
        scanner.stop()
    sys.exit(0 if was_there else 1)


class _Hints:
    """Tells the hints of what is shown, when they change."""

    def __init__(self, tell: "Callable[[Hint], None]") -> None:
        self._tell = tell
        self._last = Hint.NONE

    def __call__(self, view: View | None) -> None:
        hint = view.hint if view else Hint.NONE
        if hint != self._last:
            self._last = hint
            self._tell(hint)


def _left_s(give_up_s: float | None) -> float | None:
    return give_up_s - time.monotonic() if give_up_s is not None else None


def _next(events: "queue.Queue[_Told]", within_s: float | None) -> ScannerEvent | Hint | None:
    try:
        event = events.get(timeout=within_s)
    except queue.Empty:
        return None
    if isinstance(event, BaseException):
        raise event
    return event


def event_line(event: ScannerEvent | Hint, network: str) -> str:
    if isinstance(event, Hint):
        return json.dumps({"event": "Hint", "hint": event})
    body = {"event": type(event).__name__, **asdict(event)}
    if isinstance(event, CodeSeen):
        found = parse_payload(event.text, network)
        if isinstance(found, Destination):
            body["destination"] = asdict(found)
        else:
            body |= {"refusal": found.code, "detail": found.detail}
            if found.code is RefusalCode.PRIVATE_KEY:
                del body["text"]
    return json.dumps(body)
