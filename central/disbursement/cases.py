"""What a claim code stands for, in words: what went in, what became of it, what is open, what to do next."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.balances import OpenBill, open_bills
from disbursement.config import SaleSection
from disbursement.errors import UnknownClaim
from disbursement.kiosks.doubts import HEARD_LATER, worth_in_words
from disbursement.kiosks.models import Claim, DoubtfulBill
from disbursement.sales.models import CreditedBill, Payout, QuoteRow, Settlement, TransferRow
from disbursement.sales.transfers import payment_of
from disbursement.sales.unheard import UNHEARD_HOURS
from disbursement.status import MEANING
from kiosk_wire.age import age
from kiosk_wire.claim_code import meant_by
from kiosk_wire.messages import TransferState


def case_lines(session: Session, rules: SaleSection, typed: str, now_ms: int) -> list[str]:
    """Of every sale with this code: chance may give it out twice. Raises UnknownClaim."""
    meant = meant_by(typed, session.scalars(sa.select(Claim.claim_code)))
    if meant.code is None:
        raise UnknownClaim(f"no kiosk has reported a claim code {typed!r}{meant}")
    claims = session.scalars(sa.select(Claim).where(Claim.claim_code == meant.code))
    return [line for claim in claims for line in _case(session, rules, claim, now_ms)]


def open_lines(session: Session, rules: SaleSection, now_ms: int) -> list[str]:
    """Everything open, the oldest first."""
    return [
        f"{bill.claim_code or 'no code  '}  kiosk {bill.kiosk_id}  {_open(rules, bill, now_ms)}"
        for bill in open_bills(session)
    ] or ["nothing is open"]


def _case(session: Session, rules: SaleSection, claim: Claim, now_ms: int) -> Iterator[str]:
    yield f"claim code {claim.claim_code}, kiosk {claim.kiosk_id}, sale {claim.session_id}"
    credited = _of(session, CreditedBill, claim)
    doubtful = _of(session, DoubtfulBill, claim)
    for bill in credited:
        yield f"  bill {bill.bill_id}: {_worth(rules, bill)} credited"
    for doubt in doubtful:
        why = f" ({doubt.reason})" if doubt.reason else ""
        yield f"  bill {doubt.bill_id}: {_worth(rules, doubt)} {doubt.kind}{why}{_later(doubt.later)}"
    if not credited and not doubtful:
        yield "  no bill was reported of it"
    sold = sa.select(TransferRow).where(
        TransferRow.speaker_id == claim.kiosk_id, TransferRow.session_id == claim.session_id
    )
    for transfer in session.scalars(sold):
        yield f"  {_transfer(session, transfer)}"
    bills = open_bills(session, claim.kiosk_id, claim.session_id)
    for bill_open in bills:
        yield f"  open: {_open(rules, bill_open, now_ms)}"
    matters = {bill.matter for bill in credited} | {bill.matter for bill in doubtful}
    yield from _settled(session, matters)
    if not bills:
        yield "  nothing of it is open"


Reported = TypeVar("Reported", CreditedBill, DoubtfulBill)


def _of(session: Session, model: type[Reported], claim: Claim) -> list[Reported]:
    mine = model.kiosk_id == claim.kiosk_id, model.session_id == claim.session_id
    return list(session.scalars(sa.select(model).where(*mine)))


def _worth(rules: SaleSection, bill: CreditedBill | DoubtfulBill | OpenBill) -> str:
    return worth_in_words(rules, bill.value_minor, bill.currency)


def _later(later: str | None) -> str:
    return f"; {HEARD_LATER[later]}" if later else ""


def _transfer(session: Session, row: TransferRow) -> str:
    told = f"transfer {row.transfer_id}: {row.state}, {MEANING[TransferState(row.state)]}"
    payout, quote = session.get(Payout, row.transfer_id), session.get(QuoteRow, row.quote_id or "")
    if payout is None or quote is None or row.amount_base_units is None:
        return told
    coins = f"{Decimal(row.amount_base_units).scaleb(-quote.coin_exponent):f} {quote.coin}"
    payment = payment_of(session, row.transfer_id)
    txid = f" in transaction {payment.txid}" if payment and payment.txid else ""
    failed = (
        f"; {payout.attempts} attempts failed: {payout.last_error}" if payout.last_error else ""
    )
    return f"{told}; {coins} to {row.address}{txid}{failed}"


def _open(rules: SaleSection, bill: OpenBill, now_ms: int) -> str:
    since = age(now_ms - bill.booked_at_ms)
    later = _later(bill.later)
    return f"{bill.kind} {_worth(rules, bill)} for {since}{later}; {_next(bill)}"


def _next(bill: OpenBill) -> str:
    if bill.kind != "unpaid credit":
        return f"once it is settled with the customer: `central settle {bill.matter} --note ...`"
    if bill.transfer_state in (TransferState.FINALIZED, TransferState.SIGNED):
        return "it is paid by itself: nothing to do"
    if bill.transfer_state is None:
        return "its transfer is not known here: the kiosk has more to report"
    wait = f"the kiosk has not ended the sale: after {UNHEARD_HOURS} hours without a word,"
    return f"{wait} `central finalize {bill.transfer_id} --note ...`"


def _settled(session: Session, matters: set[str]) -> Iterator[str]:
    done = sa.select(Settlement).where(Settlement.name.in_(matters)).order_by(Settlement.at_ms)
    for one in session.scalars(done):
        on = datetime.fromtimestamp(one.at_ms / 1_000, UTC)
        yield f"  settled by hand: {one.name} on {on:%Y-%m-%d %H:%M} UTC: {one.note}"
