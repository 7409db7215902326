"""How things stand, in words, for a person at a terminal."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.holdings import holdings
from disbursement.balances import Balance, open_balances
from disbursement.channels.lines import channel_lines
from disbursement.config import SaleSection
from disbursement.kiosks.models import InboxEvent, Kiosk
from disbursement.matters import open_matters
from disbursement.sales.models import TransferRow
from kiosk_wire.age import age
from kiosk_wire.messages import TransferState

MEANING = {
    TransferState.PREPARED: "funds locked, waiting for the kiosk",
    TransferState.DISMISSED: "nothing inserted",
    TransferState.FINALIZED: "to be paid",
    TransferState.SIGNED: "signed, not yet sent",
    TransferState.BROADCAST: "sent, waiting for a block",
    TransferState.CONFIRMED: "paid",
    TransferState.REFUND_DUE: "cash taken, not paid as coins: open until settled by hand",
}


def status_lines(session: Session, rules: SaleSection, now_ms: int) -> list[str]:
    return [
        "Transfers",
        *_indented(_transfers(session)),
        "Needing a person",
        *_indented(_needing_a_person(session, rules, now_ms)),
        "Open balances",
        *_indented(_balances(session, rules, now_ms)),
        "Funds (base units)",
        *_indented(_funds(session)),
        "Kiosks",
        *_indented(kiosk_lines(session, now_ms)),
        "Channels",
        *_indented(channel_lines(session, rules, now_ms)),
    ]


def kiosk_lines(session: Session, now_ms: int) -> list[str]:
    kiosks = session.scalars(sa.select(Kiosk).order_by(Kiosk.kiosk_id)).all()
    return [_kiosk(session, kiosk, now_ms) for kiosk in kiosks] or ["none registered"]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines or ["none"]]


def _transfers(session: Session) -> list[str]:
    counted = sa.select(TransferRow.state, sa.func.count()).group_by(TransferRow.state)
    counts = dict(session.execute(counted).all())
    return [
        f"{state:<11} {counts[state]:>6}  {meaning}"
        for state, meaning in MEANING.items()
        if state in counts
    ]


def _needing_a_person(session: Session, rules: SaleSection, now_ms: int) -> list[str]:
    matters = open_matters(session, rules, now_ms)
    width = max((len(matter.name) for matter in matters), default=0)
    return [f"{matter.name:<{width}}  {matter.text}" for matter in matters]


def _balances(session: Session, rules: SaleSection, now_ms: int) -> list[str]:
    return [
        f"{b.kiosk_id}  {b.kind:<13} {rules.in_words(b.amount_minor, b.currency):>16}  {_bills(b)}, "
        f"the oldest for {age(now_ms - b.oldest_at_ms)}"
        for b in open_balances(session)
    ]


def _bills(balance: Balance) -> str:
    unknown = f", {balance.of_unknown_value} of unknown value" if balance.of_unknown_value else ""
    return f"{balance.bills} bill{'s' if balance.bills > 1 else ''}{unknown}"


def _funds(session: Session) -> list[str]:
    accounts = holdings(session)
    lines = [f"{account.name:<28} {account.balance:>18}" for account in accounts]
    locked, sales = (sum(a.locked for a in accounts), sum(a.locks for a in accounts))
    return [*lines, f"{'of it locked for open sales':<28} {locked:>18}  ({sales} sales)"]


def _kiosk(session: Session, kiosk: Kiosk, now_ms: int) -> str:
    waiting = session.scalar(
        sa.select(sa.func.count())
        .select_from(InboxEvent)
        .where(InboxEvent.kiosk_id == kiosk.kiosk_id, InboxEvent.seq > kiosk.through_seq)
    )
    gap = f", {waiting} more behind a gap" if waiting else ""
    seen = f"seen {age(now_ms - kiosk.last_seen_ms)} ago" if kiosk.last_seen_ms else "never seen"
    if kiosk.removed_at_ms is not None:
        seen = "removed"
    head = f", the last with hash {kiosk.head_hash}" if kiosk.through_seq else ""
    return f"{kiosk.kiosk_id}: {seen}, {kiosk.through_seq} events{head}{gap}"
