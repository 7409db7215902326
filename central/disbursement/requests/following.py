"""A request follows its transfer: each change of the transfer becomes a version of the request, in order."""

from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.house import House
from disbursement.requests import versions
from disbursement.requests.guards import Evidence
from disbursement.requests.machine import next_state
from disbursement.requests.models import RequestHead
from disbursement.requests.states import State
from disbursement.requests.table import Trigger
from disbursement.requests.versions import CENTRAL, Told
from disbursement.sales.models import TransferChange, TransferRow
from kiosk_wire.messages import TransferState

UNDER_WAY = (State.ORDERED, State.NODE_ACK, State.SENT)
MOVING = (TransferState.FINALIZED, TransferState.SIGNED, TransferState.BROADCAST)


def follow_transfers(house: House) -> None:
    """Safe to repeat, and to be cut short: what was not followed yet is known by its number."""
    for request_id in house.db.run(_behind):
        house.db.run(partial(_follow, request_id))


def _behind(session: Session) -> list[str]:
    """Either it or its transfer is under way: both are asked by their state, as most of both are done."""
    behind = (
        sa.select(RequestHead.request_id)
        .join(TransferRow, TransferRow.transfer_id == RequestHead.transfer_id)
        .where(TransferRow.version > RequestHead.transfer_version)
    )
    either = sa.union(
        behind.where(RequestHead.state.in_(UNDER_WAY)), behind.where(TransferRow.state.in_(MOVING))
    )
    return sorted(session.scalars(either))


def _follow(request_id: str, session: Session) -> None:
    newest = versions.newest(session, request_id)
    changes = (
        sa.select(TransferChange)
        .where(
            TransferChange.transfer_id == newest.transfer_id,
            TransferChange.version > newest.transfer_version,
        )
        .order_by(TransferChange.version)
    )
    for change in session.scalars(changes).all():
        seen = Evidence(transfer_state=TransferState(change.state))
        state = next_state(State(newest.state), Trigger.FOLLOW, seen)
        told = Told(state, CENTRAL, change.reason, change.at_ms)
        newest = versions.advance(session, newest, told, transfer_version=change.version)
