"""Innovative Technology SSP, and eSSP, its encrypted form."""

from drivers.bill_acceptor.kind import ProtocolKind
from drivers.bill_acceptor.ssp.codec import DIALECT
from drivers.bill_acceptor.ssp.faults import VENDOR_CODES
from drivers.bill_acceptor.ssp.protocol import SILENT_AFTER_S, Ssp
from drivers.port import Line

KIND = ProtocolKind(Ssp, Line(baud=9600, stop_bits=2), SILENT_AFTER_S, DIALECT, VENDOR_CODES)
