"""Between the gate and the routes: a POST with an Idempotency-Key is answered once, and again from what is kept."""

import logging

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from disbursement.api.refusals import answer as refusal
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.speakers.idempotency import Answer, Asked, begin, end, hash_of, read_key
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import IDEMPOTENCY_KEY, SpeakerKind, VerifiedSignature

log = logging.getLogger(__name__)


class Idempotent:
    """Needs the speaker and the body that the gate has put into the request's state."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "POST" or "speaker" not in scope.get("state", {}):
            await self._app(scope, receive, send)
            return
        try:
            asked = _asked(scope)
            kept = await run_in_threadpool(begin, self._house, asked) if asked else None
        except Refused as refused:
            await refusal(refused)(scope, receive, send)
            return
        if kept:
            again = Response(kept.body, kept.status, media_type="application/json")
            await again(scope, receive, send)
        elif asked:
            await self._answer(asked, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Whose time runs out leaves the key as it is, to be given up in time: the work may still go on."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        try:
            await self._app(scope, receive, hold)
        except Exception:
            await self._end(asked, Answer(500, b""))
            raise
        body = b"".join(message.get("body", b"") for message in held[1:])
        await self._end(asked, Answer(held[0]["status"], body))
        for message in held:
            await send(message)

    async def _end(self, asked: Asked, answer: Answer) -> None:
        try:
            await run_in_threadpool(end, self._house, asked, answer)
        except SQLAlchemyError as failure:  # the work is done, and safe to repeat
            log.warning("an answer is not kept under its idempotency key: %s", failure)


def _asked(scope: Scope) -> Asked | None:
    speaker: VerifiedSignature = scope["state"]["speaker"]
    given = Headers(scope=scope).getlist(IDEMPOTENCY_KEY)
    if not given:
        if speaker.kind is SpeakerKind.CHANNEL:
            detail = (
                "each POST of a channel needs an Idempotency-Key, so that it may be asked again"
            )
            raise Refused(400, RefusalCode.BAD_IDEMPOTENCY_KEY, detail)
        return None
    asked_hash = hash_of(
        scope["method"], scope["raw_path"] + scope["query_string"], scope["state"]["body"]
    )
    return Asked(speaker.key_id, read_key(", ".join(given)), asked_hash)
