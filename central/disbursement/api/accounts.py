"""The routes for parties that hold accounts: docs/accounts.md.

A request is signed by a party. Its nonce, and what it asks for, are one transaction: so these routes have a gate of their
own, and it stands in them.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Path, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from disbursement.accounts.clerk import Clerk, Work
from disbursement.accounts.protocol import inbox
from disbursement.accounts.protocol.fields import OfTransfer
from disbursement.accounts.protocol.limits import INT64_MAX, MESSAGES_PER_BATCH_MAX
from disbursement.accounts.protocol.messages import (
    FinalizedTransfer,
    FinalizeTransfer,
    Incoming,
    Outgoing,
    PreparedTransfer,
    PrepareTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.telling import Told
from disbursement.api import refusals
from disbursement.api.signed import AsSent, read_body
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.parties import mailbox
from disbursement.parties.admitting import Asked, Parties, admit

PREFIX = "/accounts/v1"
TRANSFERS_PER_BULK_MAX = 1_000
BODY_BYTES_MAX = 2 * 1024 * 1024
T = TypeVar("T")
Transfer = PrepareTransfer | FinalizeTransfer
Reader = Callable[[bytes], Sequence[Transfer]]


class UnknownTransfer(OfTransfer):
    """No prepared transfer is what these six fields say; nothing was moved."""

    type: Literal["UnknownTransfer"] = "UnknownTransfer"
    transfer_id: int


class Received(BaseModel):
    received: int = Field(description="So many messages; their answers come in the outbox.")


class Numbered(BaseModel):
    number: int
    message: Annotated[Outgoing, Field(discriminator="type")]


class Page(BaseModel):
    messages: list[Numbered]
    through: int = Field(
        description="Ask after this number next: up to it there is no more for you."
    )


class Acknowledged(BaseModel):
    """Up to and with this number everything is read, and stored where the reader keeps it."""

    model_config = ConfigDict(extra="forbid")
    through: int = Field(ge=0, le=INT64_MAX, strict=True)


Prepares = Annotated[list[PrepareTransfer], Field(min_length=1, max_length=TRANSFERS_PER_BULK_MAX)]
Finalizes = Annotated[
    list[FinalizeTransfer], Field(min_length=1, max_length=TRANSFERS_PER_BULK_MAX)
]
Messages = Annotated[
    list[Annotated[Incoming, Field(discriminator="type")]],
    Field(min_length=1, max_length=MESSAGES_PER_BATCH_MAX),
]
_PREPARE = TypeAdapter(PrepareTransfer)
_FINALIZE = TypeAdapter(FinalizeTransfer)
_PREPARES: TypeAdapter[list[PrepareTransfer]] = TypeAdapter(Prepares)
_FINALIZES: TypeAdapter[list[FinalizeTransfer]] = TypeAdapter(Finalizes)
_MESSAGES: TypeAdapter[list[Incoming]] = TypeAdapter(Messages)
_ACKNOWLEDGED = TypeAdapter(Acknowledged)


class Gate:
    """Who asks, and what: both are known before anything waits."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._parties = Parties(house.db)
        self._clerk = Clerk(house.db, house.now_ms)

    async def transfers(self, request: Request, read: Reader) -> Sequence[Told]:
        """The answer to each."""
        asked, body = await self._signed(request)
        messages = read(body)
        asked[0].demand_own(messages)
        answers = await asyncio.wrap_future(self._clerk.take(Work(asked, messages)))
        return [told or _unknown(each) for told, each in zip(answers, messages, strict=True)]

    async def receive(self, request: Request) -> Received:
        asked, body = await self._signed(request)
        messages = _read(_MESSAGES, body)
        asked[0].demand_own(messages)

        def store(session: Session) -> None:
            mailbox.demand_room(session)
            inbox.receive(session, messages)

        await self.once(asked, store)
        self._clerk.work_inbox()
        return Received(received=len(messages))

    async def read_on(self, request: Request, after: int) -> mailbox.Page:
        asked, _ = await self._signed(request)
        return await self.once(asked, lambda session: mailbox.page(session, asked[0], after))

    async def acknowledge(self, request: Request) -> Acknowledged:
        asked, body = await self._signed(request)
        through = _read(_ACKNOWLEDGED, body).through
        through = await self.once(
            asked, lambda session: mailbox.acknowledge(session, asked[0], through)
        )
        return Acknowledged(through=through)

    async def once(self, asked: Asked, work: Callable[[Session], T]) -> T:
        """In one transaction with its nonce. Raises Refused."""

        def admitted(session: Session) -> T:
            [refusal] = admit(session, [asked], self._house.now_ms())()
            if refusal is not None:
                raise refusal
            return work(session)

        return await run_in_threadpool(self._house.db.run, admitted)

    async def _signed(self, request: Request) -> tuple[Asked, bytes]:
        body, sent = await read_body(request.receive, BODY_BYTES_MAX), AsSent(request.scope)
        now_ms = self._house.now_ms()
        try:
            return self._parties.verify(sent, body, now_ms), body
        except Refused:  # it may be known since a moment ago
            return await run_in_threadpool(self._parties.look_up, sent, body, now_ms), body


