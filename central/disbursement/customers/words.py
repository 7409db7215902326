"""Customers in words, masked unless told otherwise."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers import register
from disbursement.customers.models import Customer, CustomerChange
from disbursement.customers.phones import masked
from disbursement.customers.screening import undecided


def list_lines(session: Session, *, reveal: bool) -> list[str]:
    everyone = session.scalars(sa.select(Customer).order_by(Customer.customer_id))
    return [_line(customer, reveal=reveal) for customer in everyone] or ["no customers"]


def show_lines(session: Session, customer_id: str, *, reveal: bool) -> list[str]:
    """Raises NotOpen."""
    customer = register.find(session, customer_id)
    changes = sa.select(CustomerChange).where(CustomerChange.customer_id == customer_id)
    return [
        _line(customer, reveal=reveal),
        *(
            f"  {datetime.fromtimestamp(row.at_ms / 1_000, UTC):%Y-%m-%d %H:%M} UTC  {row.change}: {row.note}"
            for row in session.scalars(changes.order_by(CustomerChange.version))
        ),
        *(
            f"  alike: {hit.listed_name!r}, entry {hit.uid} of the list, {hit.score // 100} of 100"
            for hit in undecided(session, customer)
        ),
    ]


def _line(customer: Customer, *, reveal: bool) -> str:
    phone = (customer.phone or "erased") if reveal else masked(customer.phone)
    named = "no name" if customer.name is None else "named"
    if reveal and customer.name is not None:
        named = f"{customer.name}, born {customer.born_on}"
    stands = [
        word
        for is_so, word in (
            (customer.is_blocked, "BLOCKED"),
            (customer.under_review, "UNDER REVIEW"),
            (customer.is_reviewed, "reviewed"),
        )
        if is_so
    ]
    return f"{customer.customer_id}  {phone}  {named}{''.join(f', {word}' for word in stands)}"
