"""A channel asks for coins for somebody who bought none. A person approves it, and no channel ever does."""

from decimal import Decimal

from sqlalchemy.orm import Session

from disbursement.errors import Refused, RequestRefused, RequestReused, WalletUnavailable
from disbursement.house import House
from disbursement.requests import versions
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.requests.states import State
from disbursement.sales.transfers import confirmations, payment_of
from kiosk_wire.channel import Disbursement, DisburseRequest
from kiosk_wire.messages import RefusalCode

WAITING_MAX = 100  # requests of one channel that wait for a person


def ask(house: House, channel_id: str, asked: DisburseRequest) -> Disbursement:
    house.db.run(lambda session: _demand_few(session, channel_id, asked.request_id))
    try:
        CryptoDisburseRequest.submit(
            house,
            requested_by=asked.requested_by,
            requesting_app=_app(channel_id),
            purpose=asked.purpose,
            amount=Decimal(asked.amount_base_units).scaleb(-house.wallet.coin_exponent),
            crypto_currency=asked.coin,
            crypto_address=asked.address,
            request_id=asked.request_id,
        )
    except RequestReused as reused:
        raise Refused(409, RefusalCode.ID_REUSED, str(reused)) from reused
    except RequestRefused as refused:
        raise Refused(422, RefusalCode.BAD_REQUEST, str(refused)) from refused
    except WalletUnavailable as away:
        detail = "the wallet does not answer now"
        raise Refused(503, RefusalCode.FUNDS_UNAVAILABLE, detail) from away
    return find(house, channel_id, asked.request_id)


def find(house: House, channel_id: str, request_id: str) -> Disbursement:
    """Of this channel: another's does not exist for it."""
    return house.db.run(lambda session: _find(house, session, channel_id, request_id))


def _find(house: House, session: Session, channel_id: str, request_id: str) -> Disbursement:
    first = versions.first(session, request_id)
    if first is None or first.requesting_app != _app(channel_id):
        raise Refused(404, RefusalCode.NOT_FOUND, f"no request {request_id}")
    newest = versions.newest(session, request_id)
    payment = payment_of(session, newest.transfer_id) if newest.transfer_id else None
    return Disbursement(
        **{
            name: getattr(newest, name)
            for name in Disbursement.model_fields
            if hasattr(newest, name)
        },
        txid=payment.txid if payment else None,
        confirmations=confirmations(payment, house.tip.height),
    )


def _demand_few(session: Session, channel_id: str, request_id: str) -> None:
    if versions.first(session, request_id) is not None:
        return
    waiting = versions.newest_in(session, {State.SUBMITTED})
    mine = [request for request in waiting if request.requesting_app == _app(channel_id)]
    if len(mine) >= WAITING_MAX:
        detail = f"{WAITING_MAX} requests of this channel wait for a person already"
        raise Refused(409, RefusalCode.LIMIT_REACHED, detail)


def _app(channel_id: str) -> str:
    """A name that no person's program can have taken: its colon."""
    return f"channel:{channel_id}"
