"""An account's history as its owner rebuilds it from AccountTransfer messages, in whatever order they came.

Invariants: whatever is in the history is in its order, with nothing left out before it; the same messages
in any order, any number of times, make the same history. Source: protocol 2.1, AL record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from disbursement.accounts.protocol.messages import AccountTransfer, AccountUpdate


@dataclass(frozen=True)
class History:
    """Of one life of an account. What waits for one before it is in `waiting`, by that one's number."""

    debtor_id: int
    creditor_id: int
    creation_date: date
    transfers: tuple[AccountTransfer, ...] = ()
    waiting: Mapping[int, AccountTransfer] = field(default_factory=dict)

    @property
    def last_number(self) -> int:
        return self.transfers[-1].transfer_number if self.transfers else 0

    def with_heard(self, heard: Iterable[AccountTransfer]) -> "History":
        """Of other accounts, or of this one's former lives: passed over."""
        waiting = dict(self.waiting)
        life = (self.debtor_id, self.creditor_id, self.creation_date)
        for one in heard:
            if (one.debtor_id, one.creditor_id, one.creation_date) == life:
                waiting[one.previous_transfer_number] = one
        added: list[AccountTransfer] = []
        last = self.last_number
        while last in waiting:
            added.append(waiting.pop(last))
            last = added[-1].transfer_number
        waiting = {number: one for number, one in waiting.items() if number > last}
        return replace(self, transfers=(*self.transfers, *added), waiting=waiting)

    def lacks(self, update: AccountUpdate) -> bool:
        """Does the account have transfers that the history has not? They are on their way, or lost: read
        the outbox again from before them."""
        return update.last_transfer_number > self.last_number

    def untold(self) -> int:
        """What changed the balance without an event up to the last transfer: negligible amounts."""
        told = sum(one.acquired_amount for one in self.transfers)
        return self.transfers[-1].principal - told if self.transfers else 0
