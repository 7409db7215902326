"""A channel ends its sale by an explicit call: commit what the customer paid, or dismiss.

Unlike a kiosk's event, which tells of cash that is there already, the call is refused when it cannot be paid as coins; then
nothing has changed. The same call again gets how the transfer stands; another one, after the first, is refused.
"""

from sqlalchemy.orm import Session

from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales import finalizing
from disbursement.sales.finalizing import Claim
from disbursement.sales.models import QuoteRow, TransferRow
from disbursement.sales.transfers import as_message
from kiosk_wire.messages import RefusalCode, Transfer, TransferState


def commit(house: House, channel_id: str, transfer_id: str, committed_minor: int) -> Transfer:
    return house.db.run(
        lambda session: as_message(
            session,
            _commit(house, session, channel_id, transfer_id, committed_minor),
            house.tip.height,
        )
    )


def _commit(
    house: House, session: Session, channel_id: str, transfer_id: str, committed_minor: int
) -> TransferRow:
    row = finalizing.own_transfer(session, channel_id, transfer_id)
    if row is None and (committed_minor or session.get(TransferRow, transfer_id) is not None):
        raise Refused(404, RefusalCode.NOT_FOUND, f"no transfer {transfer_id}")
    if row is not None and row.state != TransferState.PREPARED:
        if row.committed_minor != committed_minor:
            now = house.rules.in_words(row.committed_minor or 0, house.rules.currency)
            detail = f"transfer {transfer_id} was finalized before, for {now}"
            raise Refused(409, RefusalCode.TRANSFER_CLOSED, detail)
        return row
    claim = Claim(channel_id, None, transfer_id, committed_minor)
    if row is not None and committed_minor:
        _demand_payable(house, row, committed_minor)
        quote = session.get_one(QuoteRow, row.quote_id)
        finalizing.order_payout(house, session, row, quote, claim)
    else:  # it has no bills: a dismissal, or a tombstone for a prepare that comes later
        finalizing.finalize(house, session, claim)
    return session.get_one(TransferRow, transfer_id)


def _demand_payable(house: House, row: TransferRow, committed_minor: int) -> None:
    if row.min_amount_minor <= committed_minor <= row.max_amount_minor:
        return
    least, most = (
        house.rules.in_words(amount, house.rules.currency)
        for amount in (row.min_amount_minor, row.max_amount_minor)
    )
    detail = f"transfer {row.transfer_id} takes {least} to {most}, or zero"
    raise Refused(422, RefusalCode.AMOUNT_OUT_OF_RANGE, detail)
