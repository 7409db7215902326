"""What a kiosk's events do to its transfers: bills are credited, transfers finalized.

Never refused, whatever came first and however late: cash that cannot be paid as coins is REFUND_DUE, with
the reason on record, for a person. Nothing is guessed: the amount claimed must be the bills credited.
What these functions return is a problem that a person must look at and that no REFUND_DUE tells.
"""

import logging
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers.sanctions import books as sanctions
from disbursement.house import House
from disbursement.sales import limits, payouts
from disbursement.sales.models import CreditedBill, QuoteRow, Settlement, TransferRow
from disbursement.sales.transfers import move, open_transfer
from kiosk_wire.messages import TransferState
from kiosk_wire.pricing import coin_amount

NO_SESSION = "no-session"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A kiosk says that this transfer is over, and what was inserted."""

    kiosk_id: str
    session_id: str | None
    transfer_id: str
    committed_minor: int
    instead: str = ""  # why it is said in the kiosk's place, by a person or by itself

    def reason(self, why: str) -> str:
        return f"{why}; {self.instead}" if self.instead else why


def credit(house: House, session: Session, bill: CreditedBill) -> str | None:
    """A bill is in the cashbox."""
    known = session.get(CreditedBill, (bill.kiosk_id, bill.bill_id))
    if known is not None:
        told = (bill.transfer_id, bill.value_minor, bill.currency)
        same = told == (known.transfer_id, known.value_minor, known.currency)
        return None if same else f"bill {bill.bill_id} was credited before, otherwise"
    session.add(bill)
    session.flush()
    row = own_transfer(session, bill.kiosk_id, bill.transfer_id)
    if row is None or row.state == TransferState.PREPARED:
        return None
    late = f"bill {bill.bill_id} was credited after the transfer was"
    if row.state == TransferState.DISMISSED:
        _refund(house, session, row, f"{late} dismissed")
        return None
    if row.state == TransferState.REFUND_DUE:
        settled = session.get(Settlement, row.transfer_id) is not None
        return f"{late} settled by hand" if settled else None
    return f"{late} finalized"


def finalize(house: House, session: Session, claim: Claim) -> str | None:
    """Decide what is paid."""
    row = own_transfer(session, claim.kiosk_id, claim.transfer_id)
    if row is None and session.get(TransferRow, claim.transfer_id) is not None:
        return f"transfer {claim.transfer_id} is another kiosk's"
    if row is None:
        _finalize_unknown(house, session, claim)
        return None
    if row.state == TransferState.PREPARED:
        return _finalize_prepared(house, session, row, claim)
    if row.committed_minor == claim.committed_minor:
        return None
    now = _cash(house, session, row, claim.committed_minor)
    before = _cash(house, session, row, row.committed_minor or 0)
    reason = f"finalized for {now} after it was for {before}"
    if row.state == TransferState.DISMISSED:
        _refund(house, session, row, reason, committed_minor=claim.committed_minor)
        return None
    return reason


def _refund(house: House, session: Session, row: TransferRow, reason: str, **values: int) -> None:
    log.warning("transfer %s: %s", row.transfer_id, reason)
    move(session, row, TransferState.REFUND_DUE, reason, house.now_ms(), **values)


def own_transfer(session: Session, kiosk_id: str, transfer_id: str) -> TransferRow | None:
    return session.scalar(
        sa.select(TransferRow)
        .where(TransferRow.transfer_id == transfer_id, TransferRow.speaker_id == kiosk_id)
        .with_for_update()
    )


def _finalize_unknown(house: House, session: Session, claim: Claim) -> None:
    """Its prepare never came, or comes later: a tombstone makes sure that it locks nothing."""
    no_cash = claim.committed_minor == 0 and not _bills(session, claim)
    row = TransferRow(
        transfer_id=claim.transfer_id,
        speaker_id=claim.kiosk_id,
        session_id=claim.session_id or NO_SESSION,
        network=house.wallet.network,
        committed_minor=claim.committed_minor,
        state=TransferState.DISMISSED if no_cash else TransferState.REFUND_DUE,
    )
    reason = "dismissed before it was prepared" if no_cash else "finalized, but never prepared"
    open_transfer(session, row, reason, house.now_ms())


def _finalize_prepared(
    house: House, session: Session, row: TransferRow, claim: Claim
) -> str | None:
    quote = session.get_one(QuoteRow, row.quote_id)
    bills = _bills(session, claim)
    values = {"committed_minor": claim.committed_minor}
    if claim.committed_minor == 0 and not bills:
        house.books.release(session, row.transfer_id, house.now_ms())
        reason = claim.reason("nothing inserted")
        move(session, row, TransferState.DISMISSED, reason, house.now_ms(), **values)
        return None
    problem = _why_not_paid(house, row, quote, claim, bills)
    if problem is not None:
        house.books.release(session, row.transfer_id, house.now_ms())
        _refund(house, session, row, claim.reason(problem), **values)
        return None
    return order_payout(house, session, row, quote, claim)


def _why_not_paid(
    house: House, row: TransferRow, quote: QuoteRow, claim: Claim, bills: list[CreditedBill]
) -> str | None:
    if any(bill.currency != quote.currency for bill in bills):
        return f"bills of another currency than {quote.currency}"
    claimed = house.rules.in_words(claim.committed_minor, quote.currency)
    credited_minor = sum(bill.value_minor for bill in bills)
    if credited_minor != claim.committed_minor:
        credited = house.rules.in_words(credited_minor, quote.currency)
        return f"{claimed} claimed, but bills of {credited} credited"
    if claim.committed_minor < row.min_amount_minor:
        bought = _coins(quote, _amount(quote, claim))
        return f"{claimed} buy {bought}: too little to be sent"
    return None


def order_payout(
    house: House, session: Session, row: TransferRow, quote: QuoteRow, claim: Claim
) -> str | None:
    amount = _amount(quote, claim)
    paid = min(amount, row.lock_base_units)
    problem = None
    if paid < amount:
        cash = house.rules.in_words(claim.committed_minor, quote.currency)
        most = _coins(quote, paid)
        problem = f"{cash} buy {_coins(quote, amount)}, more than was locked: {most} paid"
    now_ms = house.now_ms()
    house.books.promise(session, row.transfer_id, paid + row.fee_reserve, now_ms)
    values = {"committed_minor": claim.committed_minor, "amount_base_units": paid}
    reason = claim.reason(problem or "finalized")
    move(session, row, TransferState.FINALIZED, reason, now_ms, **values)
    awaits = limits.needs_approval(house.rules, claim.committed_minor)
    awaits = awaits or sanctions.is_listed(session, row.address)  # since it was prepared
    payouts.order(house, session, row.transfer_id, awaits_approval=awaits)
    return problem


def _amount(quote: QuoteRow, claim: Claim) -> int:
    return coin_amount(
        claim.committed_minor, quote.fee_minor, quote.price_minor, quote.coin_exponent
    )


def _coins(quote: QuoteRow, base_units: int) -> str:
    return f"{Decimal(base_units).scaleb(-quote.coin_exponent):f} {quote.coin}"


def _cash(house: House, session: Session, row: TransferRow, amount_minor: int) -> str:
    quote = session.get(QuoteRow, row.quote_id) if row.quote_id else None
    currency = quote.currency if quote else house.rules.currency
    return house.rules.in_words(amount_minor, currency)


def _bills(session: Session, claim: Claim) -> list[CreditedBill]:
    mine = CreditedBill.kiosk_id == claim.kiosk_id, CreditedBill.transfer_id == claim.transfer_id
    return list(session.scalars(sa.select(CreditedBill).where(*mine)))
