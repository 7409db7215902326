"""What keeps the hot wallet's loss small: its floor, the most that leaves it in an hour, and from where on a person
is asked.

They hold for sales and for disbursement requests, both together, and refuse new ones and nothing else: what was
promised is always paid. A request's worth is that of the hour in which it was ordered.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.config import SaleSection
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales.models import TransferChange, TransferRow
from disbursement.wallets.wallet import Terms
from kiosk_wire.messages import RefusalCode, TransferState

HOUR_MS = 3_600_000
UNMINED = (
    TransferState.PREPARED,
    TransferState.FINALIZED,
    TransferState.SIGNED,
    TransferState.BROADCAST,
)


def demand_within(house: House, session: Session) -> None:
    """The new transfer is counted already, and its funds are locked: whoever prepares beside it waits for that
    lock. Raises Refused."""
    floor = int(house.paying.floor.scaleb(house.wallet.coin_exponent))
    if house.books.free(session) < floor:
        raise _refused("the wallet would fall below its floor")
    most = house.rules.hourly_limit_minor
    if most is not None and _sold_in_an_hour(house, session) > most:
        raise _refused("the limit of this hour is reached")


def are_in_cash(rules: SaleSection) -> bool:
    """So that coins nobody paid cash for must be given a worth."""
    return rules.hourly_limit_minor is not None or rules.approve_above_minor is not None


def needs_approval(rules: SaleSection, worth_minor: int) -> bool:
    return rules.approve_above_minor is not None and worth_minor >= rules.approve_above_minor


def demand_payable(session: Session, terms: Terms) -> None:
    """Where fees are of another coin: enough of it for every payment that is open, this one included. Raises
    Refused."""
    if terms.payable is None:
        return
    is_open = TransferRow.state.in_(UNMINED)
    count = session.scalar(sa.select(sa.func.count()).select_from(TransferRow).where(is_open))
    if int(count or 0) > terms.payable:
        raise _refused("the wallet has too little of the coin that its fees are paid in")


def _refused(why: str) -> Refused:
    return Refused(409, RefusalCode.FUNDS_UNAVAILABLE, why)


def _sold_in_an_hour(house: House, session: Session) -> int:
    """Each sale that was prepared in the last hour: what was inserted, or while it is open the most it may
    become; and what each request was worth."""
    sold_minor = sa.func.coalesce(TransferRow.committed_minor, TransferRow.max_amount_minor)
    recent = (
        sa.select(sa.func.sum(sold_minor))
        .join(TransferChange, TransferChange.transfer_id == TransferRow.transfer_id)
        .where(TransferChange.version == 1, TransferChange.at_ms > house.now_ms() - HOUR_MS)
    )
    return int(session.scalar(recent) or 0)
