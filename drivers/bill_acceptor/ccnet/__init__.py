"""CashCode CCNET."""

from drivers.bill_acceptor.ccnet.codec import DIALECT
from drivers.bill_acceptor.ccnet.faults import VENDOR_CODES
from drivers.bill_acceptor.ccnet.protocol import SILENT_AFTER_S, Ccnet
from drivers.bill_acceptor.kind import ProtocolKind
from drivers.port import Line

KIND = ProtocolKind(Ccnet, Line(baud=9600), SILENT_AFTER_S, DIALECT, VENDOR_CODES)
