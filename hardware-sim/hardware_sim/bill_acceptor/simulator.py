"""One simulated bill acceptor on one link: mechanics, people's hands and a protocol, put together.

Responsible for: carrying bytes between link and protocol, and the faults of the reply line.
"""

from dataclasses import dataclass

from hardware_sim.bill_acceptor.hands import Hands
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Report, Timing
from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from hardware_sim.link import Clock, Link


@dataclass
class ReplyFaults:
    """What is wrong with the replies; requests are always heard and acted on."""

    muted_until_s: float = 0.0  # until then every reply is lost
    replies_to_corrupt: int = 0  # so many of the next replies have one damaged byte


@dataclass(frozen=True, kw_only=True)
class Specification:
    """Which acceptor it is; `speed` hurries the motors, and neither people nor time-outs."""

    protocol: str = "id003"
    currency: str = "USD"
    speed: float = 1.0


class Simulator:
    def __init__(
        self, link: Link, clock: Clock, report: Report, specification: Specification
    ) -> None:
        spoken = PROTOCOLS[specification.protocol]
        currency = specification.currency
        timing = Timing().sped_up(specification.speed)
        self.acceptor = Acceptor(clock, spoken.denominations[currency], report, timing)
        self.hands = Hands(self.acceptor)
        self.faults = ReplyFaults()
        self._link = link
        self._clock = clock
        self._echoes = spoken.single_wire
        self._wire = spoken.speak(self.acceptor, currency, clock)

    def pump(self) -> None:
        """Bring the machine to the present and answer what has come."""
        heard = self._link.read()
        if heard and self._echoes:
            self._link.write(heard)
        for reply in self._wire.hear(heard):
            self._send(reply)

    def _send(self, reply: bytes) -> None:
        if self._clock() < self.faults.muted_until_s:
            return
        if self.faults.replies_to_corrupt > 0:
            damaged_at = self.faults.replies_to_corrupt % len(reply)
            self.faults.replies_to_corrupt -= 1
            reply = (
                reply[:damaged_at] + bytes([reply[damaged_at] ^ 0x10]) + reply[damaged_at + 1 :]
            )
        self._link.write(reply)
