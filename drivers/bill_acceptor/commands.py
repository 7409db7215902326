"""What the core asks of a bill acceptor, the same for every protocol."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Enable:
    """Take bills. Stays in force over reconnects and power cycles until Disable."""


@dataclass(frozen=True)
class Disable:
    """Take no bills. A bill already in escrow keeps waiting for its decision."""


@dataclass(frozen=True)
class Stack:
    pass


@dataclass(frozen=True)
class Return:
    pass


@dataclass(frozen=True)
class Hold:
    """Keep the bill in escrow, past the device's own time-out."""


@dataclass(frozen=True)
class AcknowledgeCredit:
    """The credit of the last BillStacked is committed; the device may forget it."""


AcceptorCommand = Enable | Disable | Stack | Return | Hold | AcknowledgeCredit
