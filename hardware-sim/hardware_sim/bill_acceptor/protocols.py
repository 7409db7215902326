"""The protocols a simulated bill acceptor can speak, each over the same mechanics.

A further protocol adds a folder beside `id003` and one entry here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hardware_sim.bill_acceptor.id003 import tables as id003
from hardware_sim.bill_acceptor.id003.wire import Id003
from hardware_sim.bill_acceptor.model import Acceptor
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


PROTOCOLS: dict[str, BillProtocol] = {
    "id003": BillProtocol(
        speak=Id003,
        denominations={
            currency: frozenset(each.value for each in table if each.value)
            for currency, table in id003.CURRENCIES.items()
        },
        reject_codes=id003.REJECT_CODES,
        failure_codes=id003.FAILURE_CODES,
    ),
}
