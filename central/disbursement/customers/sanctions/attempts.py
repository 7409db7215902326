"""Sales to listed addresses: refused, before anything is locked, and kept for a person to report.

It needs no customer, and is on as soon as a list is loaded.
"""

from sqlalchemy.orm import Session

from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.models import ListedAttempt
from disbursement.errors import Refused
from disbursement.house import House
from kiosk_wire.messages import PrepareRequest, RefusalCode


def demand_unlisted(house: House, speaker_id: str, request: PrepareRequest) -> None:
    """Raises Refused."""
    if house.db.run(lambda session: _note_listed(house, session, speaker_id, request)):
        detail = "coins are not sent to this address: ask the operator"
        raise Refused(409, RefusalCode.ADDRESS_REFUSED, detail)


def _note_listed(house: House, session: Session, speaker_id: str, request: PrepareRequest) -> bool:
    uid = books.listed_uid(session, request.address)
    counting = books.current(session)
    if uid is None or counting is None:
        return False
    if session.get(ListedAttempt, (request.transfer_id, speaker_id)) is None:
        session.add(
            ListedAttempt(
                transfer_id=request.transfer_id,
                speaker_id=speaker_id,
                session_id=request.session_id,
                address=request.address,
                uid=uid,
                list_id=counting.list_id,
                at_ms=house.now_ms(),
            )
        )
    return True
