"""Enrolment by phone: a code goes to it, and whoever types it at the same kiosk in the same session has the phone.

a code is good once, for minutes, at its own enrolment, and dies with the next one
of the guesses at one code only the first few are looked at, so `attempts_max` times `hourly_codes_for_phone` an hour
is all that anyone can guess at one phone, whatever kiosks they stand at
nothing before the right code depends on whether the phone is known
a code is sent after the commit that stores its hash, never inside a transaction
"""

from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement import postgres
from disbursement.customers import codes, register
from disbursement.customers.codes import Bound
from disbursement.customers.desk import Codes, Desk
from disbursement.customers.models import AttemptRow, CodeRow, EnrolmentRow
from disbursement.customers.phones import read_phone
from disbursement.errors import InvalidInput, Refused
from disbursement.house import House
from disbursement.speakers.models import Speaker
from kiosk_wire.customers import CodeAttempt, CodeRequest, Delivery, Enrolment, EnrolmentRequest
from kiosk_wire.messages import RefusalCode

HOUR_MS = 3_600_000
FORGET_MS = 24 * HOUR_MS  # the number of somebody who never proved it
PAUSE_MS = 20_000  # between two codes: the first may still be on its way


@dataclass(frozen=True)
class _Asked:
    """One question, with all that answers it."""

    house: House
    desk: Desk
    codes: Codes
    session: Session
    speaker_id: str

    @property
    def now_ms(self) -> int:
        return self.house.now_ms()


@dataclass(frozen=True)
class _Fresh:
    """A code that is stored and must be sent. Nobody keeps it."""

    bound: Bound
    code: str


def begin(house: House, speaker_id: str, request: EnrolmentRequest) -> Enrolment:
    """Raises Refused."""
    desk, ours = _ours(house)
    try:
        phone = read_phone(desk.rules, request.phone)
    except InvalidInput as wrong:
        raise Refused(422, RefusalCode.BAD_PHONE, str(wrong)) from wrong

    def work(session: Session) -> tuple[str, _Fresh | None]:
        return _begin(_Asked(house, desk, ours, session, speaker_id), request, phone)

    return _sent(house, desk, ours, *house.db.run(work))


def ask_again(house: House, speaker_id: str, enrolment_id: str, request: CodeRequest) -> Enrolment:
    """Raises Refused."""
    desk, ours = _ours(house)

    def work(session: Session) -> tuple[str, _Fresh | None]:
        return _ask_again(_Asked(house, desk, ours, session, speaker_id), enrolment_id, request)

    return _sent(house, desk, ours, *house.db.run(work))


def attempt(house: House, speaker_id: str, enrolment_id: str, request: CodeAttempt) -> Enrolment:
    """Raises Refused, after the attempt was counted."""
    desk, ours = _ours(house)

    def work(session: Session) -> Enrolment | Refused:
        return _attempt(_Asked(house, desk, ours, session, speaker_id), enrolment_id, request)

    answer = house.db.run(work)
    if isinstance(answer, Refused):
        raise answer
    return answer


def _ours(house: House) -> tuple[Desk, Codes]:
    if house.desk is None or house.desk.codes is None:
        detail = "codes cannot be sent: this central has no [customers.sms]"
        raise Refused(409, RefusalCode.ENROLMENT_UNAVAILABLE, detail)
    return house.desk, house.desk.codes


def _begin(asked: _Asked, request: EnrolmentRequest, phone: str) -> tuple[str, _Fresh | None]:
    session = asked.session
    stored = session.get(EnrolmentRow, request.enrolment_id)
    if stored is not None:
        told = (asked.speaker_id, request.session_id, phone)
        if told != (stored.speaker_id, stored.session_id, stored.phone):
            detail = f"enrolment {request.enrolment_id} was begun otherwise"
            raise Refused(409, RefusalCode.ID_REUSED, detail)
        return stored.enrolment_id, None
    _forget_unproved(session, asked.now_ms)
    _demand_few(asked, phone)
    row = EnrolmentRow(
        enrolment_id=request.enrolment_id,
        speaker_id=asked.speaker_id,
        session_id=request.session_id,
        phone=phone,
        began_at_ms=asked.now_ms,
    )
    session.add(row)
    session.flush()
    return row.enrolment_id, _new_code(asked, row, 1)


def _ask_again(
    asked: _Asked, enrolment_id: str, request: CodeRequest
) -> tuple[str, _Fresh | None]:
    row = _own(asked, enrolment_id, request.session_id)
    newest = _newest(asked.session, enrolment_id)
    if request.number == newest.number:
        return enrolment_id, None
    if request.number != newest.number + 1:
        detail = f"code {newest.number} was the last one, so the next is {newest.number + 1}"
        raise Refused(409, RefusalCode.ID_REUSED, detail)
    if row.customer_id is not None or row.phone is None:
        raise Refused(409, RefusalCode.CODE_SPENT, "this enrolment is over: begin another")
    if request.number > asked.desk.rules.codes_max:
        raise Refused(
            429, RefusalCode.TRY_LATER, "no more codes for this enrolment: begin another"
        )
    if asked.now_ms - newest.at_ms < PAUSE_MS:
        raise Refused(429, RefusalCode.TRY_LATER, "the last code may still be on its way: wait")
    _demand_few(asked, row.phone)
    return enrolment_id, _new_code(asked, row, request.number)


