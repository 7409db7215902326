"""From a request to its payout: the same transfer, lock and exactly-once payout as a kiosk's sale has.

The transfer's name is the request's, with a colon that no kiosk's id can have. So the keys of locks, transfers and
payouts let one request be ordered once, whatever else goes wrong.
"""

from sqlalchemy.orm import Session

from disbursement.errors import FundsUnavailable, Refused, RequestRefused
from disbursement.house import House
from disbursement.requests import versions
from disbursement.requests.models import RequestVersion
from disbursement.requests.states import State
from disbursement.requests.versions import CENTRAL, Told
from disbursement.sales import limits, payouts
from disbursement.sales.models import TransferRow
from disbursement.sales.transfers import open_transfer
from disbursement.wallets.wallet import Terms
from kiosk_wire.messages import TransferState


def worth_minor(house: House, request: RequestVersion) -> int:
    """In cash, rounded up; zero where no limit asks. Raises RequestRefused: nobody knows."""
    if not limits.are_in_cash(house.rules):
        return 0
    try:
        price_minor = house.prices.current().minor
    except Refused as stale:
        raise RequestRefused(f"its worth, which has a limit, is not known now: {stale}") from stale
    return -(-request.amount_base_units * price_minor // int(10**request.coin_exponent))


def lock(
    house: House, session: Session, request: RequestVersion, terms: Terms, worth: int
) -> str | None:
    """Its transfer and its funds, as a sale has them. Or why not; and then there is neither."""
    amount = request.amount_base_units
    transfer = TransferRow(
        transfer_id=_transfer_id(request),
        network=request.network,
        address=request.address,
        fee_reserve=terms.fee_reserve,
        max_amount_minor=worth,
        lock_base_units=amount,
        amount_base_units=amount,
        state=TransferState.FINALIZED,
    )
    why = f"requested by {request.requested_by}, approved by {request.approved_by}"
    try:
        with session.begin_nested():
            open_transfer(session, transfer, why, house.now_ms())
            locked = amount + terms.fee_reserve
            house.books.lock(session, transfer.transfer_id, locked, house.now_ms())
            limits.demand_within(house, session)
            limits.demand_payable(session, terms)
    except FundsUnavailable:
        return "the wallet cannot cover it"
    except Refused as limit:
        return str(limit)
    return None


def order(house: House, session: Session, request: RequestVersion) -> RequestVersion:
    """Of what was locked in this transaction."""
    transfer, now_ms = session.get_one(TransferRow, _transfer_id(request)), house.now_ms()
    promised = transfer.lock_base_units + transfer.fee_reserve
    house.books.promise(session, transfer.transfer_id, promised, now_ms)
    awaits = limits.needs_approval(house.rules, transfer.max_amount_minor)
    payouts.order(house, session, transfer.transfer_id, awaits_approval=awaits)
    return versions.advance(
        session,
        request,
        Told(State.ORDERED, CENTRAL, "funds locked, payout ordered", now_ms),
        transfer_id=transfer.transfer_id,
        transfer_version=transfer.version,
    )


def _transfer_id(request: RequestVersion) -> str:
    return f"request:{request.request_id}"
