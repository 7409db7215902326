"""The protocols of bill acceptors by name. Adding one adds its folder, and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.decision import AcceptorProtocol
from drivers.bill_acceptor.id003.protocol import SILENT_AFTER_S, Id003
from drivers.port import Line


@dataclass(frozen=True)
class ProtocolKind:
    build: Callable[[str], AcceptorProtocol]  # for the kiosk's currency, ISO 4217
    line: Line
    silent_after_s: float  # without a frame for so long, nobody is there


PROTOCOLS: Mapping[str, ProtocolKind] = {
    "id003": ProtocolKind(Id003, Line(baud=9600, parity="even"), SILENT_AFTER_S),
}
