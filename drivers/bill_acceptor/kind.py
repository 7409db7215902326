"""What is to be known of a protocol from outside its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.decision import AcceptorProtocol
from drivers.bill_acceptor.dialect import Dialect
from drivers.faults import FaultCode, RejectReason
from drivers.port import Line


@dataclass(frozen=True)
class ProtocolKind:
    build: Callable[[str], AcceptorProtocol]  # for the kiosk's currency, ISO 4217
    line: Line
    silent_after_s: float  # without a frame for so long, nobody is there
    dialect: Dialect
    vendor_codes: Mapping[str, tuple[str, FaultCode | RejectReason]]  # in its words, and in ours
