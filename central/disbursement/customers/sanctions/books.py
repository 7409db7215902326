"""The list that counts: the newest that was loaded whole, and never an older one.

loading is one transaction: until its commit the old list counts, after it the new one, and never a part
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.customers.sanctions.models import (
    ListedAddress,
    ListedParty,
    SanctionsListRow,
)
from disbursement.customers.sanctions.party import Party, SanctionsList, canonical_address
from disbursement.errors import InvalidSetup

SHRUNK_PERCENT = 80  # a list that has lost more is more likely another list than a better one


def current(session: Session) -> SanctionsListRow | None:
    return session.scalar(
        sa.select(SanctionsListRow).order_by(SanctionsListRow.list_id.desc()).limit(1)
    )


def parties(session: Session) -> list[Party]:
    return [
        Party.model_validate_json(body) for body in session.scalars(sa.select(ListedParty.body))
    ]


def is_listed(session: Session, address: str) -> bool:
    return listed_uid(session, address) is not None


def listed_uid(session: Session, address: str) -> str | None:
    """The entry that names this address."""
    return session.scalar(
        sa.select(ListedAddress.uid)
        .where(ListedAddress.address == canonical_address(address))
        .order_by(ListedAddress.uid)
        .limit(1)
    )


def replace(
    session: Session, new: SanctionsList, now_ms: int, *, may_shrink: bool = False
) -> SanctionsListRow:
    """Run it `serializable`: of two that come together one finds the other's. The very same list is the one that
    counts already. Raises InvalidSetup; then the old list stays."""
    old = current(session)
    if old is not None and old.sha256 == new.sha256:
        return old
    if old is not None:
        _demand_newer(old, new, may_shrink=may_shrink)
    for table in (ListedParty, ListedAddress):
        session.execute(sa.delete(table))
    wallets = _wallets(new)
    session.execute(
        sa.insert(ListedParty), [{"uid": p.uid, "body": p.model_dump_json()} for p in new.parties]
    )
    if wallets:
        session.execute(sa.insert(ListedAddress), wallets)
    row = SanctionsListRow(
        schema=new.schema,
        published_on=new.published_on.isoformat(),
        sha256=new.sha256,
        parties=len(new.parties),
        wallets=len(wallets),
        loaded_at_ms=now_ms,
    )
    session.add(row)
    session.flush()
    return row


def _demand_newer(old: SanctionsListRow, new: SanctionsList, *, may_shrink: bool) -> None:
    if new.published_on.isoformat() < old.published_on:
        raise InvalidSetup(
            f"this list is of {new.published_on}, and older than the one that counts, of {old.published_on}: "
            "fetch the newest"
        )
    if not may_shrink and len(new.parties) * 100 < old.parties * SHRUNK_PERCENT:
        raise InvalidSetup(
            f"this list has {len(new.parties)} entries, where the one that counts has {old.parties}: is it the "
            "same list, and whole? --may-shrink takes it all the same"
        )


def _wallets(new: SanctionsList) -> list[dict[str, str]]:
    """Once each, whatever currencies it stands under."""
    found = {
        (canonical_address(wallet.address), party.uid): wallet.currency
        for party in new.parties
        for wallet in party.wallets
    }
    return [
        {"address": address, "uid": uid, "currency": currency}
        for (address, uid), currency in sorted(found.items())
    ]
