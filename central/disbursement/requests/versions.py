"""The chain of versions: reading it, and adding to its end. Nothing else writes it, and nothing changes a link."""

import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.errors import RequestRefused
from disbursement.requests.asking import Asked
from disbursement.requests.models import RequestHead, RequestVersion
from disbursement.requests.states import State

CENTRAL = "central"  # whose doing it is when no person's
OF_ONE_LINK = {"version_id", "number", "previous_id", "state", "at_ms", "by", "note"}


@dataclass(frozen=True)
class Told:
    """What one link says of itself: the state it brought, whose doing it is, and why."""

    state: State
    by: str
    note: str
    at_ms: int


def first(session: Session, request_id: str) -> RequestVersion | None:
    return session.scalar(_of(request_id).where(RequestVersion.number == 1))


def history(session: Session, request_id: str) -> list[RequestVersion]:
    """The oldest first. Raises RequestRefused when there is no such request."""
    links = list(session.scalars(_of(request_id).order_by(RequestVersion.number)))
    if not links:
        raise RequestRefused(
            f"there is no request {request_id!r}: `central request list` shows all"
        )
    return links


def newest(session: Session, request_id: str) -> RequestVersion:
    return history(session, request_id)[-1]


def all_newest(session: Session) -> list[RequestVersion]:
    """In the order in which they came to be as they are."""
    return list(session.scalars(_newest()))


def newest_in(session: Session, states: Collection[State]) -> list[RequestVersion]:
    return list(session.scalars(_newest().where(RequestHead.state.in_(states))))


def _newest() -> sa.Select[RequestVersion]:
    newest = sa.select(RequestVersion).join(
        RequestHead, RequestHead.version_id == RequestVersion.version_id
    )
    return newest.order_by(RequestVersion.at_ms, RequestVersion.request_id)


def begin(session: Session, request_id: str, asked: Asked, at_ms: int) -> RequestVersion:
    link = RequestVersion(
        **asdict(asked),
        version_id=str(uuid.uuid4()),
        request_id=request_id,
        number=1,
        previous_id=None,
        state=State.SUBMITTED,
        at_ms=at_ms,
        by=asked.requested_by,
        note=f"by {asked.requesting_app}: {asked.purpose}",
    )
    return _add(session, link)


def advance(
    session: Session, before: RequestVersion, told: Told, **changes: str | int
) -> RequestVersion:
    names = set(RequestVersion.__table__.columns.keys()) - OF_ONE_LINK
    kept = {name: getattr(before, name) for name in names}
    link = RequestVersion(
        **(kept | asdict(told) | changes),
        version_id=str(uuid.uuid4()),
        number=before.number + 1,
        previous_id=before.version_id,
    )
    return _add(session, link)


def _add(session: Session, link: RequestVersion) -> RequestVersion:
    session.add(link)
    session.flush()
    names = RequestHead.__table__.columns.keys()
    session.merge(RequestHead(**{name: getattr(link, name) for name in names}))
    session.flush()
    return link


def _of(request_id: str) -> sa.Select[RequestVersion]:
    return sa.select(RequestVersion).where(RequestVersion.request_id == request_id)
