"""Phones that customers hold: by a port of central's, or behind a gateway of the kind that operators rent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Phones:
    """Every message, by the name under which it was sent; the last code that each phone got."""

    codes: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    reach: bool = True

    def send(self, name: str, phone: str, code: str) -> bool:
        self.names.append(name)
        if self.reach:
            self.codes[phone] = code
        return self.reach


@dataclass
class Gateway:
    url: str
    asked: list[tuple[dict[str, str], Any]] = field(default_factory=list)  # headers and body
    answers: list[int] = field(default_factory=list)  # statuses still to be given; then 200

    def delivered(self) -> dict[str, Any]:
        """Once for each idempotency key, as such gateways do."""
        return {headers["idempotency-key"]: body for headers, body in self.asked}


@contextmanager
def gateway() -> Iterator[Gateway]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.asked.append((headers, json.loads(body)))
            status = here.answers.pop(0) if here.answers else 200
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Gateway(f"http://127.0.0.1:{server.server_port}/messages")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()
