"""Many questions of a channel in one request, each answered for itself."""

from collections.abc import Callable

from disbursement.channels.committing import commit
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales import transfers
from disbursement.sales.preparing import prepare
from kiosk_wire.channel import (
    FinalizeItem,
    Item,
    ItemAnswer,
    PrepareItem,
    StatusItem,
    TransferAnswers,
    TransferBatch,
)
from kiosk_wire.messages import PrepareRequest, Transfer


def answer_all(house: House, channel_id: str, batch: TransferBatch) -> TransferAnswers:
    return TransferAnswers(answers=tuple(_answer(house, channel_id, i) for i in batch.items))


def _answer(house: House, channel_id: str, item: Item) -> ItemAnswer:
    return answer_for(lambda: _do(house, channel_id, item))


def answer_for(do: Callable[[], Transfer]) -> ItemAnswer:
    try:
        return ItemAnswer(status=200, transfer=do())
    except Refused as refused:
        return ItemAnswer(status=refused.status, refusal=refused.as_message())


def _do(house: House, channel_id: str, item: Item) -> Transfer:
    match item:
        case PrepareItem():
            asked = PrepareRequest.model_validate(item.model_dump(exclude={"act"}))
            return prepare(house, channel_id, asked)
        case FinalizeItem():
            return commit(house, channel_id, item.transfer_id, item.committed_minor)
        case StatusItem():
            return transfers.status(house, channel_id, item.transfer_id)
