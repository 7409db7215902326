"""The protocols a simulated bill acceptor can speak, each over the same mechanics.

A further protocol adds a folder and one entry here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from hardware_sim.bill_acceptor.ccnet import tables as ccnet
from hardware_sim.bill_acceptor.ccnet.wire import Ccnet
from hardware_sim.bill_acceptor.cctalk import frames as cctalk_frames
from hardware_sim.bill_acceptor.cctalk import tables as cctalk
from hardware_sim.bill_acceptor.cctalk.wire import CcTalk
from hardware_sim.bill_acceptor.ebds import tables as ebds
from hardware_sim.bill_acceptor.ebds.wire import Ebds
from hardware_sim.bill_acceptor.id003 import tables as id003
from hardware_sim.bill_acceptor.id003.wire import Id003
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.ssp import tables as ssp
from hardware_sim.bill_acceptor.ssp.wire import Ssp
from hardware_sim.link import Clock


class Wire(Protocol):
    """A protocol's voice: what the host has sent in, the replies out, each to be sent whole."""

    def hear(self, data: bytes) -> Iterable[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class BillProtocol:
    speak: Callable[[Acceptor, str, Clock], Wire]
    denominations: Mapping[str, frozenset[int]]  # by currency, in whole units
    reject_codes: frozenset[int]
    failure_codes: frozenset[int]
    single_wire: bool = False  # the host reads its own bytes back before the reply


def _cctalk(framing: cctalk_frames.Framing) -> BillProtocol:
    return BillProtocol(
        speak=partial(CcTalk, framing),
        denominations={name: frozenset(each.values) for name, each in cctalk.CURRENCIES.items()},
        reject_codes=cctalk.REJECT_CODES,
        failure_codes=cctalk.FAILURE_CODES,
        single_wire=True,
    )


def _ssp(*, polls_with_ack: bool) -> BillProtocol:
    return BillProtocol(
        speak=partial(Ssp, polls_with_ack=polls_with_ack),
        denominations={name: each.bills for name, each in ssp.DATASETS.items()},
        reject_codes=ssp.REJECT_CODES,
        failure_codes=ssp.FAILURE_CODES,
    )


PROTOCOLS: dict[str, BillProtocol] = {
    "ccnet": BillProtocol(
        speak=Ccnet,
        denominations={
            currency: frozenset(each.value for each in table if each.value)
            for currency, table in ccnet.CURRENCIES.items()
        },
        reject_codes=ccnet.REJECT_CODES,
        failure_codes=ccnet.FAILURE_CODES,
    ),
    "ebds": BillProtocol(
        speak=Ebds,
        denominations={
            currency: frozenset(each.value for each in notes)
            for currency, notes in ebds.CURRENCIES.items()
        },
        reject_codes=frozenset(),  # its reports have bits for a reject and a failure, and no codes
        failure_codes=frozenset(),
    ),
    "id003": BillProtocol(
        speak=Id003,
        denominations={
            currency: frozenset(each.value for each in table if each.value)
            for currency, table in id003.CURRENCIES.items()
        },
        reject_codes=id003.REJECT_CODES,
        failure_codes=id003.FAILURE_CODES,
    ),
    "cctalk": _cctalk(cctalk_frames.SUM),
    "cctalk-crc16": _cctalk(cctalk_frames.CRC),
    "ssp": _ssp(polls_with_ack=True),
    "ssp-basic": _ssp(polls_with_ack=False),  # older firmware: a credit is told once
}
