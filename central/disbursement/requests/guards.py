"""The questions that stand before a transition. Each says no unless there is evidence for a yes.

The evidence of one step is gathered beforehand; what nobody has looked into keeps its default, and that is no.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_wire.messages import TransferState


@dataclass(frozen=True)
class Evidence:
    address_ok: bool = False
    within_limit: bool = False
    approved_by_another: bool = False
    funds_locked: bool = False
    funds_short: bool = False
    transfer_state: TransferState | None = None


def address_ok(seen: Evidence) -> bool:
    return seen.address_ok


def within_limit(seen: Evidence) -> bool:
    return seen.within_limit


def approved_by_another(seen: Evidence) -> bool:
    return seen.approved_by_another


def funds_locked(seen: Evidence) -> bool:
    return seen.funds_locked


def funds_short(seen: Evidence) -> bool:
    return seen.funds_short


def transfer_is_signed(seen: Evidence) -> bool:
    return seen.transfer_state == TransferState.SIGNED


def transfer_is_broadcast(seen: Evidence) -> bool:
    return seen.transfer_state == TransferState.BROADCAST


def transfer_is_confirmed(seen: Evidence) -> bool:
    return seen.transfer_state == TransferState.CONFIRMED


def transfer_is_finalized(seen: Evidence) -> bool:
    return seen.transfer_state == TransferState.FINALIZED


def transfer_is_settled(seen: Evidence) -> bool:
    return seen.transfer_state == TransferState.REFUND_DUE


# For a person, whom only these can stop.
WHY_NOT: dict[Callable[[Evidence], bool], str] = {
    address_ok: "the wallet's network knows no such address, or the amount is too little to be sent there",
    within_limit: "the amount is above the limit for requests, `requests.max_amount` of the configuration",
    approved_by_another: "it takes the name of another person than the one who requested it",
}
