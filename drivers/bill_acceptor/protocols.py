"""The protocols of bill acceptors by name. Adding one adds its folder, and a line here."""

from collections.abc import Mapping

from drivers.bill_acceptor import ccnet, cctalk, ebds, id003, ssp
from drivers.bill_acceptor.kind import ProtocolKind

PROTOCOLS: Mapping[str, ProtocolKind] = {
    "ccnet": ccnet.KIND,
    "cctalk": cctalk.KIND,
    "ebds": ebds.KIND,
    "id003": id003.KIND,
    "ssp": ssp.KIND,
}
