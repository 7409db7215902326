"""Taking in a kiosk's events: repeats, disorder and gaps are all fine; a changed history is not.

Each event is stored by (kiosk, number). What continues the chain without a gap is processed in order,
once, in the same transaction as its effect. An event that contradicts the chain is kept as evidence,
refused, and has no effect.
"""

import logging
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from disbursement.errors import Refused
from disbursement.house import House
from disbursement.kiosks.bodies import BillCredited, TransferFinalized
from disbursement.kiosks.doubts import doubt
from disbursement.kiosks.models import ChainBreak, InboxEvent, Kiosk
from disbursement.sales.finalizing import Claim, credit, finalize
from disbursement.sales.models import CreditedBill
from kiosk_wire.chain import event_hash
from kiosk_wire.messages import EventAck, EventBatch, EventKind, KioskEvent, RefusalCode

EVENTS_AHEAD_MAX = 10_000  # how far beyond a gap events are kept
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    through_seq: int
    broken: str | None  # why, when an event contradicts the chain


def take_in(house: House, kiosk_id: str, batch: EventBatch) -> EventAck:
    """Everything good in the batch is stored and done, also when something in it is refused."""
    outcome = house.db.run(lambda session: _take_in(house, session, kiosk_id, batch))
    if outcome.broken is not None:
        log.error("kiosk %s: %s", kiosk_id, outcome.broken)
        raise Refused(409, RefusalCode.CHAIN_BROKEN, outcome.broken)
    return EventAck(through_seq=outcome.through_seq)


def _take_in(house: House, session: Session, kiosk_id: str, batch: EventBatch) -> _Outcome:
    kiosk = session.get_one(Kiosk, kiosk_id, with_for_update=True)
    broken = None
    for event in sorted(batch.events, key=lambda event: event.seq):
        broken = _store(session, kiosk, event, house.now_ms()) or broken
    broken = _process(house, session, kiosk) or broken
    return _Outcome(kiosk.through_seq, broken)


def _store(session: Session, kiosk: Kiosk, event: KioskEvent, now_ms: int) -> str | None:
    """Why it contradicts what is known of it, if it does."""
    if event.seq > kiosk.through_seq + EVENTS_AHEAD_MAX:
        detail = f"event {event.seq} is too far ahead of {kiosk.through_seq}: send those between"
        raise Refused(400, RefusalCode.BAD_REQUEST, detail)
    if "\x00" in event.body:  # JSON text never holds it, and PostgreSQL cannot
        raise Refused(422, RefusalCode.BAD_REQUEST, f"the body of event {event.seq} holds a NUL")
    row = InboxEvent(
        **event.model_dump(mode="json"), kiosk_id=kiosk.kiosk_id, received_at_ms=now_ms
    )
    if event.hash != _hash(row):
        return _keep_evidence(session, row, f"event {event.seq} is not what its hash says")
    stored = session.get(InboxEvent, (kiosk.kiosk_id, event.seq))
    if stored is None:
        session.add(row)
        session.flush()
        return None
    if stored.hash == event.hash:
        return None
    return _keep_evidence(session, row, f"event {event.seq} differs from the one stored before")


def _process(house: House, session: Session, kiosk: Kiosk) -> str | None:
    """Go on along the chain as far as it is stored. Why it breaks, if it does."""
    waiting = sa.select(InboxEvent).where(
        InboxEvent.kiosk_id == kiosk.kiosk_id, InboxEvent.seq > kiosk.through_seq
    )
    for event in session.scalars(waiting.order_by(InboxEvent.seq)).all():
        if event.seq != kiosk.through_seq + 1:
            return None
        if event.previous_hash != kiosk.head_hash:
            why = f"event {event.seq} does not continue the chain after {kiosk.through_seq}"
            _keep_evidence(session, event, why)
            session.delete(event)  # so that the true one can take its number
            session.flush()
            return why
        event.problem = _apply(house, session, event)
        kiosk.through_seq, kiosk.head_hash = event.seq, event.hash
        session.flush()
    return None


def _apply(house: House, session: Session, event: InboxEvent) -> str | None:
    """The event's effect. The problem that a person must look at, if there is one."""
    try:
        if event.kind == EventKind.BILL_CREDITED:
            credited = BillCredited.model_validate_json(event.body)
            bill = CreditedBill(
                **credited.model_dump(),
                kiosk_id=event.kiosk_id,
                session_id=event.session_id,
                matter=credited.transfer_id,
                booked_at_ms=event.received_at_ms,
            )
            problem = credit(house, session, bill)
            if problem is not None:
                bill.matter = event.matter
        elif event.kind == EventKind.TRANSFER_FINALIZED:
            told = TransferFinalized.model_validate_json(event.body)
            claim = Claim(event.kiosk_id, event.session_id, **told.model_dump())
            problem = finalize(house, session, claim)
        else:
            problem = doubt(session, house.rules, event)
    except ValidationError as malformed:
        # Refusing it would hold up every later event of this kiosk, and the payouts in them.
        place = ".".join(str(part) for part in malformed.errors()[0]["loc"])
        problem = f"{event.kind} has a malformed body: {place or 'the whole'} cannot be read"
    if problem is not None:
        log.warning("kiosk %s, event %s: %s", event.kiosk_id, event.seq, problem)
    return problem


def _hash(event: InboxEvent) -> str:
    return event_hash(
        previous_hash=event.previous_hash,
        seq=event.seq,
        event_id=event.event_id,
        session_id=event.session_id,
        at_ms=event.at_ms,
        kind=event.kind,
        body=event.body,
    )


def _keep_evidence(session: Session, event: InboxEvent, why: str) -> str:
    """Once for each event, however often the kiosk insists."""
    of_event = KioskEvent.model_validate({n: getattr(event, n) for n in KioskEvent.model_fields})
    text = of_event.model_dump_json()
    known = sa.select(ChainBreak).where(
        ChainBreak.kiosk_id == event.kiosk_id,
        ChainBreak.seq == event.seq,
        ChainBreak.event_json == text,
    )
    if session.scalars(known.limit(1)).first() is None:
        kept = ChainBreak(kiosk_id=event.kiosk_id, seq=event.seq, why=why, event_json=text)
        kept.received_at_ms = event.received_at_ms
        session.add(kept)
        session.flush()
    return why
