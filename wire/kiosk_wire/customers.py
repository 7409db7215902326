"""What a kiosk asks about its customer: a phone number is proved by a code, and how much may then be sold.

    POST /v1/enrolments                              EnrolmentRequest  -> Enrolment: a code is on its way
    POST /v1/enrolments/{enrolment_id}/codes         CodeRequest       -> Enrolment: another code
    POST /v1/enrolments/{enrolment_id}/attempts      CodeAttempt       -> Enrolment with its customer, or CODE_WRONG
    POST /v1/customers/{customer_id}/name            NameRequest       -> Standing
    POST /v1/standings                               StandingRequest   -> Standing

An answer before the right code is the same for a phone that is known and for one that is not. A customer counts in the
session that proved the phone, at that kiosk, and in no other. Ids are the kiosk's, and a repeat gets the stored answer.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from kiosk_wire.messages import Currency, Id, Message, Minor

Phone = Annotated[str, Field(min_length=3, max_length=32)]  # as it was typed


class EnrolmentRequest(Message):
    enrolment_id: Id
    session_id: Id
    phone: Phone


class CodeRequest(Message):
    session_id: Id
    number: Annotated[int, Field(ge=2, le=10)]  # of the code asked for: one more than before


class CodeAttempt(Message):
    attempt_id: Id
    session_id: Id
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class Delivery(StrEnum):
    PENDING = "pending"  # on its way, or nobody knows any more
    SENT = "sent"  # the gateway has it
    FAILED = "failed"  # ask for another code


class Enrolment(Message):
    enrolment_id: Id
    session_id: Id
    code_number: Annotated[int, Field(ge=1, le=10)]
    delivery: Delivery
    expires_at_ms: int
    attempts_left: Annotated[int, Field(ge=0)]  # at this code
    codes_left: Annotated[int, Field(ge=0)]
    customer_id: Id | None = None  # once the code was right


class Tier(StrEnum):
    """What a customer has shown."""

    ANONYMOUS = "anonymous"
    PHONE = "phone"
    REVIEWED = "reviewed"  # a person has looked at who it is


class NameRequest(Message):
    """As in the papers that the customer shows. Once told, only the operator changes it."""

    session_id: Id
    name: Annotated[
        str, Field(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
    ]
    born_on: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 1, 1))]


class StandingRequest(Message):
    session_id: Id
    customer_id: Id | None = None
    address: Annotated[str, Field(min_length=8, max_length=128, pattern=r"^[!-~]+$")] | None = None


class Standing(Message):
    """What may be sold now, sales that are still open counted at the most they may become."""

    tier: Tier
    currency: Currency
    day_left_minor: Minor  # of 24 hours
    month_left_minor: Minor  # of 30 days
    next_tier: Tier | None  # the next that would allow more; none: nothing more can be shown
