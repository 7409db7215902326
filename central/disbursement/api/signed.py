"""The gate before /v1: no body that is too large, no request that no speaker signed, gets further; and no answer comes
back from books that are away."""

import logging
from typing import Any

from sqlalchemy.exc import DatabaseError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from disbursement.api.pace import SPEAKER, Buckets
from disbursement.api.refusals import answer
from disbursement.database import in_words, is_of_the_world
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.speakers.authenticating import authenticate
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import VerifiedSignature

GATED = "/v1/"
BODY_BYTES_MAX = 4 * 1024 * 1024  # a full batch of events: 200 bodies of 16 KiB, and their frames
AWAY = "The books cannot be reached now. Try again later.\n"
log = logging.getLogger(__name__)


class AsSent:
    """What is signed of a request. The host is not: a proxy may have changed it."""

    def __init__(self, scope: Scope) -> None:
        self.method = str(scope["method"])
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        self.url = "http://central" + target.decode("latin-1")
        self.headers = Headers(scope=scope)


class SignedOnly:
    """Puts who speaks into the request's state; `speaking.py` asks there."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house
        self._speakers = Buckets(SPEAKER, lambda: house.now_ms())  # noqa: PLW0108  # whichever it is then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(GATED):
            await self._app(scope, receive, send)
            return
        try:
            body = await read_body(receive, BODY_BYTES_MAX)
            speaker = await run_in_threadpool(self._authenticate, scope, body)
            self._speakers.demand(speaker.key_id)
            scope.setdefault("state", {}).update(speaker=speaker, body=body)
            await self._app(scope, _replay(body, receive), send)
        except Refused as refused:
            await answer(refused)(scope, receive, send)
        except DatabaseError as failure:
            if not is_of_the_world(failure):
                raise
            log.warning("no answer to %s: %s", scope["path"], in_words(failure))
            # No Refusal, which would be an answer: the speaker asks again as if nobody were here.
            await PlainTextResponse(AWAY, status_code=503)(scope, receive, send)

    def _authenticate(self, scope: Scope, body: bytes) -> VerifiedSignature:
        return authenticate(self._house.db, AsSent(scope), body, self._house.now_ms())


async def read_body(receive: Receive, bytes_max: int) -> bytes:
    """Raises Refused."""
    body, more = bytearray(), True
    while more:
        message: dict[str, Any] = dict(await receive())
        body += message.get("body", b"")
        more = bool(message.get("more_body", False))
        if len(body) > bytes_max:
            detail = f"at most {bytes_max} bytes are taken"
            raise Refused(413, RefusalCode.BAD_REQUEST, detail)
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    unread = [body]

    async def again() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return again
