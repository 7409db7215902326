"""Around everything that is served: no request waits, grows or multiplies without end.

Responsible for: how long a request may take to arrive and to be answered, how many are under way, how long a URL is.
Not responsible for: connections and heads, which `connection.py` bounds; bodies' sizes (`signed.py`); how often somebody asks
(`pace.py`). All of it is for real sockets and needs a running loop.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from disbursement import deadline
from disbursement.api.refusals import answer
from disbursement.api.signed import BODY_BYTES_MAX
from disbursement.errors import Refused
from kiosk_wire.messages import RefusalCode


@dataclass(frozen=True)
class Bounds:
    head_s: float = (
        10.0  # from a connection's first byte to the end of the head; also before a first byte
    )
    body_s: float = 10.0  # from there to the end of the body
    answer_s: float = 20.0  # from there to the end of the answer; twice a kiosk's patience
    idle_s: int = 30  # a connection without a request; kiosks ask each second, or each 15
    requests: int = 64  # at once; more than the threads that do the work
    connections: int = 512  # half of the files that a process may have open by default
    head_bytes: int = 16 * 1024
    url_bytes: int = 2 * 1024


class Bounded:
    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self._app = app
        self._bounds = bounds
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._demand_room(scope)
        except Refused as refused:
            await _close_with(refused, scope, receive, send)
            return
        await self._run(scope, receive, send)

    def _demand_room(self, scope: Scope) -> None:
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._bounds.url_bytes:
            detail = f"a URL of at most {self._bounds.url_bytes} bytes is taken"
            raise Refused(414, RefusalCode.BAD_REQUEST, detail)
        if (
            sum(len(name) + len(value) for name, value in scope["headers"])
            > self._bounds.head_bytes
        ):
            detail = f"headers of at most {self._bounds.head_bytes} bytes are taken"
            raise Refused(431, RefusalCode.BAD_REQUEST, detail)
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY_BYTES_MAX:
            detail = f"at most {BODY_BYTES_MAX} bytes are taken"
            raise Refused(413, RefusalCode.BAD_REQUEST, detail)
        if len(self._running) >= self._bounds.requests:
            detail = "too many requests are under way: ask again"
            raise Refused(503, RefusalCode.BUSY, detail, retry_after_s=1)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Threads cannot be stopped: what is late keeps its place among the running until it ends, unheard, and no
        transaction of it commits any more (`deadline.py`)."""
        heard = _Heard(send)
        arriving = _Arriving(receive, self._bounds.body_s)
        most_s = self._bounds.body_s + self._bounds.answer_s
        with deadline.within(most_s):
            task = asyncio.create_task(self._answer(scope, arriving, heard))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await asyncio.wait({task}, timeout=most_s)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        heard.is_over = True
        task.cancel()
        if not heard.began:
            detail = "it took too long: ask again"
            late = Refused(504, RefusalCode.OUT_OF_TIME, detail, retry_after_s=1)
            await _close_with(late, scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _Arriving:
    """A body that must be there in time."""

    def __init__(self, receive: Receive, body_s: float) -> None:
        self._receive = receive
        self._until_s = asyncio.get_running_loop().time() + body_s
        self._is_whole = False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until_s):
                message = await self._receive()
        except TimeoutError as late:
            detail = "the body did not arrive in time"
            raise Refused(408, RefusalCode.OUT_OF_TIME, detail, retry_after_s=1) from late
        self._is_whole = not message.get("more_body", False)
        return message


class _Heard:
    """An answer, as long as somebody waits for it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.began = False
        self.is_over = False

    async def __call__(self, message: Message) -> None:
        if not self.is_over:
            self.began = True
            await self._send(message)


async def _close_with(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    """What of the request is still on its way is not waited for."""
    response: Any = answer(refused)
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
