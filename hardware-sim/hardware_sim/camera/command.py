"""`hardware-sim camera`: the simulated camera, as a film for later or as a live stream."""

import select
import time
from pathlib import Path

import click

from hardware_sim.camera.film import frames, write_film
from hardware_sim.camera.phone import TextTooLong, phone
from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import Showing
from hardware_sim.camera.stream import CameraServer
from hardware_sim.console import Console, until_stopped

_FILM_SIZE, _FILM_FPS = (1280, 720), 15
_LIVE_SIZE, _LIVE_FPS = (960, 540), 10  # light enough to run beside everything else
_SHORTEST_S = 4  # to come, hold still and leave

_WORDS = """\b
Words it takes on standard input with --serve, one a line:
  show TEXT       a phone with that QR code comes into view
  show-dark TEXT  the same in dark mode: light modules on dark
  hide            the phone leaves
  cover, uncover  a hand on the lens
  blur            the phone is too close to focus; show it again to move it back
  quit"""


class CameraDesk:
    """The person before the camera, who does as told."""

    def __init__(self, server: CameraServer, lens: Lens) -> None:
        self._server = server
        self._lens = lens

    def obey(self, words: str) -> None:
        try:
            self._act(words)
        except (ValueError, TextTooLong) as error:
            Console.tell("refused", line=words, why=str(error))
        else:
            Console.tell("done", word=words)

    def show(self, showing: Showing) -> None:
        phone(showing.text, dark=showing.dark, seed=self._lens.seed)  # refuses what no code holds
        self._server.stage = self._server.stage.show(showing, time.monotonic())

    def _act(self, words: str) -> None:
        stage, now_s = self._server.stage, time.monotonic()
        match words.split(maxsplit=1):
            case ["show", text]:
                self.show(Showing(text))
            case ["show-dark", text]:
                self.show(Showing(text, dark=True))
            case ["hide"]:
                self._server.stage = stage.hide(now_s)
            case ["blur"] if stage.held:
                self._server.stage = stage.blur(now_s)
            case ["blur"]:
                raise ValueError("no phone is before the camera; show one first")
            case ["cover" | "uncover" as word]:
                self._server.stage = stage.cover(covered=word == "cover")
            case _:
                raise ValueError("not understood; --help lists the words")


@click.command(epilog=_WORDS)
@click.option("--text", help="What the QR code on the phone says, such as bitcoin:bcrt1q...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write one customer's visit: a video where it ends in .avi or .mp4, else a folder of PNGs.",
)
@click.option(
    "--serve",
    "port",
    type=click.IntRange(0, 65535),
    help="Be a live network camera (MJPEG) on this port of 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--seconds",
    default=8.0,
    show_default=True,
    type=click.FloatRange(min=_SHORTEST_S),
    help="How long the visit is.",
)
@click.option(
    "--fps",
    type=click.FloatRange(min=1, max=60),
    help=f"Frames a second; {_FILM_FPS} in a film and {_LIVE_FPS} live unless given.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(min=0),
    help="Another number is another shop and another hand; the same gives the same frames.",
)
@click.option("--dark", is_flag=True, help="The wallet is in dark mode: light modules on dark.")
def camera(  # noqa: PLR0913 (one parameter an option)
    *,
    text: str | None,
    out: Path | None,
    port: int | None,
    seconds: float,
    fps: float | None,
    seed: int,
    dark: bool,
) -> None:
    """Simulate a camera that sees a phone with a QR code.

    Either live, with --serve PORT: a stream at http://127.0.0.1:PORT/stream.mjpg that any camera
    software opens. Or a film of one customer's visit, with --text and --out.
    """
    showing = None if text is None else Showing(text, dark=dark)
    if port is not None and out is None:
        _serve(port, Lens(_LIVE_SIZE, seed), fps or _LIVE_FPS, showing)
    elif out is not None and showing is not None and port is None:
        _film(out, Lens(_FILM_SIZE, seed), showing, (seconds, fps or _FILM_FPS))
    else:
        raise click.UsageError(
            "give --serve PORT for a live camera, or --text and --out for a film"
        )


def _film(out: Path, lens: Lens, showing: Showing, timing: tuple[float, float]) -> None:
    seconds, fps = timing
    try:
        count = write_film(frames(lens, showing, seconds, fps), out, fps, lens.size)
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error.strerror}") from error
    except TextTooLong as error:
        raise click.ClickException(str(error)) from error
    Console.tell("film", out=str(out), frames=count, fps=fps)


def _serve(port: int, lens: Lens, fps: float, showing: Showing | None) -> None:
    try:
        server = CameraServer(port, lens, fps)
    except OSError as error:
        raise click.ClickException(f"cannot serve on port {port}: {error.strerror}") from error
    with server, until_stopped():
        desk = CameraDesk(server, lens)
        if showing is not None:
            try:
                desk.show(showing)
            except TextTooLong as error:
                raise click.ClickException(str(error)) from error
        Console.tell("ready", url=server.url)
        _listen(Console(), desk)


def _listen(console: Console, desk: CameraDesk) -> None:
    while not console.ended:
        select.select([console] if console.listening else [], [], [])
        for words in console.words():
            if words == "quit":
                return
            desk.obey(words)
