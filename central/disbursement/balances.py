"""What customers have put in and have neither got as coins nor had settled: balances, each with its age.

    unpaid credit   credited, and its transfer is not broadcast yet
    refund due      credited, and cannot be paid as coins
    disputed        nobody can say where the bill is
    unattributed    in the cashbox, and no sale took it

So for each kiosk and currency: the sum of these = inserted and not returned - paid as coins - settled by hand.
Derived from the bills each time, never stored, so nothing that is repeated can count twice. An age counts from
when central heard of the bill.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.kiosks.models import Claim, DoubtfulBill
from disbursement.sales.models import CreditedBill, Settlement, TransferRow
from kiosk_wire.messages import TransferState

PAID = (TransferState.BROADCAST, TransferState.CONFIRMED)


@dataclass(frozen=True)
class Balance:
    kiosk_id: str
    currency: str
    kind: str
    amount_minor: int
    bills: int
    of_unknown_value: int
    oldest_at_ms: int


@dataclass(frozen=True)
class OpenBill:
    kiosk_id: str
    session_id: str | None
    bill_id: str
    currency: str
    value_minor: int | None
    booked_at_ms: int
    matter: str
    later: str | None
    kind: str
    transfer_id: str | None
    transfer_state: str | None
    claim_code: str | None


def open_balances(session: Session) -> list[Balance]:
    bill = _open().subquery()
    each = bill.c.kiosk_id, bill.c.currency, bill.c.kind
    summed = sa.select(
        *each,
        sa.func.coalesce(sa.func.sum(bill.c.value_minor), 0),
        sa.func.count(),
        sa.func.count() - sa.func.count(bill.c.value_minor),
        sa.func.min(bill.c.booked_at_ms),
    )
    rows = session.execute(summed.group_by(*each).order_by(*each)).all()
    return [Balance(k, c, kind, int(total), *rest) for k, c, kind, total, *rest in rows]


def open_bills(session: Session, kiosk_id: str = "", session_id: str = "") -> list[OpenBill]:
    """The oldest first: of one session, or all."""
    bill = _open().subquery()
    mine = (Claim.kiosk_id == bill.c.kiosk_id) & (Claim.session_id == bill.c.session_id)
    query = sa.select(bill, Claim.claim_code).outerjoin(Claim, mine)
    if session_id:
        query = query.where(bill.c.kiosk_id == kiosk_id, bill.c.session_id == session_id)
    rows = session.execute(query.order_by(bill.c.booked_at_ms, bill.c.kiosk_id, bill.c.bill_id))
    return [OpenBill(**row) for row in rows.mappings()]


def _open() -> sa.CompoundSelect[tuple[object, ...]]:
    own = (TransferRow.transfer_id == CreditedBill.transfer_id) & (
        TransferRow.speaker_id == CreditedBill.kiosk_id
    )
    came_late = CreditedBill.matter != CreditedBill.transfer_id  # its transfer does not pay it
    is_refund = sa.or_(came_late, TransferRow.state == TransferState.REFUND_DUE)
    not_paid = sa.or_(came_late, TransferRow.state.is_(None), TransferRow.state.not_in(PAID))
    credited = (
        sa.select(
            *_columns(CreditedBill),
            sa.null().label("later"),
            sa.case((is_refund, "refund due"), else_="unpaid credit").label("kind"),
            CreditedBill.transfer_id,
            TransferRow.state.label("transfer_state"),
        )
        .outerjoin(TransferRow, own)
        .where(not_paid, ~_is_settled(CreditedBill))
    )
    doubtful = sa.select(
        *_columns(DoubtfulBill),
        DoubtfulBill.later,
        DoubtfulBill.kind,
        sa.null().label("transfer_id"),
        sa.null().label("transfer_state"),
    ).where(~_is_settled(DoubtfulBill))
    return sa.union_all(credited, doubtful)


def _columns(of: type[CreditedBill | DoubtfulBill]) -> tuple[sa.ColumnElement[object], ...]:
    names = ("kiosk_id", "session_id", "bill_id", "currency", "value_minor", "booked_at_ms")
    return tuple(getattr(of, name) for name in (*names, "matter"))


def _is_settled(of: type[CreditedBill | DoubtfulBill]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Settlement.name == of.matter)
