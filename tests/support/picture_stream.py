"""A camera of the network that shows whatever pictures it is given, 25 a second, over and over: MJPEG over HTTP."""

import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Self

from drivers.scanner.opencv import cv2
from drivers.scanner.picture import Picture

FPS = 25
_QUALITY = 98  # a module of one pixel stays one


class PictureStream(ThreadingHTTPServer):
    def __init__(self, pictures: Sequence[Picture]) -> None:
        super().__init__(("127.0.0.1", 0), _Viewer)
        self.stopping = threading.Event()
        self.show(pictures)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/camera"

    def show(self, pictures: Sequence[Picture]) -> None:
        encoded = (
            cv2.imencode(".jpg", each, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]) for each in pictures
        )
        self.jpegs = [jpeg.tobytes() for _, jpeg in encoded]


class _Viewer(BaseHTTPRequestHandler):
    server: PictureStream

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for number in count():
            jpegs = self.server.jpegs
            jpeg = jpegs[number % len(jpegs)]
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:  # the viewer has gone
                return
            if self.server.stopping.wait(1 / FPS):
                return

    def log_message(self, *_: object) -> None:
        pass
