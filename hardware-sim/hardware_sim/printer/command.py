"""`hardware-sim printer`: the simulated printer on a pseudo-terminal, its receipts in a folder."""

import select
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from hardware_sim.console import Console, until_stopped
from hardware_sim.link import PtyLink
from hardware_sim.printer.model import ROLL_MM, Happening, Printer
from hardware_sim.printer.paper import Receipt

_BUSY_POLL_S = 0.02
_IDLE_POLL_S = 0.5
_ALMOST_EMPTY_MM = 3_000

_WORDS = """\b
Words it takes on standard input, one a line:
  paper-low [MM]           the roll is nearly used up, MM millimetres are left (3000)
  paper-out, load-paper    the roll is at its end; a new roll is put in
  cover open, cover close  the paper cover
  cutter-jam, clear        the blade sticks at the next cut; a person frees it
  offline, online          the printer's own switch
  mute SECONDS             it does not answer the host for so long
  power off, power on      the mains switch
  unplug, plug             the cable
  status                   tells its condition
  quit"""


class PrinterDesk:
    """The printer, its cable, and the person beside it."""

    def __init__(self, printer: Printer, link: PtyLink, folder: Path) -> None:
        self._printer = printer
        self._link = link
        self._folder = folder
        self._receipts = len(list(folder.glob("receipt-*.png")))
        self._deeds: dict[str, Callable[[], None]] = {
            "paper-low": lambda: printer.load_paper(_ALMOST_EMPTY_MM),
            "paper-out": lambda: printer.load_paper(0),
            "load-paper": lambda: printer.load_paper(ROLL_MM),
            "cover open": lambda: printer.set_cover(is_open=True),
            "cover close": lambda: printer.set_cover(is_open=False),
            "cutter-jam": printer.jam_cutter,
            "clear": printer.clear_cutter,
            "offline": lambda: printer.switch_offline(offline=True),
            "online": lambda: printer.switch_offline(offline=False),
            "power off": lambda: printer.switch_power(on=False),
            "power on": lambda: printer.switch_power(on=True),
            "unplug": link.unplug,
            "plug": link.plug,
            "status": self._tell_status,
        }

    def obey(self, words: str) -> None:
        deed = self._deeds.get(words) or self._measured(words)
        if deed is None:
            Console.tell("refused", line=words, why="not understood; --help lists the words")
        else:
            deed()
            Console.tell("done", word=words)

    def serve(self) -> None:
        """Once around: bytes in, time on, answers and receipts out."""
        if self._printer.accepts_bytes and (data := self._link.read()):
            self._printer.receive(data)
        for happened in self._printer.tick(time.monotonic()):
            if isinstance(happened, Receipt):
                self._keep(happened)
            else:
                _tell(happened)
        if answers := self._printer.take_answers():
            self._link.write(answers)

    def _measured(self, words: str) -> Callable[[], None] | None:
        word, _, amount = words.partition(" ")
        if not amount.isdecimal():
            return None
        return {
            "paper-low": lambda: self._printer.load_paper(int(amount)),
            "mute": lambda: self._printer.mute(time.monotonic() + int(amount)),
        }.get(word)

    def _tell_status(self) -> None:
        printer = self._printer
        Console.tell(
            "status",
            **asdict(printer.condition),
            powered=printer.powered,
            plugged=self._link.plugged,
            paper_mm=printer.paper_mm,
        )

    def _keep(self, receipt: Receipt) -> None:
        self._receipts += 1
        png = self._folder / f"receipt-{self._receipts:03}.png"
        txt = png.with_suffix(".txt")
        receipt.picture().save(png)
        txt.write_text(receipt.text, encoding="utf-8")
        Console.tell("receipt", png=str(png), txt=str(txt), partial=receipt.partial)


def _tell(happening: Happening) -> None:
    Console.tell(happening.event, **happening.details)


@click.command(epilog=_WORDS)
@click.option(
    "--link",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the printer's terminal shall appear: a link your software opens as its serial port.",
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder its receipts fall into: receipt-001.png and receipt-001.txt at every cut.",
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0.01),
    help="How many times faster than a real head (150 mm a second) it prints.",
)
def printer(path: Path, folder: Path, speed: float) -> None:
    """Simulate a receipt printer that draws what it prints.

    It takes 80 mm paper and speaks ESC/POS. It answers status requests as real printers do, also
    without paper or with its cover open.
    """
    console = Console()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"cannot make the folder {folder}: {error.strerror}") from error
    try:
        link = PtyLink(path)
    except OSError as error:
        raise click.ClickException(f"cannot make the link {path}: {error.strerror}") from error
    with link, until_stopped():
        Console.tell("ready", link=str(path), pty=link.pty)
        _run(console, link, Printer(speed), folder)


def _run(console: Console, link: PtyLink, device: Printer, folder: Path) -> None:
    desk = PrinterDesk(device, link, folder)
    while not console.ended:
        ears: list[Console | PtyLink] = [console] if console.listening else []
        if link.plugged and device.accepts_bytes:
            ears.append(link)
        wait_s = _BUSY_POLL_S if device.busy else _IDLE_POLL_S
        ready, _, _ = select.select(ears, [], [], wait_s)
        for words in console.words() if console in ready else ():
            if words == "quit":
                return
            desk.obey(words)
        desk.serve()
