"""A simulated acceptor on the workbench: a hand-moved clock, a null modem, and a host in raw bytes."""

import binascii
from collections import Counter

from hardware_sim.bill_acceptor.hands import Hands
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.link import LineFaults, memory_links


def kermit(data: bytes) -> bytes:
    """CRC-16/KERMIT by way of the library's unreflected CRC: nothing shared with the simulator."""
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
    return int(f"{binascii.crc_hqx(mirrored, 0):016b}"[::-1], 2).to_bytes(2, "little")


def spell(data: bytes) -> str:
    return data.hex(" ").upper()


class SimulatorBench:
    """What is the same for every protocol; how a host frames and polls is left to each."""

    protocol = ""

    def __init__(
        self,
        currency: str = "USD",
        speed: float = 1.0,
        faults: LineFaults | None = None,
        seed: int = 0,
    ) -> None:
        self.now_s = 100.0
        device, self.line = memory_links(lambda: self.now_s, faults, seed)
        self.events: list[tuple[str, dict[str, object]]] = []
        specification = Specification(protocol=self.protocol, currency=currency, speed=speed)
        self.simulator = Simulator(device, lambda: self.now_s, self._note, specification)

    def _note(self, event: str, /, **facts: object) -> None:
        self.events.append((event, facts))

    @property
    def hands(self) -> Hands:
        self.simulator.pump()
        return self.simulator.hands

    def send(self, data: bytes) -> bytes:
        self.line.write(data)
        self.simulator.pump()
        return self.line.read()

    def raw(self, request: str) -> str:
        """Whole frames, in and out."""
        return spell(self.send(bytes.fromhex(request)))

    def poll(self) -> str:
        raise NotImplementedError

    def idle_for(self, seconds: float) -> None:
        """Time passes and the host says nothing."""
        for _ in range(round(seconds / 0.05)):
            self.now_s += 0.05
            self.simulator.pump()

    def poll_for(self, seconds: float) -> list[str]:
        """Poll every 100 ms; each status once for as long as it lasts."""
        seen: list[str] = []
        for _ in range(round(seconds / 0.1)):
            self.idle_for(0.1)
            status = self.poll()
            if seen[-1:] != [status]:
                seen.append(status)
        return seen

    def poll_until(self, wanted: str, within_s: float = 20) -> None:
        for _ in range(round(within_s / 0.1)):
            if self.poll() == wanted:
                return
            self.idle_for(0.1)
        raise AssertionError(f"{wanted} never came; last {self.poll()}, {self.events}")

    def power_cycle(self) -> None:
        self.hands.power_off()
        self.idle_for(5)
        self.hands.power_on()

    def named(self, name: str) -> list[object]:
        """The values of the bills that an event was about."""
        return [facts.get("value") for event, facts in self.events if event == name]

    @property
    def cashbox(self) -> Counter[int]:
        return self.simulator.acceptor.cashbox.contents
