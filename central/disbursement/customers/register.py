"""The customers' own rows: each change is a new version and an append-only row, or does not happen."""

import secrets
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers.models import Change, Customer, CustomerChange
from disbursement.errors import NotOpen


@dataclass(frozen=True)
class Person:
    name: str
    born_on: date


def of_phone(session: Session, phone: str, now_ms: int) -> Customer:
    """Whose phone it is, proved just now. Two at once meet the phone's unique key, and one runs again."""
    known = session.scalar(sa.select(Customer).where(Customer.phone == phone))
    if known is not None:
        return known
    new = Customer(customer_id=secrets.token_hex(16), version=0, phone=phone)
    session.add(new)
    change(session, new, Change.ENROLLED, "phone proved", now_ms)
    return new


def find(session: Session, customer_id: str) -> Customer:
    """Locked until the commit. Raises NotOpen."""
    found = session.get(Customer, customer_id, with_for_update=True)
    if found is None:
        raise NotOpen(f"there is no customer {customer_id!r}: `central customer list` shows them")
    return found


def block(session: Session, customer_id: str, note: str, now_ms: int) -> None:
    """No sale begins any more. What was prepared goes on. Raises NotOpen."""
    customer = find(session, customer_id)
    if customer.is_blocked:
        raise NotOpen(f"customer {customer_id} is blocked already")
    customer.is_blocked = True
    change(session, customer, Change.BLOCKED, note, now_ms)


def unblock(session: Session, customer_id: str, note: str, now_ms: int) -> None:
    """Raises NotOpen."""
    customer = find(session, customer_id)
    if not customer.is_blocked:
        raise NotOpen(f"customer {customer_id} is not blocked")
    customer.is_blocked = False
    change(session, customer, Change.UNBLOCKED, note, now_ms)


def change(session: Session, customer: Customer, what: Change, note: str, now_ms: int) -> None:
    customer.version += 1
    session.flush()
    row = CustomerChange(customer_id=customer.customer_id, version=customer.version)
    row.change, row.note, row.at_ms = what, note, now_ms
    session.add(row)
    session.flush()


def give_name(
    session: Session, customer: Customer, person: Person, note: str, now_ms: int
) -> None:
    """It is not yet held against the list: `screening.screen` does that. The very same again is no change."""
    if (customer.name, customer.born_on) == (person.name, person.born_on.isoformat()):
        return
    customer.name, customer.born_on = person.name, person.born_on.isoformat()
    customer.named_version = customer.version + 1
    customer.is_reviewed = False  # of whoever it was
    change(session, customer, Change.NAMED, note, now_ms)


def review(session: Session, customer_id: str, note: str, now_ms: int) -> None:
    """A person has looked at who this is. Raises NotOpen."""
    customer = find(session, customer_id)
    if customer.name is None:
        raise NotOpen(f"customer {customer_id} has no name yet: `central customer name` first")
    if customer.is_reviewed:
        raise NotOpen(f"customer {customer_id} is reviewed already")
    customer.is_reviewed = True
    change(session, customer, Change.REVIEWED, note, now_ms)
