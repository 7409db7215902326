"""Every operator fault: its stable code, how bad it is, what it means and what to do.

`docs/faults/` is drawn from this catalogue by `python -m stater_demo.fault_pages`; what the customer reads is in
`ui/words`.
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.faults import FaultCode
from kiosk.health import (
    CENTRAL_NETWORK,
    CENTRAL_REFUSES,
    CENTRAL_STUCK,
    CENTRAL_UNREACHABLE,
    CLOCK_WRONG,
    DISPUTED_BILL_FOUND,
    DISPUTED_BILL_RETURNED,
    STORAGE,
    STORAGE_DAMAGED,
)


class Severity(StrEnum):
    STOPS = "stops the machine"
    DEGRADES = "sells on"
    MONEY = "a person must settle money"


@dataclass(frozen=True)
class Fault:
    severity: Severity
    meaning: str
    action: str


CATALOGUE: dict[str, Fault] = {
    FaultCode.ACCEPTOR_MISSING: Fault(Severity.STOPS, "The bill acceptor's port is not there, or closed while in use.", "Check the cable and the adapter; the port is opened again by itself."),
    FaultCode.ACCEPTOR_SILENT: Fault(Severity.STOPS, "The port is there, the acceptor does not answer.", "Check its power; see that parity and protocol are as configured."),
    FaultCode.ACCEPTOR_STUCK: Fault(Severity.STOPS, "A call to the bill acceptor's port does not come back; within the hour the core starts itself anew.", "Unplug the acceptor's cable and plug it in again. If it recurs, replace the adapter."),
    FaultCode.ACCEPTOR_JAM: Fault(Severity.STOPS, "A bill is stuck in the transport.", "Open the transport, take the bill out, close it. A bill that was on its way is booked as disputed: keep it with its claim code."),
    FaultCode.STACKER_JAM: Fault(Severity.STOPS, "A bill is stuck on its way into the cashbox.", "Take the cashbox out and put it back. Count it: a bill that was on its way is booked as disputed."),
    FaultCode.CASHBOX_FULL: Fault(Severity.STOPS, "The cashbox is full.", "Collect the cash."),
    FaultCode.CASHBOX_REMOVED: Fault(Severity.STOPS, "The cashbox is out.", "Put it back until it locks."),
    FaultCode.CHEAT_SUSPECTED: Fault(Severity.STOPS, "A bill was pulled back, or a string was seen.", "Look at the acceptor's entrance; see the camera record."),
    FaultCode.ACCEPTOR_FAILURE: Fault(Severity.STOPS, "The acceptor reports a broken part; the detail names it.", "Switch it off and on; if it stays, replace the acceptor."),
    FaultCode.ACCEPTOR_CURRENCY: Fault(Severity.STOPS, "The acceptor takes another currency than the kiosk.", "Correct kiosk.currency, or load the acceptor with the right data set."),
    FaultCode.ACCEPTOR_PROTOCOL: Fault(Severity.STOPS, "The acceptor says what its protocol does not allow; the detail has the number.", "See that the protocol is the configured one; send the detail to support."),
    FaultCode.CAMERA_MISSING: Fault(Severity.STOPS, "The camera gives no picture, or the serial scanner does not answer.", "Check its cable, its power and the keys of [scanner]; it is opened again by itself. `kiosk device scan` says what it finds."),
    FaultCode.CAMERA_CODE_IN_VIEW: Fault(Severity.STOPS, "A QR code stays before the camera of a machine that nobody uses. It may be a sticker with a thief's wallet.", "Look at the scanning bay and at all the camera sees; take off what does not belong there, and keep it. The machine goes on by itself when no code is in view: in seconds, after several times an hour in ten minutes at most."),
    FaultCode.CAMERA_COVERED: Fault(Severity.STOPS, "The camera sees nothing: it is covered, its lens is painted or dirty, or it is dark.", "Uncover or clean the lens, switch the light on. The machine goes on by itself: in seconds, after several times an hour in ten minutes at most."),
    FaultCode.CAMERA_MOVED: Fault(Severity.STOPS, "The camera has been looking at something else than usual for five minutes.", "See that it has not been turned and that nothing new stands before it. Put it back, or restart the core to have the new view taken for the usual one."),
    FaultCode.CAMERA_STUCK: Fault(Severity.STOPS, "A call to the camera or the serial scanner does not come back; within the hour the core starts itself anew.", "Unplug it and plug it in again. If it recurs, replace it, its hub or its adapter."),
    FaultCode.PRINTER_MISSING: Fault(Severity.DEGRADES, "The printer's port is not there.", "Check the cable."),
    FaultCode.PRINTER_SILENT: Fault(Severity.DEGRADES, "The printer does not answer. This does not mean that the paper is out.", "Check its power."),
    FaultCode.PRINTER_STUCK: Fault(Severity.DEGRADES, "A call to the printer's port does not come back; within the hour the core starts itself anew.", "Unplug the printer's cable and plug it in again. If it recurs, replace the cable or the adapter."),
    FaultCode.PRINTER_PAPER_NEAR_END: Fault(Severity.DEGRADES, "The paper is near its end; receipts are still printed.", "Bring a new roll."),
    FaultCode.PRINTER_PAPER_END: Fault(Severity.DEGRADES, "The paper is out; the screen shows the claim code instead.", "Put in a new roll."),
    FaultCode.PRINTER_COVER_OPEN: Fault(Severity.DEGRADES, "The printer's cover is open.", "Close it until it clicks."),
    FaultCode.PRINTER_CUTTER: Fault(Severity.DEGRADES, "The cutter is stuck.", "Switch the printer off, free the cutter, switch it on."),
    FaultCode.PRINTER_OFFLINE: Fault(Severity.DEGRADES, "The printer says that it is off-line.", "Look at its lamps; press its feed button."),
    FaultCode.PRINTER_FAILURE: Fault(Severity.DEGRADES, "The printer reports an error that it cannot recover from.", "Switch it off and on; if it stays, replace it."),
    CENTRAL_UNREACHABLE: Fault(Severity.STOPS, "The central service cannot be reached. Sales that are committed wait and are paid when it is back.", "Check the network; nothing is lost meanwhile."),
    CENTRAL_STUCK: Fault(Severity.STOPS, "A call to the central service does not come back; within the hour the core starts itself anew.", "Check the network and its name server; nothing is lost meanwhile."),
    CLOCK_WRONG: Fault(Severity.DEGRADES, "The system's clock is wrong; the detail has both times. The kiosk goes by central's time, or by its last record until central has spoken.", "See that the system's time service runs (`timedatectl`). If the time is lost at each start, replace the clock's battery."),
    CENTRAL_NETWORK: Fault(Severity.STOPS, "Central pays on another network than kiosk.network.", "Correct kiosk.network or central.url."),
    STORAGE: Fault(Severity.STOPS, "The database cannot be written: it is locked, or the disk is full or read-only; the log says which.", "Free the disk or end the other program; the kiosk goes on by itself."),
    STORAGE_DAMAGED: Fault(Severity.STOPS, "The database is damaged, was changed by hand, or is gone; the log says what was found. The kiosk takes no cash and has not touched the file.", "Stop the kiosk, copy the whole data folder with kiosk.db, kiosk.db-wal and kiosk.db-shm, and call support: the file is evidence. See what is wrong with `kiosk journal verify --database COPY`. A file that was moved away is put back as it was. Only when it is lost for good: register this kiosk at central under a new id, settle by `central status` what the old one left open, move kiosk.db and kiosk.db.made away, and start the kiosk."),
    CENTRAL_REFUSES: Fault(Severity.STOPS, "Central refuses what this kiosk reports, or answers nonsense to it; the log says why. No sale starts, since none could be paid.", "If the kiosk's disk was replaced, register the kiosk at central under a new id; otherwise call support with the log."),
    DISPUTED_BILL_RETURNED: Fault(Severity.MONEY, "A bill that had been booked as disputed went back to the customer.", "Do not refund it a second time."),
    DISPUTED_BILL_FOUND: Fault(Severity.MONEY, "The acceptor reports a bill as stacked that had been booked as disputed.", "Settle the dispute with the customer; the cash is in the cashbox."),
}  # fmt: skip
