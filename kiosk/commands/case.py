"""`kiosk case`: what a customer's claim code stands for, and everything that is open."""

import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.config import load_config
from kiosk.errors import InvalidInput
from kiosk.journal.cases import Case, CaseBill, code_meant, find_case, open_bills
from kiosk.journal.opening import existing, open_to_read
from kiosk.receipt import money
from kiosk.receipt_words import WORDS
from kiosk_wire.age import age

LATER = {
    "found": "the acceptor says now that it is in the cashbox",
    "returned": "it went back to the customer: do not refund it",
}


@click.command()
@click.argument("code", required=False)
@click.option(
    "--config",
    "config_path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The kiosk's configuration; its database is looked at, also while the core runs.",
)
def case(code: str | None, config_path: Path) -> None:
    """Show what the claim code CODE stands for; without one, everything that is open, oldest first.

    The code may be typed in small letters and without its hyphen. Nothing is changed here: a case is settled with
    `central settle`, and `central case CODE` knows what was settled or paid since.
    """
    path = existing(load_config(config_path).database)
    now_ms = time.time_ns() // 1_000_000
    try:
        with closing(open_to_read(path)) as db:
            db.execute("BEGIN")  # one view, whatever the core writes meanwhile
            if code is None:
                click.echo("\n".join(_listed(open_bills(db), now_ms)))
                return
            meant = code_meant(db, code)
            if meant.code is None:
                click.echo(f"kiosk: no claim code {code!r} was given out here{meant}", err=True)
                sys.exit(1)
            click.echo("\n".join(_told(find_case(db, meant.code), now_ms)))
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{path}: cannot be read: {error}") from error


def _listed(bills: list[CaseBill], now_ms: int) -> list[str]:
    if not bills:
        return ["nothing is open, as far as this kiosk knows"]
    sums: Counter[tuple[str, str]] = Counter()
    for bill in bills:
        sums[bill.open or "", bill.currency] += bill.value_minor or 0
    return [
        *(f"{bill.claim_code or 'no code  '}  {_balance(bill, now_ms)}" for bill in bills),
        *(f"all {kind}: {_amount(total, currency)}" for (kind, currency), total in sums.items()),
        "What was settled by hand since, central knows: `central case`.",
    ]


def _balance(bill: CaseBill, now_ms: int) -> str:
    worth = _worth(bill)
    later = f"; {LATER[bill.later]}" if bill.later in LATER else ""
    return f"{bill.open:<13}  {worth:>14}  for {age(now_ms - bill.since_ms)}  bill {bill.bill_id}{later}"


def _told(case: Case, now_ms: int) -> list[str]:
    began = datetime.fromtimestamp(case.started_at_ms / 1000, UTC)
    ended = _OUTCOMES.get(case.outcome or "", "the customer is still there")
    open_ = [bill for bill in case.bills if bill.open]
    return [
        f"claim code {case.claim_code}, sale {case.session_id}",
        f"began {began:%Y-%m-%d %H:%M} UTC, {age(now_ms - case.started_at_ms)} ago; {ended}",
        *(f"bill {b.bill_id}: {_worth(b)} {_fate(b)}" for b in case.bills),
        *([] if case.bills else ["no bill was seen in it"]),
        *_order(case),
        *(f"open: {_balance(bill, now_ms)}" for bill in open_),
        f"next: `central case {case.claim_code}`" if open_ else "nothing of it is open here",
    ]


_OUTCOMES = {
    "paid": "paid",
    "refund_due": "central could not pay it as coins",
    "queued": "recorded, and left to central to pay",
    "disputed": "ended with a bill in doubt",
    "cancelled": "cancelled",
}


def _fate(bill: CaseBill) -> str:
    reason = f" ({bill.reason})" if bill.reason else ""
    later = f"; {LATER[bill.later]}" if bill.later in LATER else ""
    return f"{bill.outcome or 'on its way'}{reason}{later}"


def _order(case: Case) -> list[str]:
    if not case.ordered_minor:
        return []
    currency = case.bills[0].currency if case.bills else ""
    heard = (
        "central has the order" if case.order_is_acknowledged else "central does not know it yet"
    )
    paid = f", paid in transaction {case.txid}" if case.txid else ""
    return [f"to be paid as coins: {_amount(case.ordered_minor, currency)}; {heard}{paid}"]


def _worth(bill: CaseBill) -> str:
    return (
        "unknown value" if bill.value_minor is None else _amount(bill.value_minor, bill.currency)
    )


def _amount(amount_minor: int, currency: str) -> str:
    return money(amount_minor, currency, WORDS["en"])
