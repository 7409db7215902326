"""The states of the machine, seen by one customer after another."""

from enum import StrEnum


class State(StrEnum):
    IDLE = "idle"
    WARNING = "warning"
    SCANNING = "scanning"
    SCANNING_AGAIN = "scanning_again"
    CONFIRMING_WALLET = "confirming_wallet"
    QUOTING = "quoting"
    PREPARING = "preparing"
    INSERTING = "inserting"
    STACKING = "stacking"
    RETURNING = "returning"
    JAMMED = "jammed"
    REVIEWING = "reviewing"
    PAYING = "paying"
    PAID = "paid"
    QUEUED = "queued"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    RECOVERING = "recovering"


BEFORE_CASH = (
    State.WARNING,
    State.SCANNING,
    State.SCANNING_AGAIN,
    State.CONFIRMING_WALLET,
    State.QUOTING,
    State.PREPARING,
)
BILL_IN_MOTION = (State.STACKING, State.RETURNING, State.JAMMED, State.RECOVERING)
