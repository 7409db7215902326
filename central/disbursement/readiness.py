"""Whether a sale could begin and be paid now, for whoever balances load or wakes people."""

from collections.abc import Iterator

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from disbursement.errors import Refused
from disbursement.house import House

WATCH_SILENT_MS = 60_000  # it looks each second; a slow node may hold it for a while


class Readiness(BaseModel):
    model_config = ConfigDict(frozen=True)

    ready: bool
    missing: tuple[str, ...]  # in words


def readiness(house: House) -> Readiness:
    missing = tuple(_missing(house))
    return Readiness(ready=not missing, missing=missing)


def _missing(house: House) -> Iterator[str]:
    try:
        house.db.run(lambda session: session.execute(sa.select(1)).one())
    except SQLAlchemyError:
        yield "the database does not answer"
    if house.now_ms() - house.tip.seen_at_ms > WATCH_SILENT_MS:
        yield "the wallet has not answered for a minute"
    try:
        house.prices.current()
    except Refused as stale:
        yield f"no price: {stale}"
