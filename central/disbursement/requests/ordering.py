"""From a request to its payout: the same transfer, hold and exactly-once payout as a kiosk's sale has.

The transfer's name is the request's, with a colon that no kiosk's id can have. So the keys of holds, transfers and
payouts let one request be ordered once, whatever else goes wrong.
"""

from sqlalchemy.orm import Session

from disbursement.accounts import holds
from disbursement.errors import FundsUnavailable
from disbursement.house import House
from disbursement.requests import versions
from disbursement.requests.models import RequestVersion
from disbursement.requests.states import State
from disbursement.requests.versions import CENTRAL, Told
from disbursement.sales import payouts
from disbursement.sales.models import TransferRow
from disbursement.sales.transfers import open_transfer
from disbursement.wallets.wallet import Terms
from kiosk_wire.messages import TransferState


def lock(house: House, session: Session, request: RequestVersion, terms: Terms) -> bool:
    amount = request.amount_base_units + terms.fee_reserve
    try:
        holds.prepare(session, _transfer_id(request), house.books.account("wallet"), amount)
    except FundsUnavailable:
        return False
    return True


def order(house: House, session: Session, request: RequestVersion, terms: Terms) -> RequestVersion:
    """Of what was locked in this transaction."""
    amount, now_ms = request.amount_base_units, house.now_ms()
    transfer = TransferRow(
        transfer_id=_transfer_id(request),
        network=request.network,
        address=request.address,
        fee_reserve=terms.fee_reserve,
        lock_base_units=amount,
        amount_base_units=amount,
        state=TransferState.FINALIZED,
    )
    why = f"requested by {request.requested_by}, approved by {request.approved_by}"
    open_transfer(session, transfer, why, now_ms)
    house.books.promise(session, transfer.transfer_id, amount + terms.fee_reserve, now_ms)
    payouts.order(house, session, transfer.transfer_id)
    return versions.advance(
        session,
        request,
        Told(State.ORDERED, CENTRAL, "funds locked, payout ordered", now_ms),
        transfer_id=transfer.transfer_id,
        transfer_version=transfer.version,
    )


def _transfer_id(request: RequestVersion) -> str:
    return f"request:{request.request_id}"
