"""The messages, as JSON documents with a `type`.

    in   ConfigureAccount                    -> AccountUpdate, or RejectedConfig
         PrepareTransfer                     -> PreparedTransfer, or RejectedTransfer
         FinalizeTransfer                    -> FinalizedTransfer
    out  besides these answers: AccountTransfer, AccountPurge; AccountUpdate and PreparedTransfer again

Source: Swaptacular Messaging Protocol 2.1. docs/accounts.md lists what is different here, by choice.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from disbursement.accounts.protocol.fields import (
    AccountId,
    Amount,
    Asked,
    Code,
    CoordinatorType,
    Fraction,
    Int32,
    Int64,
    Moment,
    Note,
    NoteFormat,
    OfAccount,
    OfTransfer,
    Sha256,
    Text,
    ToldMoment,
)
from disbursement.accounts.protocol.limits import ROOT
from disbursement.errors import MalformedMessage

SCHEDULED_FOR_DELETION = 1  # bit 0 of config_flags
OWN_TYPES = {"interest", "delete"}  # transfers that only this side makes


class StatusCode(StrEnum):
    OK = "OK"
    SENDER_IS_UNREACHABLE = "SENDER_IS_UNREACHABLE"
    RECIPIENT_IS_UNREACHABLE = "RECIPIENT_IS_UNREACHABLE"
    RECIPIENT_SAME_AS_SENDER = "RECIPIENT_SAME_AS_SENDER"
    TOO_MANY_TRANSFERS = "TOO_MANY_TRANSFERS"
    TIMEOUT = "TIMEOUT"
    NEWER_INTEREST_RATE = "NEWER_INTEREST_RATE"
    TRANSFER_NOTE_IS_TOO_LONG = "TRANSFER_NOTE_IS_TOO_LONG"
    INSUFFICIENT_AVAILABLE_AMOUNT = "INSUFFICIENT_AVAILABLE_AMOUNT"


class RejectionCode(StrEnum):
    NO_CONNECTION_TO_DEBTOR = "NO_CONNECTION_TO_DEBTOR"
    RESERVED_CREDITOR_ID = "RESERVED_CREDITOR_ID"
    INVALID_NEGLIGIBLE_AMOUNT = "INVALID_NEGLIGIBLE_AMOUNT"
    CONFIG_DATA_IS_TOO_LONG = "CONFIG_DATA_IS_TOO_LONG"


class ConfigureAccount(OfAccount):
    type: Literal["ConfigureAccount"] = "ConfigureAccount"
    negligible_amount: Fraction
    config_flags: Int32
    config_data: Text
    ts: Moment
    seqnum: Int32


class PrepareTransfer(OfTransfer):
    """Both amounts zero: lock nothing, and test the amount when it is committed."""

    type: Literal["PrepareTransfer"] = "PrepareTransfer"
    min_locked_amount: Asked
    max_locked_amount: Asked
    recipient: AccountId
    final_interest_rate_ts: Moment
    max_commit_delay: Annotated[Int32, Field(ge=0)]  # seconds
    ts: Moment

    @model_validator(mode="after")
    def _may_be_asked(self) -> Self:
        if self.max_locked_amount < self.min_locked_amount:
            raise ValueError("max_locked_amount is below min_locked_amount")
        if self.coordinator_type in OWN_TYPES:
            raise ValueError(f"transfers of type {self.coordinator_type} are not for asking")
        if self.coordinator_type == "direct" and self.coordinator_id != self.creditor_id:
            raise ValueError("a direct transfer's coordinator is the creditor")
        if self.coordinator_type == "issuing" and self.creditor_id != ROOT:
            raise ValueError("only the debtor's own account issues")
        return self


class FinalizeTransfer(OfTransfer):
    """A committed amount of zero dismisses."""

    type: Literal["FinalizeTransfer"] = "FinalizeTransfer"
    transfer_id: Int64
    committed_amount: Asked
    transfer_note_format: NoteFormat
    transfer_note: Note
    ts: Moment


class RejectedConfig(OfAccount):
    type: Literal["RejectedConfig"] = "RejectedConfig"
    config_ts: ToldMoment
    config_seqnum: Int32
    config_flags: Int32
    config_data: Text
    negligible_amount: Fraction
    rejection_code: Code
    ts: ToldMoment


class RejectedTransfer(OfTransfer):
    type: Literal["RejectedTransfer"] = "RejectedTransfer"
    status_code: Code
    total_locked_amount: Amount  # zero unless funds were insufficient
    ts: ToldMoment


class PreparedTransfer(OfTransfer):
    type: Literal["PreparedTransfer"] = "PreparedTransfer"
    transfer_id: Int64
    locked_amount: Amount
    recipient: AccountId
    prepared_at: ToldMoment
    demurrage_rate: Fraction  # percent a year, at the worst
    deadline: ToldMoment
    final_interest_rate_ts: ToldMoment
    ts: ToldMoment


class FinalizedTransfer(OfTransfer):
    type: Literal["FinalizedTransfer"] = "FinalizedTransfer"
    transfer_id: Int64
    committed_amount: Amount
    status_code: Code
    total_locked_amount: Amount  # zero unless funds were insufficient
    prepared_at: ToldMoment
    ts: ToldMoment


class AccountUpdate(OfAccount):
    type: Literal["AccountUpdate"] = "AccountUpdate"
    creation_date: date
    last_change_ts: ToldMoment
    last_change_seqnum: Int32
    principal: Amount
    overflown: bool  # the principal is more than 64 bits can tell; nothing of it is lost
    interest: Fraction
    interest_rate: Fraction
    last_interest_rate_change_ts: ToldMoment
    last_config_ts: ToldMoment
    last_config_seqnum: Int32
    negligible_amount: Fraction
    config_flags: Int32
    config_data: Text
    account_id: AccountId
    debtor_info_iri: str
    debtor_info_content_type: str
    debtor_info_sha256: Sha256
    last_transfer_number: Int64
    last_transfer_committed_at: ToldMoment
    demurrage_rate: Fraction
    commit_period: Int32
    transfer_note_max_bytes: Int32
    ts: ToldMoment
    ttl: Int32


class AccountPurge(OfAccount):
    type: Literal["AccountPurge"] = "AccountPurge"
    creation_date: date
    ts: ToldMoment


class AccountTransfer(OfAccount):
    type: Literal["AccountTransfer"] = "AccountTransfer"
    creation_date: date
    transfer_number: Int64
    previous_transfer_number: Int64
    coordinator_type: CoordinatorType
    sender: AccountId
    recipient: AccountId
    acquired_amount: Amount
    transfer_note_format: NoteFormat
    transfer_note: Note
    committed_at: ToldMoment
    principal: Amount
    ts: ToldMoment


Incoming = ConfigureAccount | PrepareTransfer | FinalizeTransfer
Outgoing = (
    RejectedConfig
    | RejectedTransfer
    | PreparedTransfer
    | FinalizedTransfer
    | AccountUpdate
    | AccountPurge
    | AccountTransfer
)
M = TypeVar("M")
_INCOMING: TypeAdapter[Incoming] = TypeAdapter(Annotated[Incoming, Field(discriminator="type")])
_OUTGOING: TypeAdapter[Outgoing] = TypeAdapter(Annotated[Outgoing, Field(discriminator="type")])


def read_incoming(document: str | bytes) -> Incoming:
    """Raises MalformedMessage."""
    return _read(_INCOMING, document)


def read_outgoing(document: str | bytes) -> Outgoing:
    """For clients. Raises MalformedMessage."""
    return _read(_OUTGOING, document)


def _read(adapter: TypeAdapter[M], document: str | bytes) -> M:
    try:
        return adapter.validate_json(document)
    except ValidationError as invalid:
        fault = invalid.errors()[0]
        place = ".".join(str(part) for part in fault["loc"]) or "the document"
        raise MalformedMessage(f"{place}: {fault['msg']}") from invalid
