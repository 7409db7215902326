"""One connection: how long its head may take, how many there are, and a Refusal for what is no HTTP.

uvicorn bounds the silence after an answer, and neither the silence before the first request nor a head that drips.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from disbursement.api.bounds import Bounds
from disbursement.errors import Refused
from kiosk_wire.messages import RefusalCode

NO_HTTP = Refused(400, RefusalCode.BAD_REQUEST, "this is no HTTP request, or its head is too long")


def bounded_protocol(bounds: Bounds) -> type[H11Protocol]:
    class BoundedProtocol(H11Protocol):
        _head_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if len(self.connections) > bounds.connections:
                transport.abort()
                return
            self._await_head()

        def data_received(self, data: bytes) -> None:
            self._await_head()
            super().data_received(data)
            if self._has_request():
                self._head_is_there()

        def connection_lost(self, exc: Exception | None) -> None:
            self._head_is_there()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            body = NO_HTTP.as_message().model_dump_json().encode()
            headers = [("content-type", "application/json"), ("connection", "close")]
            headers.append(("content-length", str(len(body))))
            for event in (
                h11.Response(status_code=NO_HTTP.status, headers=headers, reason=msg.encode()),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
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
