"""What is kept of a customer: all of it to the customer who asks, and nothing personal once the law allows.

erased are phone, name, birthday and enrolments' numbers; sales, screenings and changes stay, of nobody
never while the retention runs, counted from the last sale or change, nor while anything is open
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.config import CustomersSection
from disbursement.customers import register
from disbursement.customers.models import (
    Buyer,
    Change,
    CustomerChange,
    EnrolmentRow,
    HitDecision,
    Screening,
    ScreeningHit,
)
from disbursement.errors import NotOpen
from disbursement.sales.models import TransferChange, TransferRow
from kiosk_wire.messages import TransferState

OPEN = (
    TransferState.PREPARED,
    TransferState.FINALIZED,
    TransferState.SIGNED,
    TransferState.BROADCAST,
)


def export(session: Session, customer_id: str) -> dict[str, Any]:
    """Raises NotOpen."""
    customer = register.find(session, customer_id)
    screenings = sa.select(Screening.screening_id).where(Screening.customer_id == customer_id)
    return {
        "customer": _as_json(customer),
        "changes": _all(session, CustomerChange, CustomerChange.customer_id == customer_id),
        "enrolments": _all(session, EnrolmentRow, EnrolmentRow.customer_id == customer_id),
        "sales": _all(session, TransferRow, TransferRow.transfer_id.in_(_sales(customer_id))),
        "screenings": _all(session, Screening, Screening.customer_id == customer_id),
        "hits": _all(session, ScreeningHit, ScreeningHit.screening_id.in_(screenings)),
        "decisions": _all(session, HitDecision, HitDecision.customer_id == customer_id),
    }


def _sales(customer_id: str) -> Any:
    return sa.select(Buyer.transfer_id).where(Buyer.customer_id == customer_id)


def _all(
    session: Session, table: type[Any], whose: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    by_key = sa.inspect(table).primary_key
    return [
        _as_json(row) for row in session.scalars(sa.select(table).where(whose).order_by(*by_key))
    ]


def _as_json(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(row).mapper.column_attrs}


def erase(
    session: Session, rules: CustomersSection, customer_id: str, note: str, now_ms: int
) -> None:
    """Raises NotOpen, with the reason and the day."""
    customer = register.find(session, customer_id)
    if customer.phone is None:
        raise NotOpen(f"customer {customer_id} is forgotten already")
    if customer.is_blocked or customer.under_review:
        raise NotOpen(
            f"customer {customer_id} is blocked or under review: forgotten, they could enrol anew"
        )
    _demand_over(session, rules, customer_id, now_ms)
    session.execute(
        sa.update(EnrolmentRow).where(EnrolmentRow.customer_id == customer_id).values(phone=None)
    )
    customer.phone = customer.name = customer.born_on = customer.named_version = None
    customer.is_reviewed = False
    register.change(session, customer, Change.ERASED, note, now_ms)


def _demand_over(session: Session, rules: CustomersSection, customer_id: str, now_ms: int) -> None:
    mine = _sales(customer_id)
    unended = sa.select(TransferRow.transfer_id).where(
        TransferRow.transfer_id.in_(mine), TransferRow.state.in_(OPEN)
    )
    if session.scalars(unended.limit(1)).first() is not None:
        raise NotOpen(f"customer {customer_id} has a sale that is not over")
    sold_ms = sa.select(sa.func.max(TransferChange.at_ms)).where(
        TransferChange.transfer_id.in_(mine)
    )
    changed_ms = sa.select(sa.func.max(CustomerChange.at_ms)).where(
        CustomerChange.customer_id == customer_id
    )
    last = datetime.fromtimestamp(
        max(session.scalar(sold_ms) or 0, session.scalar(changed_ms) or 0) / 1_000, UTC
    )
    until = _years_later(last, rules.retention_years)
    if datetime.fromtimestamp(now_ms / 1_000, UTC) < until:
        raise NotOpen(
            f"customer {customer_id} is kept until {until:%Y-%m-%d}, {rules.retention_years} years after the last "
            f"sale or change: {rules.retention_reason}"
        )


def _years_later(day: datetime, years: int) -> datetime:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, month=3, day=1)
