"""How smoothly a customer sees the camera's picture: two processes as they run on the kiosk, 30 pictures a second.

The writer is the core's, fed with a picture that moves; the screen is the customer's own, on the scan page. A picture
counts when the window that has it is drawn and shown.
"""

import multiprocessing as mp
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from drivers.scanner.view import VIEW_SIDE_PX_MAX, Hint, View
from kiosk.screen_link.preview import preview_path, read_frame
from kiosk.screen_link.preview_writer import PreviewWriter
from stater_demo.bench_acceptors import Figures

CAMERA_FPS = 30
SHAPE = (VIEW_SIDE_PX_MAX * 3 // 4, VIEW_SIDE_PX_MAX, 3)


@dataclass(frozen=True)
class Shown:
    latencies_s: list[float]
    took_s: float
    cpu_s: float


def run(seconds: int, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = preview_path(Path(folder) / "screen.sock")
        say(
            f"{SHAPE[1]} x {SHAPE[0]} in colour, {CAMERA_FPS} a second, for {seconds} s, drawn without a GPU\n"
        )
        say(
            f"{'screen':<12}{'shown/s':>9}{'writer CPU':>12}{'screen CPU':>12}{'p50':>8}{'p99':>8}{'most':>8} ms"
        )
        for orientation in ("portrait", "landscape"):
            writer = started(write, path)
            screen = started(show, path, orientation, seconds)
            shown = screen.recv()
            writer.send("enough")
            say(_row(orientation, writer.recv(), shown))


def started(work: Callable[..., None], *arguments: object) -> Connection:
    """In a process of its own; what it sends is its result. One that fails without is an EOFError."""
    processes = mp.get_context("spawn")  # Qt does not survive a fork
    ours, theirs = processes.Pipe()
    processes.Process(target=work, args=(*arguments, theirs), daemon=True).start()
    theirs.close()
    return ours


def _row(orientation: str, writer_cpu_share: float, shown: Shown) -> str:
    latency = Figures.of(shown.latencies_s)
    return (
        f"{orientation:<12}{latency.count / shown.took_s:>9.1f}{writer_cpu_share:>12.1%}"
        f"{shown.cpu_s / shown.took_s:>12.1%}"
        f"{latency.p50_ms:>8.1f}{latency.p99_ms:>8.1f}{latency.most_ms:>8.1f}"
    )


def write(path: Path, parent: Connection) -> None:
    began_s, number, cpu_s = time.monotonic(), 0, 0.0
    noise = np.random.default_rng(1).integers(0, 256, SHAPE, dtype=np.uint8)
    with closing(PreviewWriter(path)) as writer:
        while not parent.poll():
            number += 1
            left = 0.3 + number % 10 / 100
            outline = ((left, 0.3), (left + 0.3, 0.3), (left + 0.3, 0.7), (left, 0.7))
            view = View(np.roll(noise, number * 4, axis=1), outline, Hint.HOLD_STILL)
            before_s = time.process_time()  # the writer's own: not the picture's making
            writer.show(view)
            cpu_s += time.process_time() - before_s
            time.sleep(max(0.0, began_s + number / CAMERA_FPS - time.monotonic()))
    parent.send(cpu_s / (time.monotonic() - began_s))


def show(path: Path, orientation: str, seconds: int, parent: Connection) -> None:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    from PySide6.QtCore import QTimer  # noqa: PLC0415  # which reads these when it is loaded
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    from kiosk.screen_link.snapshot import ScreenState  # noqa: PLC0415
    from ui.build import ensure_translations  # noqa: PLC0415
    from ui.gallery import Gallery  # noqa: PLC0415
    from ui.samples import sample  # noqa: PLC0415
    from ui.viewfinder import Viewfinder  # noqa: PLC0415

    ensure_translations()
    app = QGuiApplication([])
    gallery = Gallery(orientation)
    viewfinder = Viewfinder(partial(read_frame, path))
    viewfinder.seen.connect(gallery.presenter.see)
    gallery.presenter.scanning.connect(viewfinder.watch)
    began: list[tuple[float, float]] = []
    drawn: dict[int, float] = {}

    def count() -> None:
        frame = gallery.presenter.latest_frame()
        if frame is None:
            return
        if not began:
            began.append((time.monotonic(), time.process_time()))
            QTimer.singleShot(1_000 * seconds, lambda: app.exit(0))
            return  # time begins with this one
        drawn.setdefault(frame.written_ns, (time.monotonic_ns() - frame.written_ns) / 1e9)

    gallery.window.frameSwapped.connect(count)
    gallery.presenter.receive(sample(ScreenState.SCANNING))
    app.exec()
    ((began_s, began_cpu_s),) = began
    took_s, cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    parent.send(Shown(list(drawn.values()), took_s, cpu_s))
    viewfinder.watch(False)
    gallery.close()