def _attempt(asked: _Asked, enrolment_id: str, request: CodeAttempt) -> Enrolment | Refused:
    session, now_ms = asked.session, asked.now_ms
    row = _own(asked, enrolment_id, request.session_id)
    repeated = session.get(AttemptRow, (enrolment_id, request.attempt_id))
    number = repeated.number if repeated else _newest(session, enrolment_id).number
    code = session.get_one(CodeRow, (enrolment_id, number))
    given = codes.digest(asked.codes.key, _bound(row, number), request.code)
    if repeated is not None:
        if not codes.is_same(given, repeated.digest):
            detail = f"attempt {request.attempt_id} was made otherwise"
            return Refused(409, RefusalCode.ID_REUSED, detail)
        return _told(asked.desk, session, row) if repeated.is_right else _wrong()
    spent = row.customer_id is not None or row.phone is None or now_ms >= code.expires_at_ms
    if spent or _tried(session, code) >= asked.desk.rules.attempts_max:
        return Refused(
            409, RefusalCode.CODE_SPENT, "this code is not good any more: ask for another"
        )
    is_right = codes.is_same(given, code.digest)
    session.add(
        AttemptRow(
            enrolment_id=enrolment_id,
            attempt_id=request.attempt_id,
            number=number,
            digest=given,
            is_right=is_right,
            at_ms=now_ms,
        )
    )
    session.flush()
    if not is_right or row.phone is None:
        return _wrong()
    row.customer_id = register.of_phone(session, row.phone, now_ms).customer_id
    session.flush()
    return _told(asked.desk, session, row)


def _wrong() -> Refused:
    return Refused(409, RefusalCode.CODE_WRONG, "this is not the code that was sent")


def _own(asked: _Asked, enrolment_id: str, session_id: str) -> EnrolmentRow:
    """Locked: of two attempts the second sees the first. Another's does not exist."""
    row = asked.session.get(EnrolmentRow, enrolment_id, with_for_update=True)
    if row is None or (row.speaker_id, row.session_id) != (asked.speaker_id, session_id):
        detail = f"no enrolment {enrolment_id} in this session"
        raise Refused(404, RefusalCode.NOT_FOUND, detail)
    return row


def _newest(session: Session, enrolment_id: str) -> CodeRow:
    mine = sa.select(CodeRow).where(CodeRow.enrolment_id == enrolment_id)
    return session.scalars(mine.order_by(CodeRow.number.desc()).limit(1)).one()


def _tried(session: Session, code: CodeRow) -> int:
    mine = sa.select(sa.func.count()).where(
        AttemptRow.enrolment_id == code.enrolment_id, AttemptRow.number == code.number
    )
    return int(session.scalar(mine) or 0)


def _demand_few(asked: _Asked, phone: str) -> None:
    """Counted and locked, so that two at once are counted as two. Raises Refused."""
    session, rules = asked.session, asked.desk.rules
    session.get_one(Speaker, asked.speaker_id, with_for_update=True)
    postgres.lock_word_until_commit(session, f"phone {phone}")
    recent = (
        sa.select(sa.func.count())
        .select_from(CodeRow)
        .join(EnrolmentRow, EnrolmentRow.enrolment_id == CodeRow.enrolment_id)
        .where(CodeRow.at_ms > asked.now_ms - HOUR_MS)
    )
    of_speaker = session.scalar(recent.where(EnrolmentRow.speaker_id == asked.speaker_id)) or 0
    to_phone = session.scalar(recent.where(EnrolmentRow.phone == phone)) or 0
    if of_speaker >= rules.hourly_codes_of_speaker or to_phone >= rules.hourly_codes_for_phone:
        detail = "too many codes were asked for: come back in an hour"
        raise Refused(429, RefusalCode.TRY_LATER, detail)


def _forget_unproved(session: Session, now_ms: int) -> None:
    old = EnrolmentRow.began_at_ms < now_ms - FORGET_MS
    session.execute(
        sa.update(EnrolmentRow)
        .where(EnrolmentRow.customer_id.is_(None), EnrolmentRow.phone.is_not(None), old)
        .values(phone=None)
        .execution_options(synchronize_session=False)
    )


def _new_code(asked: _Asked, row: EnrolmentRow, number: int) -> _Fresh:
    code, bound = codes.mint(), _bound(row, number)
    asked.session.add(
        CodeRow(
            enrolment_id=row.enrolment_id,
            number=number,
            digest=codes.digest(asked.codes.key, bound, code),
            at_ms=asked.now_ms,
            expires_at_ms=asked.now_ms + asked.desk.rules.code_valid_s * 1_000,
            delivery=Delivery.PENDING,
        )
    )
    asked.session.flush()
    return _Fresh(bound, code)


def _bound(row: EnrolmentRow, number: int) -> Bound:
    return Bound(row.enrolment_id, number, row.speaker_id, row.session_id, row.phone or "")


def _sent(
    house: House, desk: Desk, ours: Codes, enrolment_id: str, fresh: _Fresh | None
) -> Enrolment:
    if fresh is not None:
        name = f"{fresh.bound.enrolment_id}-{fresh.bound.number}"
        reached = ours.sms.send(name, fresh.bound.phone, fresh.code)
        house.db.run(partial(_note_delivery, fresh.bound, reached=reached))
    return house.db.run(
        lambda session: _told(desk, session, session.get_one(EnrolmentRow, enrolment_id))
    )


def _note_delivery(bound: Bound, session: Session, *, reached: bool) -> None:
    code = session.get_one(CodeRow, (bound.enrolment_id, bound.number))
    code.delivery = Delivery.SENT if reached else Delivery.FAILED


def _told(desk: Desk, session: Session, row: EnrolmentRow) -> Enrolment:
    code = _newest(session, row.enrolment_id)
    return Enrolment(
        enrolment_id=row.enrolment_id,
        session_id=row.session_id,
        code_number=code.number,
        delivery=Delivery(code.delivery),
        expires_at_ms=code.expires_at_ms,
        attempts_left=max(0, desk.rules.attempts_max - _tried(session, code)),
        codes_left=max(0, desk.rules.codes_max - code.number),
        customer_id=row.customer_id,
    )
