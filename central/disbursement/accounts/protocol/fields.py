"""What the messages' fields may hold (protocol 2.1; JSON rules of its serialization document, 1.0).

Differences, by choice: amounts of wide coins go beyond 64 bits; fractions are decimal text, not floats.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from disbursement.accounts.protocol.limits import (
    ACCOUNT_ID_LENGTH_MAX,
    INT32_MAX,
    INT32_MIN,
    INT64_MAX,
    INT64_MIN,
    NOTE_BYTES_MAX,
    WIDE_MAX,
)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL, which PostgreSQL cannot store")
    return text


def _short(note: str) -> str:
    if len(note.encode()) > NOTE_BYTES_MAX:
        raise ValueError(f"is longer than {NOTE_BYTES_MAX} bytes")
    return note


Int32 = Annotated[int, Field(strict=True, ge=INT32_MIN, le=INT32_MAX)]
Int64 = Annotated[int, Field(strict=True, ge=INT64_MIN, le=INT64_MAX)]
Asked = Annotated[int, Field(strict=True, ge=0, le=WIDE_MAX)]  # an amount somebody wants moved
Amount = Annotated[int, Field(strict=True)]
# The year 9999 in another zone is the year 10000 in UTC, which no datetime holds.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 2, tzinfo=UTC), le=datetime(9999, 1, 1, tzinfo=UTC)),
    AfterValidator(_in_utc),
]
ToldMoment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Fraction = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=100, decimal_places=20)]
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_storable)]
CoordinatorType = Annotated[str, Field(pattern=r"^[ -~]{1,30}$")]
Code = Annotated[str, Field(pattern=r"^[ -~]{0,30}$")]
AccountId = Annotated[str, Field(max_length=ACCOUNT_ID_LENGTH_MAX, pattern=r"^[ -~]*$")]
NoteFormat = Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{0,8}$")]
Note = Annotated[str, AfterValidator(_storable), AfterValidator(_short)]
Sha256 = Annotated[str, Field(pattern=r"^([0-9A-F]{64})?$")]


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OfAccount(Message):
    debtor_id: Int64
    creditor_id: Int64


class OfTransfer(OfAccount):
    """A coordinator knows its transfer by its own three words, which only it chooses."""

    coordinator_type: CoordinatorType
    coordinator_id: Int64
    coordinator_request_id: Int64

    @property
    def request(self) -> tuple[str, int, int]:
        return self.coordinator_type, self.coordinator_id, self.coordinator_request_id
