"""Moving an amount from one account to another of the same debtor, and what their owners hear of it.

Invariants: both sides move at once, by the same amount; the numbers of an account's transfers rise
without end, and each event names the one before, so that its reader misses none.
"""

from dataclasses import dataclass

from disbursement.accounts.protocol.balance import accrue, mark_changed, negligible
from disbursement.accounts.protocol.limits import ROOT
from disbursement.accounts.protocol.models import CreditorAccount, Movement
from disbursement.accounts.protocol.telling import event_of
from disbursement.accounts.protocol.turn import MOVEMENTS, Turn

ALWAYS_TOLD = {"agent", "delete"}


@dataclass(frozen=True)
class Cause:
    """Who wanted it, and what they say of it."""

    coordinator_type: str
    coordinator_id: int | None = None
    coordinator_request_id: int | None = None
    transfer_id: int | None = None
    note_format: str = ""
    note: str = ""


def move(
    turn: Turn, sender: CreditorAccount, recipient: CreditorAccount, amount: int, cause: Cause
) -> None:
    """`amount` is above zero."""
    movement = MOVEMENTS.of(
        at_ms=turn.now_ms,
        debtor_id=sender.debtor_id,
        sender_id=sender.creditor_id,
        recipient_id=recipient.creditor_id,
        amount=amount,
        coordinator_type=cause.coordinator_type,
        coordinator_id=cause.coordinator_id,
        coordinator_request_id=cause.coordinator_request_id,
        transfer_id=cause.transfer_id,
        note_format=cause.note_format,
        note=cause.note,
    )
    turn.note(movement)
    for account, acquired in ((sender, -amount), (recipient, amount)):
        accrue(account, turn.now_ms)
        account.principal += acquired
        mark_changed(account, turn.now_ms)
        if account.creditor_id != ROOT and not _is_negligible(account, acquired, cause):
            _tell(turn, account, acquired, movement)


def _is_negligible(account: CreditorAccount, acquired: int, cause: Cause) -> bool:
    """An agent's and a removal's are told however small they are."""
    return 0 < acquired <= negligible(account) and cause.coordinator_type not in ALWAYS_TOLD


def _tell(turn: Turn, account: CreditorAccount, acquired: int, movement: Movement) -> None:
    previous = account.last_transfer_number
    account.last_transfer_number = previous + 1
    account.last_transfer_at_ms = turn.now_ms
    debtor = turn.debtors[account.debtor_id]
    turn.tell(event_of(movement, account, acquired, previous, debtor))
