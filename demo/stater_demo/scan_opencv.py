"""OpenCV's QR detectors, in a process of their own: some pictures hold them for minutes, and nothing else ends that."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import numpy.typing as npt

from drivers.scanner.opencv import cv2
from stater_demo.problem import DemoProblem

LIMIT_S = 3.0  # no customer waits longer
_START_S = 30.0

DETECTORS: dict[str, Callable[[], Any]] = {
    "cv QR": cv2.QRCodeDetector,
    "cv Aruco": cv2.QRCodeDetectorAruco,
}


class OpenCvDetector:
    """A picture that takes longer than LIMIT_S reads as nothing; the process is ended, and started anew."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.held = 0  # how often the limit ended it
        self._start()

    def read(self, picture: npt.NDArray[np.uint8]) -> list[str]:
        self._pipe.send(picture)
        if self._pipe.poll(LIMIT_S):
            texts: list[str] = self._pipe.recv()
            return texts
        self.held += 1
        self.close()
        self._start()
        return []

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _start(self) -> None:
        """Now and not with the first picture, whose time is taken."""
        spawning = multiprocessing.get_context("spawn")
        self._pipe, far_end = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(self.name, far_end), daemon=True)
        self._process.start()
        far_end.close()
        if not self._pipe.poll(_START_S) or self._pipe.recv() != "ready":
            raise DemoProblem(f"OpenCV's {self.name} does not start")


def _serve(name: str, pipe: Connection) -> None:
    detector = DETECTORS[name]()
    pipe.send("ready")
    while True:
        try:
            picture = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            text = detector.detectAndDecode(picture)[0]
        except (cv2.error, UnicodeDecodeError):  # both happen on real pictures
            text = ""
        pipe.send([text] if text else [])
