"""ccTalk bill validators."""

from drivers.bill_acceptor.cctalk.codec import DIALECT
from drivers.bill_acceptor.cctalk.faults import VENDOR_CODES
from drivers.bill_acceptor.cctalk.protocol import SILENT_AFTER_S, CcTalk
from drivers.bill_acceptor.kind import ProtocolKind
from drivers.port import Line

KIND = ProtocolKind(CcTalk, Line(baud=9600), SILENT_AFTER_S, DIALECT, VENDOR_CODES)
