"""The live camera: MJPEG over HTTP, as network cameras serve it.

Responsible for: one stream to anyone who asks, drawn only while somebody looks.
Not responsible for: what is in the picture (`stage.py`, `scene.py`).
"""

import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from hardware_sim.camera.opencv import cv2
from hardware_sim.camera.scene import Lens
from hardware_sim.camera.stage import Stage

PATH = "/stream.mjpg"

_BOUNDARY = "frame"
_JPEG_QUALITY = 82
_STOP_POLL_S = 0.05


class CameraServer(ThreadingHTTPServer):
    """Serves the stage as it is at each moment; `stage` may be replaced at any time."""

    # Joined at the end: a thread that the interpreter cuts off inside OpenCV aborts the process.
    daemon_threads = False

    def __init__(self, port: int, lens: Lens, fps: float) -> None:
        super().__init__(("127.0.0.1", port), _Viewer)
        self.stage = Stage()
        self.stopping = threading.Event()
        self.fps = fps
        self._lens = lens
        self._drawing = threading.Lock()
        self._drawn: tuple[int, bytes] = (-1, b"")

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(_STOP_POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{PATH}"

    def jpeg(self, number: int) -> bytes:
        """The frame of that number; several viewers of one moment share one drawing."""
        with self._drawing:
            if self._drawn[0] != number:
                self._drawn = (number, self._draw(number / self.fps))
            return self._drawn[1]

    def _draw(self, now_s: float) -> bytes:
        frame = self._lens.frame(self.stage, now_s)
        _, encoded = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        return encoded.tobytes()


class _Viewer(BaseHTTPRequestHandler):
    server: CameraServer
    timeout = 2.0  # a viewer that does not read is no viewer

    def do_GET(self) -> None:  # the name http.server calls
        if self.path != PATH:
            self.send_error(HTTPStatus.NOT_FOUND, explain=f"the camera is at {PATH}")
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        try:
            self._stream()
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return  # the viewer has gone

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Nobody reads an access log here, and standard error is for errors."""

    def _stream(self) -> None:
        fps = self.server.fps
        while not self.server.stopping.is_set():
            number = int(time.monotonic() * fps)
            self._send(self.server.jpeg(number))
            time.sleep(max((number + 1) / fps - time.monotonic(), 0))

    def _send(self, jpeg: bytes) -> None:
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        self.wfile.write(head.encode() + jpeg + b"\r\n")
