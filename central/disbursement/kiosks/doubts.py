"""Bills that no sale took: disputed, unattributed, or heard of again after a dispute. A person settles each.

And whose they are: the claim code is what the customer has in hand.
"""

from pydantic import ValidationError
from sqlalchemy.orm import Session

from disbursement.config import SaleSection
from disbursement.kiosks.bodies import BillDisputed, BillUnattributed, FaultRaised, SessionStarted
from disbursement.kiosks.models import Claim, DoubtfulBill, InboxEvent
from kiosk_wire.messages import EventKind, MoneyFault

HEARD_LATER: dict[str, str] = {
    "found": "the acceptor says now that it is in the cashbox",
    "returned": "it went back to the customer: do not refund it again",
}
LATER: dict[str, str] = {
    MoneyFault.DISPUTED_BILL_FOUND: "found",
    MoneyFault.DISPUTED_BILL_RETURNED: "returned",
}


def doubt(session: Session, rules: SaleSection, event: InboxEvent) -> str | None:
    """Keep what the event says of a claim code or a bill in doubt. What a person must know of the bill, if the event
    is about such a one. Raises ValidationError."""
    match event.kind:
        case EventKind.SESSION_STARTED:
            started = SessionStarted.model_validate_json(event.body)
            _keep_claim(session, event, started.claim_code)
            return None
        case EventKind.BILL_DISPUTED:
            disputed = BillDisputed.model_validate_json(event.body)
            return _book(session, rules, event, "disputed", disputed)
        case EventKind.BILL_UNATTRIBUTED:
            bill = BillUnattributed.model_validate_json(event.body)
            return _book(session, rules, event, "unattributed", bill)
        case EventKind.FAULT_RAISED:
            fault = FaultRaised.model_validate_json(event.body)
            return _heard_later(session, rules, event.kiosk_id, fault)
        case _:
            return None


def _keep_claim(session: Session, event: InboxEvent, code: str) -> None:
    if event.session_id and session.get(Claim, (event.kiosk_id, event.session_id)) is None:
        claim = Claim(kiosk_id=event.kiosk_id, session_id=event.session_id, claim_code=code)
        session.add(claim)
        session.flush()


def _book(
    session: Session,
    rules: SaleSection,
    event: InboxEvent,
    kind: str,
    bill: BillDisputed | BillUnattributed,
) -> str:
    row = DoubtfulBill(
        **{"reason": "", **bill.model_dump()},
        kiosk_id=event.kiosk_id,
        session_id=event.session_id,
        kind=kind,
        matter=event.matter,
        booked_at_ms=event.received_at_ms,
    )
    told = in_words(rules, row)
    if session.get(DoubtfulBill, (event.kiosk_id, bill.bill_id)) is not None:
        return f"{told}; this bill was in doubt before"
    session.add(row)
    session.flush()
    return told


def in_words(rules: SaleSection, bill: DoubtfulBill) -> str:
    worth = worth_in_words(rules, bill.value_minor, bill.currency)
    if bill.kind == "disputed":
        return f"bill {bill.bill_id} of {worth} is disputed: {bill.reason}"
    return f"bill {bill.bill_id} of {worth} is in the cashbox and belongs to no sale"


def worth_in_words(rules: SaleSection, value_minor: int | None, currency: str) -> str:
    if value_minor is None:
        return f"unknown value in {currency}"
    return rules.in_words(value_minor, currency)


def _heard_later(
    session: Session, rules: SaleSection, kiosk_id: str, fault: FaultRaised
) -> str | None:
    if fault.code not in LATER:
        return None
    bill = session.get(DoubtfulBill, (kiosk_id, fault.detail))
    before = f"bill {fault.detail} was not reported as disputed"
    if bill is not None:
        bill.later = LATER[fault.code]
        before = in_words(rules, bill)
    return f"{before}; {HEARD_LATER[LATER[fault.code]]}"


def claim_code_of(session: Session, event: InboxEvent) -> str | None:
    """Of the customer whom the event is about. The device speaks of a disputed bill when it can, perhaps
    in the session of another customer."""
    if event.kind != EventKind.FAULT_RAISED:
        return claim_code(session, event.kiosk_id, event.session_id)
    try:
        fault = FaultRaised.model_validate_json(event.body)
    except ValidationError:
        return None
    bill = session.get(DoubtfulBill, (event.kiosk_id, fault.detail))
    return claim_code(session, event.kiosk_id, bill.session_id) if bill else None


def claim_code(session: Session, kiosk_id: str, session_id: str | None) -> str | None:
    claim = session.get(Claim, (kiosk_id, session_id)) if session_id else None
    return claim.claim_code if claim else None
