"""The protocols of bill acceptors by name. Adding one adds its folder, and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.ccnet import codec as ccnet
from drivers.bill_acceptor.ccnet.protocol import SILENT_AFTER_S as CCNET_SILENT_AFTER_S
from drivers.bill_acceptor.ccnet.protocol import Ccnet
from drivers.bill_acceptor.cctalk import codec as cctalk
from drivers.bill_acceptor.cctalk.protocol import SILENT_AFTER_S as CCTALK_SILENT_AFTER_S
from drivers.bill_acceptor.cctalk.protocol import CcTalk
from drivers.bill_acceptor.decision import AcceptorProtocol
from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.ebds import codec as ebds
from drivers.bill_acceptor.ebds.protocol import SILENT_AFTER_S as EBDS_SILENT_AFTER_S
from drivers.bill_acceptor.ebds.protocol import Ebds
from drivers.bill_acceptor.id003 import codec as id003
from drivers.bill_acceptor.id003.protocol import SILENT_AFTER_S, Id003
from drivers.bill_acceptor.ssp import codec as ssp
from drivers.bill_acceptor.ssp.protocol import SILENT_AFTER_S as SSP_SILENT_AFTER_S
from drivers.bill_acceptor.ssp.protocol import Ssp
from drivers.port import Line


@dataclass(frozen=True)
class ProtocolKind:
    build: Callable[[str], AcceptorProtocol]  # for the kiosk's currency, ISO 4217
    line: Line
    silent_after_s: float  # without a frame for so long, nobody is there
    dialect: Dialect


PROTOCOLS: Mapping[str, ProtocolKind] = {
    "ccnet": ProtocolKind(Ccnet, Line(baud=9600), CCNET_SILENT_AFTER_S, ccnet.DIALECT),
    "cctalk": ProtocolKind(CcTalk, Line(baud=9600), CCTALK_SILENT_AFTER_S, cctalk.DIALECT),
    "ebds": ProtocolKind(
        Ebds, Line(baud=9600, bits=7, parity="even"), EBDS_SILENT_AFTER_S, ebds.DIALECT
    ),
    "id003": ProtocolKind(Id003, Line(baud=9600, parity="even"), SILENT_AFTER_S, id003.DIALECT),
    "ssp": ProtocolKind(Ssp, Line(baud=9600, stop_bits=2), SSP_SILENT_AFTER_S, ssp.DIALECT),
}
