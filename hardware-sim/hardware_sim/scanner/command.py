"""`hardware-sim scanner`: a serial scan engine on a pseudo-terminal, moved by typed words."""

import select
import time
from collections.abc import Callable
from pathlib import Path

import click

from hardware_sim.console import Console, until_stopped
from hardware_sim.link import PtyLink
from hardware_sim.scanner.simulator import KINDS, Simulator

_TICK_S = 0.01

_WORDS = """\b
Words it takes on standard input, one a line:
  show TEXT         a QR code is held before it, and stays
  show-bad TEXT     the same; the first time it is sent, the line damages it
  show-linear TEXT  a code that is no QR code
  hide              nothing is before it any more
  power-cut         it boots, and has forgotten what was not in its flash
  unplug, plug      the terminal goes away; it comes back as a new one
  quit              ends, as does the end of the input

A code is read only while the engine is told to read, if it is of a kind that can be told."""


class ScannerDesk:
    """The engine, its cable, and the person before it."""

    def __init__(self, simulator: Simulator, link: PtyLink) -> None:
        optics = simulator.optics
        self._deeds: dict[str, Callable[[], None]] = {
            "hide": optics.hide,
            "power-cut": simulator.cut_power,
            "unplug": link.unplug,
            "plug": link.plug,
        }
        self._shows: dict[str, Callable[[str], None]] = {
            "show": optics.show,
            "show-bad": lambda text: optics.show(text, spoils=True),
            "show-linear": lambda text: optics.show(text, is_qr=False),
        }

    def obey(self, line: str) -> None:
        word, _, text = line.partition(" ")
        if deed := self._deeds.get(line):
            deed()
            Console.tell("done", word=line)
        elif text and (show := self._shows.get(word)):
            show(text)
        else:
            Console.tell("refused", line=line, why="not understood; --help lists the words")


@click.command(epilog=_WORDS)
@click.option(
    "--kind", type=click.Choice(sorted(KINDS)), required=True, help="What the engine speaks."
)
@click.option(
    "--link",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Where to put the link to its serial port, such as /tmp/scanner.",
)
def scanner(kind: str, path: Path) -> None:
    """Simulate a serial scan engine that any host can open as a serial port."""
    try:
        link = PtyLink(path)
    except OSError as error:
        raise click.ClickException(f"cannot make the link {path}: {error.strerror}") from error
    with until_stopped(), link:
        console = Console()
        simulator = Simulator(kind, link, time.monotonic, console.tell)
        console.tell("ready", link=str(path), pty=link.pty, kind=kind)
        _run(console, simulator, link)


def _run(console: Console, simulator: Simulator, link: PtyLink) -> None:
    desk = ScannerDesk(simulator, link)
    while not console.ended:
        ears: list[Console | PtyLink] = [console] if console.listening else []
        if link.plugged:
            ears.append(link)
        ready, _, _ = select.select(ears, [], [], _TICK_S)
        simulator.pump()
        for line in console.words() if console in ready else ():
            if line == "quit":
                return
            desk.obey(line)
