"""A party, and whom it may speak for. Pure.

Invariants: an id is one party's at most. A debtor's party speaks for the debtor's own (root) account, a creditor's
for the creditor's accounts with all debtors; so nobody spends, or configures, what is another's. A transfer's
coordinator is an id of the caller as well: nobody takes another's requests, or is told their answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from disbursement.accounts.protocol.fields import OfTransfer
from disbursement.accounts.protocol.limits import (
    INT64_MAX,
    INT64_MIN,
    RESERVED_CREDITORS_MAX,
    RESERVED_DEBTORS_MAX,
    ROOT,
)
from disbursement.accounts.protocol.messages import Incoming
from disbursement.errors import InvalidSetup, Refused
from disbursement.parties.models import Side
from kiosk_wire.messages import RefusalCode


@dataclass(frozen=True, order=True)
class Ids:
    """From the first to the last, both included."""

    first: int
    last: int

    @classmethod
    def read(cls, given: str, side: Side) -> "Ids":
        """`7`, or `7..9`. Raises InvalidSetup."""
        first, dots, last = given.partition("..")
        try:
            ids = cls(int(first), int(last if dots else first))
        except ValueError as bad:
            raise InvalidSetup(
                f"{given!r} is no {side} id: a number, or a range like 7..9"
            ) from bad
        if not INT64_MIN <= ids.first <= ids.last <= INT64_MAX:
            raise InvalidSetup(f"{given!r} is no range of {side} ids: the first one comes first")
        if side is Side.CREDITOR and ids.last >= ROOT and ids.first <= RESERVED_CREDITORS_MAX:
            raise InvalidSetup(
                f"{given!r} has ids that no creditor may have: 0 to {RESERVED_CREDITORS_MAX} are reserved"
            )
        if side is Side.DEBTOR and ids.first <= RESERVED_DEBTORS_MAX:
            raise InvalidSetup(
                f"{given!r} has ids that are central's own: those up to {RESERVED_DEBTORS_MAX} are reserved"
            )
        return ids

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def overlaps(self, other: "Ids") -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Party:
    party_id: str
    public_key: bytes
    revision: int
    debtors: tuple[Ids, ...]
    creditors: tuple[Ids, ...]

    def speaks_for(self, debtor_id: int, creditor_id: int) -> bool:
        if creditor_id == ROOT:
            return _among(debtor_id, self.debtors)
        return _among(creditor_id, self.creditors)

    def _coordinates(self, message: OfTransfer) -> bool:
        if message.coordinator_type == "issuing":
            return message.coordinator_id == message.debtor_id
        return _among(message.coordinator_id, self.creditors)

    def demand_own(self, messages: Iterable[Incoming]) -> None:
        """Raises Refused at the first that is another's."""
        for place, message in enumerate(messages):
            if not self.speaks_for(message.debtor_id, message.creditor_id):
                whose = f"the account {message.debtor_id}/{message.creditor_id}"
            elif isinstance(message, OfTransfer) and not self._coordinates(message):
                whose = f"the coordinator {message.coordinator_type}/{message.coordinator_id}"
            else:
                continue
            detail = f"message {place}: {self.party_id} does not speak for {whose}"
            raise Refused(403, RefusalCode.NOT_ALLOWED, detail)


def _among(number: int, ranges: Iterable[Ids]) -> bool:
    return any(number in ids for ids in ranges)
