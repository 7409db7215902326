"""One connection: how long its head may take, how many there are, and a Refusal for what is no HTTP.

uvicorn bounds the silence after an answer, and neither the silence before the first request, nor a head that drips, nor
how long a head or a body's trailer is.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from disbursement.api.bounds import Bounds
from disbursement.api.signed import BODY_BYTES_MAX
from disbursement.errors import Refused
from kiosk_wire.messages import RefusalCode

NO_HTTP = Refused(400, RefusalCode.BAD_REQUEST, "this is no HTTP request, or its head is too long")
ARRIVING_BYTES_MAX = 2 * BODY_BYTES_MAX  # a body in chunks, and what says where they end


def bounded_protocol(bounds: Bounds) -> type[HttpToolsProtocol]:
    class BoundedProtocol(HttpToolsProtocol):
        _head_timer: asyncio.TimerHandle | None = None
        _arrived_bytes = 0  # of one request, and what came together with its beginning
        _read_bytes = 0  # the last time

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if len(self.connections) > bounds.connections:
                transport.abort()
                return
            self._await_head()

        def data_received(self, data: bytes) -> None:
            self._await_head()
            self._read_bytes = len(data)
            self._arrived_bytes += len(data)
            super().data_received(data)
            if self._has_request():
                self._head_is_there()
            elif self._arrived_bytes > bounds.head_bytes:
                self.send_400_response("Bad Request")
            if self._arrived_bytes > ARRIVING_BYTES_MAX:
                self.transport.abort()

        def on_message_begin(self) -> None:
            self._arrived_bytes = self._read_bytes
            super().on_message_begin()

        def connection_lost(self, exc: Exception | None) -> None:
            self._head_is_there()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:  # noqa: ARG002  the library's words
            body = NO_HTTP.as_message().model_dump_json().encode()
            head = (
                f"HTTP/1.1 {NO_HTTP.status} Bad Request\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
            self.transport.close()

        def _await_head(self) -> None:
            """It runs on while the head drips in; only a whole head ends it."""
            if self._head_timer is None:
                self._head_timer = self.loop.call_later(bounds.head_s, self._end)

        def _head_is_there(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

        def _end(self) -> None:
            if not self._has_request():
                self.transport.abort()

        def _has_request(self) -> bool:
            cycle: RequestResponseCycle | None = self.cycle
            return cycle is not None and not cycle.response_complete

    return BoundedProtocol
