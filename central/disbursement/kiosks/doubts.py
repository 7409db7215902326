"""Bills that no sale took: disputed, unattributed, or heard of again after a dispute. A person settles each.

And whose they are: the claim code is what the customer has in hand.
"""

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from disbursement.config import SaleSection
from disbursement.kiosks.bodies import BillDisputed, BillUnattributed, FaultRaised, SessionStarted
from disbursement.kiosks.models import InboxEvent
from kiosk_wire.messages import EventKind, MoneyFault

HEARD_LATER: dict[str, str] = {
    MoneyFault.DISPUTED_BILL_FOUND: "the acceptor says now that it is in the cashbox",
    MoneyFault.DISPUTED_BILL_RETURNED: "it went back to the customer: do not refund it again",
}


def doubt(session: Session, rules: SaleSection, event: InboxEvent) -> str | None:
    """What a person must know of the bill, if the event is about such a one. Raises ValidationError."""
    match event.kind:
        case EventKind.BILL_DISPUTED:
            disputed = BillDisputed.model_validate_json(event.body)
            worth = rules.in_words(disputed.value_minor, disputed.currency)
            return f"bill {disputed.bill_id} of {worth} is disputed: {disputed.reason}"
        case EventKind.BILL_UNATTRIBUTED:
            bill = BillUnattributed.model_validate_json(event.body)
            worth = f"unknown value in {bill.currency}"
            if bill.value_minor is not None:
                worth = rules.in_words(bill.value_minor, bill.currency)
            return f"bill {bill.bill_id} of {worth} is in the cashbox and belongs to no sale"
        case EventKind.FAULT_RAISED:
            fault = FaultRaised.model_validate_json(event.body)
            return _heard_later(session, event.kiosk_id, fault)
        case _:
            return None


def _heard_later(session: Session, kiosk_id: str, fault: FaultRaised) -> str | None:
    if fault.code not in HEARD_LATER:
        return None
    dispute = _find_dispute(session, kiosk_id, fault.detail)
    before = dispute.problem if dispute else f"bill {fault.detail} was not reported as disputed"
    return f"{before}; {HEARD_LATER[fault.code]}"


def _find_dispute(session: Session, kiosk_id: str, bill_id: str) -> InboxEvent | None:
    return session.scalars(
        sa.select(InboxEvent).where(
            InboxEvent.kiosk_id == kiosk_id,
            InboxEvent.kind == EventKind.BILL_DISPUTED,
            InboxEvent.body.contains(f'"{bill_id}"', autoescape=True),
        )
    ).first()


def claim_code_of(session: Session, event: InboxEvent) -> str | None:
    """Of the customer whom the event is about. The device speaks of a disputed bill when it can, perhaps
    in the session of another customer."""
    if event.kind != EventKind.FAULT_RAISED:
        return claim_code(session, event.kiosk_id, event.session_id)
    try:
        fault = FaultRaised.model_validate_json(event.body)
    except ValidationError:
        return None
    dispute = _find_dispute(session, event.kiosk_id, fault.detail)
    return claim_code(session, event.kiosk_id, dispute.session_id) if dispute else None


def claim_code(session: Session, kiosk_id: str, session_id: str | None) -> str | None:
    started = session.scalars(
        sa.select(InboxEvent).where(
            InboxEvent.kiosk_id == kiosk_id,
            InboxEvent.session_id == session_id,
            InboxEvent.kind == EventKind.SESSION_STARTED,
        )
    ).first()
    try:
        return SessionStarted.model_validate_json(started.body).claim_code if started else None
    except ValidationError:
        return None
