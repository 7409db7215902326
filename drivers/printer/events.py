"""What the printer tells the core, and what the core asks of it."""

from dataclasses import dataclass

from drivers.faults import FaultCode
from drivers.printer.document import Document


@dataclass(frozen=True)
class PrinterStatus:
    """Said whenever it changes. `faults` is empty when all is well; PRINTER_PAPER_NEAR_END alone still prints."""

    faults: frozenset[FaultCode]


@dataclass(frozen=True)
class ReceiptPrinted:
    """The printer says after the last byte that it is on-line, with paper, without error."""

    job_id: str


@dataclass(frozen=True)
class ReceiptFailed:
    """The receipt did not come out, or nobody can say that it did."""

    job_id: str
    code: FaultCode


PrinterEvent = PrinterStatus | ReceiptPrinted | ReceiptFailed


@dataclass(frozen=True)
class PrintReceipt:
    job_id: str
    document: Document


PrinterCommand = PrintReceipt
