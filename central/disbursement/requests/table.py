"""Every transition of a disbursement request, as data. Read it top to bottom.

What is not here does not happen. For one state and trigger the rows are tried in order; the first whose guards all say
yes is taken, and with none nothing changes.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from disbursement.requests import guards as when
from disbursement.requests.guards import Evidence
from disbursement.requests.states import State

S = State
Guard = Callable[[Evidence], bool]


class Trigger(StrEnum):
    APPROVE = "approve"
    DENY = "deny"
    SEND_TO_NODE = "send_to_node"
    FOLLOW = "follow"  # the transfer moved


class Row(NamedTuple):
    source: tuple[State, ...]
    trigger: Trigger
    guards: tuple[Guard, ...]
    target: State
    why: str


T = Trigger
NOT_ORDERED = (S.SUBMITTED, S.APPROVED, S.FAILED_TO_SEND)
MAY_BE_SENT = (S.APPROVED, S.FAILED_TO_SEND)
MAY_PAY = (when.address_ok, when.within_limit, when.approved_by_another)

# fmt: off
ROWS: tuple[Row, ...] = (
    Row((S.SUBMITTED,), T.APPROVE, MAY_PAY, S.APPROVED, "two people want it"),
    Row(NOT_ORDERED, T.DENY, (), S.DENIED, "a no needs no reasons but its note, as long as nothing is ordered"),
    Row(MAY_BE_SENT, T.SEND_TO_NODE, (*MAY_PAY, when.funds_locked), S.ORDERED, "locked and ordered, or neither"),
    Row(MAY_BE_SENT, T.SEND_TO_NODE, (*MAY_PAY, when.funds_short), S.FAILED_TO_SEND, "nothing was ordered: it may be sent again"),
    Row((S.ORDERED,), T.FOLLOW, (when.transfer_is_signed,), S.NODE_ACK, "the node signed, and the bytes are stored"),
    Row((S.ORDERED,), T.FOLLOW, (when.transfer_is_settled,), S.DENIED, "a person settled it by hand before it was signed"),
    Row((S.NODE_ACK, S.SENT), T.FOLLOW, (when.transfer_is_finalized,), S.ORDERED, "its payment is dead, and another is made"),
    Row((S.NODE_ACK,), T.FOLLOW, (when.transfer_is_broadcast,), S.SENT, "the network accepted it"),
    Row((S.SENT,), T.FOLLOW, (when.transfer_is_settled,), S.DENIED, "it failed in a block for good, and a person settled it by hand"),
    Row((S.SENT,), T.FOLLOW, (when.transfer_is_confirmed,), S.CONFIRMED, "it is in a block"),
    Row((S.CONFIRMED,), T.FOLLOW, (when.transfer_is_broadcast,), S.SENT, "its block was reorganized away"),
)
# fmt: on