def _read(kind: TypeAdapter[T], body: bytes) -> T:
    try:
        return kind.validate_json(body)
    except ValidationError as invalid:
        raise refusals.malformed(invalid.errors()[0]) from invalid


def _unknown(message: Transfer) -> Told:
    six = {name: getattr(message, name) for name in UnknownTransfer.model_fields}
    return six | {"type": "UnknownTransfer"}


def _json(document: Any) -> Response:
    return Response(to_json(document), media_type="application/json")


def routes(house: House) -> APIRouter:
    router = APIRouter(prefix=PREFIX, tags=["accounts"], responses=refusals.DOCUMENTED)
    gate = Gate(house)

    @router.post(
        "/transfers/prepare",
        summary="Prepare one transfer",
        response_model=PreparedTransfer | RejectedTransfer,
        openapi_extra=_body(_PREPARE),
    )
    async def prepare(request: Request) -> Response:
        return _json((await gate.transfers(request, lambda body: [_read(_PREPARE, body)]))[0])

    @router.post(
        "/transfers/finalize",
        summary="Commit or dismiss one prepared transfer",
        response_model=FinalizedTransfer | UnknownTransfer,
        openapi_extra=_body(_FINALIZE),
    )
    async def finalize(request: Request) -> Response:
        return _json((await gate.transfers(request, lambda body: [_read(_FINALIZE, body)]))[0])

    @router.post(
        "/transfers/prepare/bulk",
        summary="Prepare many transfers, in one transaction",
        description="Each is answered by itself, in the order of the request: one that is rejected holds up no other.",
        response_model=list[PreparedTransfer | RejectedTransfer],
        openapi_extra=_body(_PREPARES),
    )
    async def prepare_bulk(request: Request) -> Response:
        return _json(await gate.transfers(request, lambda body: _read(_PREPARES, body)))

    @router.post(
        "/transfers/finalize/bulk",
        summary="Commit or dismiss many prepared transfers, in one transaction",
        response_model=list[FinalizedTransfer | UnknownTransfer],
        openapi_extra=_body(_FINALIZES),
    )
    async def finalize_bulk(request: Request) -> Response:
        return _json(await gate.transfers(request, lambda body: _read(_FINALIZES, body)))

    @router.post(
        "/messages",
        summary="Messages of the protocol, to be worked off soon",
        openapi_extra=_body(_MESSAGES),
    )
    async def messages(request: Request) -> Received:
        return await gate.receive(request)

    @router.get(
        "/outbox/{after}", summary="What was told to you after this number", response_model=Page
    )
    async def outbox(
        request: Request, after: Annotated[int, Path(ge=0, le=INT64_MAX)]
    ) -> Response:
        page = await gate.read_on(request, after)
        told = ",".join(f'{{"number":{n},"message":{document}}}' for n, document in page.messages)
        text = f'{{"messages":[{told}],"through":{page.through}}}'
        return Response(text, media_type="application/json")

    @router.post(
        "/outbox/acknowledged",
        summary="You have it, up to this number: it need not be kept for you",
        openapi_extra=_body(_ACKNOWLEDGED),
    )
    async def acknowledged(request: Request) -> Acknowledged:
        return await gate.acknowledge(request)

    return router


class Direct:
    """Innermost: finds by its path alone what is asked thousands of times a second. What FastAPI does for each request besides
    takes longer than the transfer."""

    def __init__(self, app: ASGIApp, router: APIRouter) -> None:
        self._app = app
        of_transfers = f"{PREFIX}/transfers/"
        routes = [route for route in router.routes if isinstance(route, APIRoute)]
        self._routes = {
            route.path: route for route in routes if route.path.startswith(of_transfers)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_post = scope["type"] == "http" and scope["method"] == "POST"
        route = self._routes.get(scope["path"]) if is_post else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route  # by which metrics are kept
        try:
            response = await route.endpoint(Request(scope, receive, send))
        except Refused as refused:
            response = refusals.answer(refused)
        await response(scope, receive, send)


def _body(kind: TypeAdapter[Any]) -> dict[str, Any]:
    """As OpenAPI has it: the routes read the body themselves, because who asks comes before what."""
    schema = kind.json_schema()
    content = {"application/json": {"schema": _whole(schema, schema.pop("$defs", {}))}}
    return {"requestBody": {"required": True, "content": content}}


def _whole(schema: Any, definitions: dict[str, Any]) -> Any:
    """Without references: they would lead out of the document."""
    if isinstance(schema, list):
        return [_whole(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _whole(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        name: _whole(each, definitions) for name, each in schema.items() if name != "discriminator"
    }
