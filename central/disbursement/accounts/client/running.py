"""A client's record of each transfer it runs: what lets it send anything again, and believe no stranger.

Invariants: the record is there before PrepareTransfer leaves; a prepared transfer without a record, or
not the recorded one, is dismissed; what was decided once is said again word for word, whatever is heard;
a record stays until FinalizedTransfer is heard, or about a year. The caller stores what these functions
return before it sends what they say. Source: Swaptacular Messaging Protocol 2.1, RT record.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from disbursement.accounts.protocol.messages import (
    FinalizedTransfer,
    FinalizeTransfer,
    PreparedTransfer,
    PrepareTransfer,
    RejectedTransfer,
)

KEPT_AT_MOST = timedelta(days=366)


class Stage(StrEnum):
    INITIATED = "initiated"
    PREPARED = "prepared"
    SETTLED = "settled"


@dataclass(frozen=True)
class RunningTransfer:
    prepare: PrepareTransfer
    prepared: PreparedTransfer | None = None
    finalize: FinalizeTransfer | None = None

    @property
    def stage(self) -> Stage:
        if self.prepared is None:
            return Stage.INITIATED
        return Stage.PREPARED if self.finalize is None else Stage.SETTLED


def settled(record: RunningTransfer, amount: int, note: str, now: datetime) -> RunningTransfer:
    """Decided, for good: what was decided before stands. Zero dismisses. The record must be prepared."""
    if record.prepared is None:
        raise ValueError("a transfer can be settled when it is prepared, not before")
    if record.finalize is not None:
        return record
    return replace(record, finalize=_finalize(record.prepared, amount, note, now))


def on_prepared(
    record: RunningTransfer | None, heard: PreparedTransfer, now: datetime
) -> tuple[RunningTransfer | None, FinalizeTransfer | None]:
    """The record as it is now, and what to send."""
    if record is None or not _is_asked_for(record, heard):
        return record, _finalize(heard, 0, "", now)
    if record.prepared is None:
        return replace(record, prepared=heard), None
    if record.prepared.transfer_id != heard.transfer_id:
        return record, _finalize(heard, 0, "", now)
    again = record.finalize
    return record, None if again is None else again.model_copy(update={"ts": now})


def on_rejected(record: RunningTransfer | None, heard: RejectedTransfer) -> RunningTransfer | None:
    """None: there is no record any more."""
    if record is None or record.stage != Stage.INITIATED:
        return record
    return None if record.prepare.request == heard.request else record


def on_finalized(
    record: RunningTransfer | None, heard: FinalizedTransfer
) -> RunningTransfer | None:
    """None: there is no record any more."""
    if record is None or record.prepared is None or record.finalize is None:
        return record
    own = record.prepared
    named = (own.debtor_id, own.creditor_id, own.transfer_id, own.request)
    told = (heard.debtor_id, heard.creditor_id, heard.transfer_id, heard.request)
    return None if named == told else record


def may_be_forgotten(record: RunningTransfer, now: datetime) -> bool:
    """An unsettled one that is prepared never is: it must be settled first."""
    return record.stage != Stage.PREPARED and now - record.prepare.ts > KEPT_AT_MOST


def _is_asked_for(record: RunningTransfer, heard: PreparedTransfer) -> bool:
    asked = record.prepare
    return (asked.debtor_id, asked.creditor_id, asked.recipient, asked.request) == (
        heard.debtor_id,
        heard.creditor_id,
        heard.recipient,
        heard.request,
    )


def _finalize(
    prepared: PreparedTransfer, amount: int, note: str, now: datetime
) -> FinalizeTransfer:
    return FinalizeTransfer(
        debtor_id=prepared.debtor_id,
        creditor_id=prepared.creditor_id,
        coordinator_type=prepared.coordinator_type,
        coordinator_id=prepared.coordinator_id,
        coordinator_request_id=prepared.coordinator_request_id,
        transfer_id=prepared.transfer_id,
        committed_amount=amount,
        transfer_note_format="",
        transfer_note=note,
        ts=now,
    )
