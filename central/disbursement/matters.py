"""What needs a person, each under a name; and closing what a person has settled by hand.

transfer-id     cash taken that cannot be paid as coins: settled by hand
                or a sale whose kiosk went silent: finalized by hand
                or a payout that fails: it is tried again for ever, unless it is settled by hand before it is signed
                or one so large that it waits for `central approve`, or to be settled by hand
kiosk-id/17     an event with a problem, a bill in doubt: settled by hand
break:3         an event that contradicts the chain: settled by hand
listed:...      a sale to a sanctioned address that was refused: settled by hand once it is reported
customer ...    somebody whom the sanctions list may mean: cleared or confirmed
request ...     a disbursement request that waits for a yes or a no, or to be sent
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.channels.models import Channel
from disbursement.config import SaleSection
from disbursement.customers.models import Customer
from disbursement.customers.sanctions import books as sanctions
from disbursement.customers.sanctions.models import ListedAttempt
from disbursement.customers.screening import undecided
from disbursement.errors import NotOpen
from disbursement.house import House
from disbursement.kiosks.doubts import claim_code, claim_code_of
from disbursement.kiosks.models import ChainBreak, InboxEvent
from disbursement.requests import versions, words
from disbursement.requests.models import RequestVersion
from disbursement.requests.states import State
from disbursement.sales.models import (
    CreditedBill,
    Payment,
    Payout,
    Settlement,
    TransferChange,
    TransferRow,
)
from disbursement.sales.settling import end_payout
from disbursement.sales.unheard import UNHEARD_HOURS, credited_minor, unheard
from kiosk_wire.messages import TransferState


@dataclass(frozen=True)
class Matter:
    name: str
    text: str
    by_hand: bool = True  # a person may settle it


def open_matters(session: Session, rules: SaleSection, now_ms: int) -> list[Matter]:
    settled = set(session.scalars(sa.select(Settlement.name)))
    every = (
        *_refunds(session, rules),
        *_unheard(session, rules, now_ms),
        *_problems(session),
        *_breaks(session),
        *_listed(session),
        *_reviews(session),
        *_failing(session),
        *_awaiting(session, rules),
        *_requests(session),
    )
    return [matter for matter in every if matter.name not in settled]


def settle(house: House, session: Session, name: str, note: str) -> Matter:
    """It leaves the list for good. Raises NotOpen."""
    row = session.get(TransferRow, name, with_for_update=True)  # no bill is credited meanwhile
    done = session.get(Settlement, name)
    if done is not None:
        on = datetime.fromtimestamp(done.at_ms / 1_000, UTC)
        raise NotOpen(f"{name} was settled already, on {on:%Y-%m-%d %H:%M} UTC: {done.note}")
    now_ms = house.now_ms()
    if row is not None:
        end_payout(house, session, row, note)
    matter = next((m for m in open_matters(session, house.rules, now_ms) if m.name == name), None)
    if matter is None:
        raise NotOpen(f"nothing called {name!r} needs a person: `central status` lists what does")
    if not matter.by_hand:
        raise NotOpen(f"{name} cannot be settled by hand: {matter.text}")
    session.add(Settlement(name=name, at_ms=now_ms, note=note))
    session.flush()
    return matter


def _refunds(session: Session, rules: SaleSection) -> Iterator[Matter]:
    due = (
        sa.select(TransferRow, TransferChange.reason)
        .join(TransferChange, TransferChange.transfer_id == TransferRow.transfer_id)
        .where(
            TransferRow.state == TransferState.REFUND_DUE,
            TransferChange.version == TransferRow.version,
        )
    )
    for row, reason in session.execute(due):
        told = f"{_whose(session, rules, row)}, not paid as coins"
        yield Matter(row.transfer_id, f"{told}: {reason}")


def _unheard(session: Session, rules: SaleSection, now_ms: int) -> Iterator[Matter]:
    for row in unheard(session, now_ms):
        told = f"no word of this sale for over {UNHEARD_HOURS} hours"
        remedy = f"`central finalize {row.transfer_id}` ends it for that"
        if credited_minor(session, row):
            remedy += f", or it ends so by itself after {rules.complete_after_hours} hours"
        text = f"{_whose(session, rules, row)}, {told}; {remedy}"
        yield Matter(row.transfer_id, text, by_hand=False)


def _problems(session: Session) -> Iterator[Matter]:
    troubled = sa.select(InboxEvent).where(InboxEvent.problem.is_not(None))
    for event in session.scalars(troubled.order_by(InboxEvent.kiosk_id, InboxEvent.seq)):
        customer = _customer(event.kiosk_id, claim_code_of(session, event))
        yield Matter(event.matter, f"{customer}: {event.problem}")


def _breaks(session: Session) -> Iterator[Matter]:
    for broken in session.scalars(sa.select(ChainBreak)):
        yield Matter(f"break:{broken.chain_break_id}", f"kiosk {broken.kiosk_id}: {broken.why}")


def _listed(session: Session) -> Iterator[Matter]:
    for attempt in session.scalars(sa.select(ListedAttempt).order_by(ListedAttempt.at_ms)):
        whose = _customer_of(session, attempt.speaker_id, attempt.session_id)
        named = f"{attempt.address}, which entry {attempt.uid} of the sanctions list names"
        text = f"no sale was begun to {named}; the law may want a report"
        yield Matter(attempt.matter, f"{whose}: {text}")


def _reviews(session: Session) -> Iterator[Matter]:
    held = sa.select(Customer).where(Customer.under_review).order_by(Customer.customer_id)
    for customer in session.scalars(held):
        alike = ", ".join(
            f"{hit.listed_name!r} (entry {hit.uid}, {hit.score // 100} of 100)"
            for hit in undecided(session, customer)
        )
        remedy = " or ".join(
            f"`central customer {step} {customer.customer_id} --note ...`"
            for step in ("clear", "confirm")
        )
        text = f"buys nothing until a person decides whether it is {alike}: {remedy}"
        yield Matter(f"customer {customer.customer_id}", text, by_hand=False)


def _failing(session: Session) -> Iterator[Matter]:
    failing = (
        sa.select(TransferRow, Payout, Payment.txid, Payment.failure, Payment.is_final)
        .join(Payout, Payout.transfer_id == TransferRow.transfer_id)
        .outerjoin(Payment, Payment.payment_id == Payout.payment_id)
        .where(Payout.last_error.is_not(None))
        .order_by(TransferRow.transfer_id)
    )
    for row, payout, txid, failure, is_final in session.execute(failing):
        text = f"tried again by itself, {payout.attempts} failed so far: {payout.last_error}"
        may_end = row.state == TransferState.FINALIZED
        if failure is not None:
            text, may_end = f"transaction {txid} is {failure}", is_final
        remedy = f"; or {_settle(row)}" if may_end else ""
        yield Matter(row.transfer_id, text + remedy, by_hand=may_end)


def _awaiting(session: Session, rules: SaleSection) -> Iterator[Matter]:
    waiting = (
        sa.select(TransferRow)
        .join(Payout, Payout.transfer_id == TransferRow.transfer_id)
        .where(Payout.awaits_approval)
        .order_by(TransferRow.transfer_id)
    )
    for row in session.scalars(waiting):
        remedy = f"waits for approval: `central approve {row.transfer_id} --note ...`"
        whose = _whose(session, rules, row)
        if sanctions.is_listed(session, row.address):
            whose += ", its address is on the sanctions list"
        yield Matter(row.transfer_id, f"{whose}, {remedy}, or {_settle(row)}")


def _settle(row: TransferRow) -> str:
    return f"`central settle {row.transfer_id} --note ...` ends it unpaid"


def _requests(session: Session) -> Iterator[Matter]:
    for request in versions.newest_in(session, words.STEPS):
        steps = " or ".join(f"`central request {s}`" for s in words.STEPS[State(request.state)])
        text = f"{words.asked(request)}: {request.state}; {steps}"
        yield Matter(f"request {request.request_id}", text, by_hand=False)


def _whose(session: Session, rules: SaleSection, row: TransferRow) -> str:
    if row.speaker_id is None:
        ordered = sa.select(RequestVersion).where(RequestVersion.transfer_id == row.transfer_id)
        return words.asked(session.scalars(ordered.limit(1)).one())
    whose = _customer_of(session, row.speaker_id, row.session_id)
    if session.get(Channel, row.speaker_id) is not None:
        return f"{whose}: {rules.in_words(row.committed_minor or 0, rules.currency)} committed"
    return f"{whose}: {_credited(session, rules, row)} credited"


def _customer_of(session: Session, speaker_id: str, session_id: str | None) -> str:
    if session.get(Channel, speaker_id) is not None:
        return f"channel {speaker_id}, sale {session_id}"
    return _customer(speaker_id, claim_code(session, speaker_id, session_id))


def _customer(kiosk_id: str, code: str | None) -> str:
    return f"kiosk {kiosk_id}, claim code {code or 'unknown'}"


def _credited(session: Session, rules: SaleSection, row: TransferRow) -> str:
    sums = (
        sa.select(CreditedBill.currency, sa.func.sum(CreditedBill.value_minor))
        .where(
            CreditedBill.kiosk_id == row.speaker_id, CreditedBill.transfer_id == row.transfer_id
        )
        .group_by(CreditedBill.currency)
    )
    words = [rules.in_words(int(total), currency) for currency, total in session.execute(sums)]
    return " and ".join(words) or "no bills"
