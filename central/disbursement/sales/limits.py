"""What keeps the hot wallet's loss small: its floor, and the most that is sold in an hour.

They refuse new sales and nothing else: what was promised is always paid.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.ledger import free_balance
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales.models import TransferChange, TransferRow
from kiosk_wire.messages import RefusalCode

HOUR_MS = 3_600_000


def demand_within(house: House, session: Session) -> None:
    """The new sale is counted already, and its funds are locked: whoever prepares beside it waits for that
    lock. Raises Refused."""
    floor = int(house.paying.floor.scaleb(house.wallet.coin_exponent))
    if free_balance(session, house.books.account("wallet")) < floor:
        raise _refused("the wallet would fall below its floor")
    most = house.rules.hourly_limit_minor
    if most is not None and _sold_in_an_hour(house, session) > most:
        raise _refused("the limit of this hour is reached")


def _refused(why: str) -> Refused:
    return Refused(409, RefusalCode.FUNDS_UNAVAILABLE, why)


def _sold_in_an_hour(house: House, session: Session) -> int:
    """Each sale that was prepared in the last hour: what was inserted, or while it is open the most it may
    become."""
    sold_minor = sa.func.coalesce(TransferRow.committed_minor, TransferRow.max_amount_minor)
    recent = (
        sa.select(sa.func.sum(sold_minor))
        .join(TransferChange, TransferChange.transfer_id == TransferRow.transfer_id)
        .where(TransferChange.version == 1, TransferChange.at_ms > house.now_ms() - HOUR_MS)
    )
    return int(session.scalar(recent) or 0)
