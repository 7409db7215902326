"""The routes of the sales channels alone, as `kiosk_wire.channel` lists them."""

from typing import Annotated

from fastapi import APIRouter, Path

from disbursement.api.speaking import Channel
from disbursement.channels import requesting
from disbursement.channels.bulk import answer_all
from disbursement.channels.committing import commit
from disbursement.house import House
from kiosk_wire.channel import (
    Disbursement,
    DisburseRequest,
    FinalizeRequest,
    TransferAnswers,
    TransferBatch,
)
from kiosk_wire.messages import Id, Transfer


def channel_routes(house: House) -> APIRouter:
    router = APIRouter(tags=["channels"])

    @router.post("/transfers/{transfer_id}/finalize", summary="Commit what was paid, or dismiss")
    def finalize_transfer(
        channel_id: Channel, transfer_id: Annotated[Id, Path()], request: FinalizeRequest
    ) -> Transfer:
        return commit(house, channel_id, transfer_id, request.committed_minor)

    @router.post("/transfers/batch", summary="Prepare, finalize and ask after many at once")
    def post_transfers(channel_id: Channel, batch: TransferBatch) -> TransferAnswers:
        return answer_all(house, channel_id, batch)

    @router.post("/requests", summary="Ask for coins that a person must approve")
    def post_request(channel_id: Channel, request: DisburseRequest) -> Disbursement:
        return requesting.ask(house, channel_id, request)

    @router.get("/requests/{request_id}", summary="How far a disbursement request is")
    def get_request(channel_id: Channel, request_id: Annotated[Id, Path()]) -> Disbursement:
        return requesting.find(house, channel_id, request_id)

    return router
