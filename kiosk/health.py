"""What works now: the devices and the way to central. Never stored; asked anew after each start."""

from dataclasses import dataclass, replace

from drivers.bill_acceptor import events as acceptor
from drivers.bill_acceptor.events import Bill
from drivers.faults import FaultCode
from drivers.printer.events import PrinterStatus
from drivers.scanner.events import BayChecked, ScannerLost, ScannerReady
from kiosk.clock import ClockCompared
from kiosk.screen_link.snapshot import ServiceView
from kiosk.session.events import (
    CentralLost,
    CentralReached,
    Event,
    OutboxAcknowledged,
    OutboxRefused,
    ThreadsSeen,
)

CENTRAL_UNREACHABLE = "central-unreachable"
CENTRAL_NETWORK = (
    "central-network"  # central pays on another network than this kiosk is set up for
)
STORAGE = "storage"
STORAGE_DAMAGED = "storage-damaged"  # the file is evidence: the kiosk stands still
CENTRAL_REFUSES = "central-refuses"  # central does not take what this kiosk reports
CENTRAL_STUCK = "central-stuck"  # a call to central does not come back
CLOCK_WRONG = "clock-wrong"  # the system's clock; the kiosk's own is corrected
DISPUTED_BILL_FOUND = "disputed-bill-found"  # the acceptor vouches for a bill that was given up
DISPUTED_BILL_RETURNED = "disputed-bill-returned"  # it went back to the customer after all
STARTING = "starting"  # a device that has not reported yet

LINK_FAULTS = frozenset({FaultCode.ACCEPTOR_MISSING, FaultCode.ACCEPTOR_SILENT})
_STILL_PRINTS = frozenset({FaultCode.PRINTER_PAPER_NEAR_END})


@dataclass(frozen=True)
class Health:
    denominations: tuple[Bill, ...] = ()
    acceptor_ready: bool = False
    acceptor_faults: frozenset[str] = frozenset({STARTING})
    scanner_faults: frozenset[str] = frozenset({STARTING})
    printer_faults: frozenset[str] = frozenset()
    central_faults: frozenset[str] = frozenset({STARTING})
    outbox_faults: frozenset[str] = frozenset()
    storage_faults: frozenset[str] = frozenset()
    stuck_threads: frozenset[str] = frozenset()
    clock_faults: frozenset[str] = frozenset()
    has_printer: bool = True

    @property
    def can_print(self) -> bool:
        return self.has_printer and not self._printing_faults - _STILL_PRINTS

    @property
    def acceptor_is_well(self) -> bool:
        is_stuck = FaultCode.ACCEPTOR_STUCK in self.stuck_threads
        return self.acceptor_ready and not self.acceptor_faults and not is_stuck

    @property
    def _printing_faults(self) -> frozenset[str]:
        return self.printer_faults | (self.stuck_threads & {FaultCode.PRINTER_STUCK})

    @property
    def faults(self) -> frozenset[str]:
        return (
            self.acceptor_faults
            | self.scanner_faults
            | self.printer_faults
            | self.central_faults
            | self.outbox_faults
            | self.storage_faults
            | self.stuck_threads
            | self.clock_faults
        )

    @property
    def reported(self) -> frozenset[str]:
        """Central is told of these. That it cannot be reached, it knows by itself."""
        return self.faults - {STARTING, CENTRAL_UNREACHABLE}

    def service(self) -> ServiceView:
        """A machine that cannot take cash, read a wallet or reach central is out of service; one that
        cannot print is degraded: the claim code on the screen stands in for the receipt. So is one whose
        system clock is wrong: it knows the time from central."""
        degrades = self._printing_faults | self.clock_faults
        stops = self.faults - degrades
        if stops:
            return ServiceView(status="out_of_service", reasons=tuple(sorted(stops)))
        if degrades:
            return ServiceView(status="degraded", reasons=tuple(sorted(degrades)))
        return ServiceView(status="in_service")

    def after(self, event: Event, network: str) -> "Health":
        """The health once `event` is known. `network` is the one this kiosk is set up for."""
        match event:
            case acceptor.AcceptorReady(denominations=denominations):
                return replace(
                    self,
                    denominations=denominations,
                    acceptor_ready=True,
                    acceptor_faults=self.acceptor_faults - {STARTING, *LINK_FAULTS},
                )
            case acceptor.AcceptorLost(code=code):
                others = self.acceptor_faults - {STARTING, *LINK_FAULTS}
                return replace(self, acceptor_ready=False, acceptor_faults=others | {code})
            case acceptor.AcceptorFault(code=code):
                return replace(self, acceptor_faults=(self.acceptor_faults - {STARTING}) | {code})
            case acceptor.AcceptorFaultCleared(code=code):
                return replace(self, acceptor_faults=self.acceptor_faults - {code})
            case acceptor.CashboxRemoved():
                return replace(
                    self, acceptor_faults=self.acceptor_faults | {FaultCode.CASHBOX_REMOVED}
                )
            case acceptor.CashboxReplaced():
                return replace(
                    self, acceptor_faults=self.acceptor_faults - {FaultCode.CASHBOX_REMOVED}
                )
            case ScannerReady():
                return replace(self, scanner_faults=frozenset())
            case ScannerLost():
                return replace(self, scanner_faults=frozenset({FaultCode.CAMERA_MISSING}))
            case BayChecked(faults=faults):
                return replace(self, scanner_faults=frozenset(faults))
            case PrinterStatus(faults=faults):
                return replace(self, printer_faults=frozenset(faults))
            case CentralReached(network=theirs):
                wrong = frozenset() if theirs == network else frozenset({CENTRAL_NETWORK})
                return replace(self, central_faults=wrong)
            case OutboxRefused():
                return replace(self, outbox_faults=frozenset({CENTRAL_REFUSES}))
            case OutboxAcknowledged():
                return replace(self, outbox_faults=frozenset())
            case CentralLost():
                return replace(self, central_faults=frozenset({CENTRAL_UNREACHABLE}))
            case ThreadsSeen(stuck=stuck):
                return replace(self, stuck_threads=stuck)
            case ClockCompared():
                wrong = frozenset({CLOCK_WRONG}) if event.is_wrong else frozenset()
                return replace(self, clock_faults=wrong)
            case _:
                return self
