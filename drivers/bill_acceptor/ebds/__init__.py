"""MEI/CPI EBDS: CashFlow SC, SCN and CFSC. Pyramid's RS-232 is the same without extended messages."""

from drivers.bill_acceptor.ebds.codec import DIALECT
from drivers.bill_acceptor.ebds.faults import VENDOR_CODES
from drivers.bill_acceptor.ebds.protocol import SILENT_AFTER_S, Ebds
from drivers.bill_acceptor.kind import ProtocolKind
from drivers.port import Line

KIND = ProtocolKind(
    Ebds, Line(baud=9600, bits=7, parity="even"), SILENT_AFTER_S, DIALECT, VENDOR_CODES
)
