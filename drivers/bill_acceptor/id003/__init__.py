"""JCM ID-003."""

from drivers.bill_acceptor.id003.codec import DIALECT
from drivers.bill_acceptor.id003.faults import VENDOR_CODES
from drivers.bill_acceptor.id003.protocol import SILENT_AFTER_S, Id003
from drivers.bill_acceptor.kind import ProtocolKind
from drivers.port import Line

KIND = ProtocolKind(Id003, Line(baud=9600, parity="even"), SILENT_AFTER_S, DIALECT, VENDOR_CODES)
