"""The operator says whom a party may speak for. Each id is one party's at most."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import InvalidSetup
from disbursement.parties.models import PartyIds, PartyRow, Side
from disbursement.parties.party import Ids, Party
from disbursement.speakers.registering import register

IdsOf = Mapping[Side, Collection[Ids]]


def add(session: Session, party_id: str, public_key: bytes, ids: IdsOf, now_ms: int) -> None:
    """New, or one with a new key and other ids. Raises InvalidSetup when the key or
    an id is another's. Run it `serializable`: no key of a table holds that."""
    for side, ranges in ids.items():
        _demand_free(session, party_id, side, sorted(ranges))
    row = register(session, PartyRow, party_id, public_key, now_ms)
    row.revision += 1
    row.read_through = row.pruned_through = 0  # of its new ids it has read nothing
    session.execute(sa.delete(PartyIds).where(PartyIds.party_id == party_id))
    session.add_all(
        PartyIds(party_id=party_id, side=side, first_id=each.first, last_id=each.last)
        for side, ranges in ids.items()
        for each in ranges
    )
    session.flush()


def _demand_free(session: Session, party_id: str, side: Side, ranges: Sequence[Ids]) -> None:
    for one, next_one in pairwise(ranges):
        if one.overlaps(next_one):
            raise InvalidSetup(f"{one} and {next_one} have {side} ids in common: name each once")
    taken = (
        sa.select(PartyIds)
        .join(PartyRow)
        .where(
            PartyIds.side == side,
            PartyIds.party_id != party_id,
            PartyRow.removed_at_ms.is_(None),
        )
    )
    for row in session.scalars(taken):
        theirs = Ids(row.first_id, row.last_id)
        if any(mine.overlaps(theirs) for mine in ranges):
            raise InvalidSetup(
                f"{side} {theirs} is {row.party_id}'s: `central party list` shows whose is whose"
            )


def find_all(session: Session) -> dict[str, Party]:
    """Those that may speak now, by their ids."""
    rows = session.scalars(sa.select(PartyRow).where(PartyRow.removed_at_ms.is_(None)))
    return {row.party_id: _party(session, row) for row in rows.all()}


def _party(session: Session, row: PartyRow) -> Party:
    key, ids = bytes.fromhex(row.public_key), ids_of(session, row.party_id)
    return Party(row.party_id, key, row.revision, ids[Side.DEBTOR], ids[Side.CREDITOR])


def ids_of(session: Session, party_id: str) -> dict[Side, tuple[Ids, ...]]:
    rows = session.scalars(sa.select(PartyIds).where(PartyIds.party_id == party_id)).all()
    return {
        side: tuple(sorted(Ids(row.first_id, row.last_id) for row in rows if row.side == side))
        for side in Side
    }


def party_lines(session: Session) -> list[str]:
    rows = session.scalars(sa.select(PartyRow).order_by(PartyRow.party_id)).all()
    return [_line(session, row) for row in rows] or ["no parties"]


def _line(session: Session, row: PartyRow) -> str:
    if row.removed_at_ms is not None:
        return f"{row.party_id}  removed"
    ids = ids_of(session, row.party_id)
    spoken = [f"{side} {', '.join(map(str, ranges))}" for side, ranges in ids.items() if ranges]
    whom = " and ".join(spoken) or "nobody"
    return f"{row.party_id}  speaks for {whom}; has read the outbox up to {row.read_through}"
