"""What sales channels say to central beside quote, prepare and status, which are as the kiosks' (`messages.py`).

    POST /v1/transfers/{transfer_id}/finalize  FinalizeRequest -> Transfer
    POST /v1/transfers/batch                   TransferBatch   -> TransferAnswers
    POST /v1/requests                          DisburseRequest -> Disbursement
    GET  /v1/requests/{request_id}                             -> Disbursement

Every POST of a channel has an Idempotency-Key.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from kiosk_wire.messages import (
    BaseUnits,
    Coin,
    Id,
    Message,
    Minor,
    Network,
    PrepareRequest,
    Refusal,
    Transfer,
)

ITEMS_MAX = 100
Line = Annotated[str, Field(min_length=1, max_length=500)]


class FinalizeRequest(Message):
    """Commit what the customer paid, or dismiss with zero."""

    committed_minor: Minor


class PrepareItem(PrepareRequest):
    act: Literal["prepare"]


class FinalizeItem(FinalizeRequest):
    act: Literal["finalize"]
    transfer_id: Id


class StatusItem(Message):
    act: Literal["status"]
    transfer_id: Id


Item = Annotated[PrepareItem | FinalizeItem | StatusItem, Field(discriminator="act")]


class TransferBatch(Message):
    """Done in order, each for itself: one that is refused stops no other."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=ITEMS_MAX)]


class ItemAnswer(Message):
    """The status that the item would have got alone; with it either the transfer or the refusal."""

    status: Annotated[int, Field(ge=200, le=599)]
    transfer: Transfer | None = None
    refusal: Refusal | None = None


class TransferAnswers(Message):
    """In the order of the items."""

    answers: Annotated[tuple[ItemAnswer, ...], Field(min_length=1, max_length=ITEMS_MAX)]


class DisburseRequest(Message):
    """Coins for somebody who bought none. Nothing is paid before a person approves it."""

    request_id: Id
    requested_by: Line  # the person who asks; another one must approve
    purpose: Line
    amount_base_units: Annotated[int, Field(gt=0, le=10**18)]
    coin: Coin
    address: Annotated[str, Field(min_length=8, max_length=128)]


class DisbursementState(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DENIED = "denied"
    ORDERED = "ordered"  # funds locked and the payout ordered, in one transaction
    NODE_ACK = "node_ack"  # the node signed it, and the bytes are stored
    SENT = "sent"  # the network accepted it
    CONFIRMED = "confirmed"
    FAILED_TO_SEND = "failed_to_send"  # nothing was ordered: it may be sent again


class Disbursement(Message):
    request_id: Id
    state: DisbursementState
    requested_by: Line
    purpose: Line
    amount_base_units: BaseUnits
    coin: Coin
    network: Network
    address: str
    txid: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    confirmations: Annotated[int, Field(ge=0)] = 0
