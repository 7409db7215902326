"""The routes, as `kiosk_wire.messages` lists them."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Response

from disbursement.api import accounts, customers, openapi, refusals
from disbursement.api.channels import channel_routes
from disbursement.api.idempotent import Idempotent
from disbursement.api.pace import Paced
from disbursement.api.signed import SignedOnly
from disbursement.api.speaking import Kiosk, Seller
from disbursement.house import House
from disbursement.kiosks.intake import take_in
from disbursement.readiness import Readiness, readiness
from disbursement.sales import transfers
from disbursement.sales.preparing import prepare
from disbursement.sales.quotes import quote
from kiosk_wire.messages import (
    EventAck,
    EventBatch,
    Health,
    Id,
    PrepareRequest,
    Quote,
    QuoteRequest,
    Refusal,
    Transfer,
)

DESCRIPTION = """Kiosks and sales channels ask for a quote, prepare a transfer before the first bill, and report what was paid. Each
request is signed (RFC 9421, Ed25519). Ids are the speaker's; a repeat gets the stored answer."""


def build_app(house: House) -> FastAPI:
    app = FastAPI(
        title="Stater central disbursement service",
        description=DESCRIPTION,
        version=version("stater-central"),
        generate_unique_id_function=openapi.operation_id,
    )
    of_accounts = accounts.routes(house)
    app.add_middleware(accounts.Direct, router=of_accounts)
    app.add_middleware(Idempotent, house=house)
    app.add_middleware(SignedOnly, house=house)
    app.add_middleware(Paced, house=house)  # the last is the outermost
    refusals.install(app)
    app.include_router(_v1_routes(house))
    app.include_router(of_accounts)
    app.include_router(customers.routes(house))

    openapi.describe(app)

    @app.get(
        "/healthz",
        summary="Is it running, and does it pay real coins?",
        responses=refusals.OPEN,
        tags=["service"],
    )
    def healthz(response: Response) -> Health:
        response.headers["Cache-Control"] = "no-store"  # kiosks set their time by it
        network = house.wallet.network
        return Health(
            ok=True, network=network, practice=network == "practice", now_ms=house.now_ms()
        )

    @app.get(
        "/readyz",
        summary="Could a sale begin and be paid now?",
        responses=refusals.OPEN
        | {503: {"model": Readiness | Refusal, "description": "It could not, and why"}},
        tags=["service"],
    )
    def readyz(response: Response) -> Readiness:
        now = readiness(house)
        response.status_code = 200 if now.ready else 503
        return now

    return app


def _v1_routes(house: House) -> APIRouter:
    router = APIRouter(prefix="/v1", responses=refusals.DOCUMENTED)

    @router.post("/quotes", tags=["sales"], summary="A price that stands for a while")
    def post_quote(speaker_id: Seller, request: QuoteRequest) -> Quote:
        return quote(house, speaker_id, request)

    @router.post(
        "/transfers",
        tags=["sales"],
        summary="Fix the rate and lock the funds, before the first bill",
    )
    def post_transfer(speaker_id: Seller, request: PrepareRequest) -> Transfer:
        return prepare(house, speaker_id, request)

    @router.get("/transfers/{transfer_id}", tags=["sales"], summary="How far a transfer is")
    def get_transfer(speaker_id: Seller, transfer_id: Annotated[Id, Path()]) -> Transfer:
        return transfers.status(house, speaker_id, transfer_id)

    @router.post(
        "/events",
        tags=["kiosks"],
        summary="What happened at the kiosk, in any order, any number of times",
    )
    def post_events(kiosk_id: Kiosk, request: EventBatch) -> EventAck:
        return take_in(house, kiosk_id, request)

    router.include_router(channel_routes(house))
    return router
