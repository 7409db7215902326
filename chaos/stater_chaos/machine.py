"""One kiosk as a machine: its mains, its devices, its disk, its supervisor, and the process `kiosk core` on it."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drivers.errors import LinkLost
from drivers.port import Line
from drivers.scanner.picture import Picture
from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from hardware_sim.bill_acceptor.words import Words
from hardware_sim.link import LineFaults
from kiosk.config import Config
from kiosk.core.assembly import run_kiosk
from stater_chaos.acceptor_line import AcceptorLine
from stater_chaos.clockwork import Clockwork, Killed, Process
from stater_chaos.disk import Disk
from stater_chaos.network import Network
from stater_chaos.printer_line import PrinterLine
from stater_chaos.screen import Screen
from stater_chaos.story import Story

QUICK_FSYNC_S = 0.01
RESTART_S = 2.0  # RestartSec of systemd/kiosk-core.service
FRAME_S = 0.2
LAZY_FRAME_S = 1.0  # while nobody scans
LIMIT_MINOR = 20_000
EPOCH_MS = 1_790_000_000_000
# A bay without a phone, and not a covered lens: a lighter half.
BAY: Picture = np.full((120, 160), 180, dtype=np.uint8)
BAY[:, 80:] = 120


@dataclass
class MachineClock:
    """Monotonic since the world began; its UTC may be wrong, and may jump."""

    clockwork: Clockwork
    wrong_by_ms: int = 0

    def monotonic_s(self) -> float:
        return self.clockwork.now_s

    def now_ms(self) -> int:
        return EPOCH_MS + int(self.clockwork.now_s * 1000) + self.wrong_by_ms


@dataclass(frozen=True, kw_only=True)
class Build:
    """What kind of kiosk it is."""

    kiosk_id: str
    protocol: str  # the simulator's name
    has_printer: bool = False
    second_scan: bool = False
    motor_speed: float = 4.0
    line_faults: LineFaults = field(default_factory=LineFaults)


@dataclass
class Machine:
    clockwork: Clockwork
    chance: random.Random
    folder: Path
    build: Build
    network: Network
    story: Story
    on_broken: Callable[[str], None]  # the product broke a rule of its own
    on_event: Callable[[str], None] = lambda _event: None
    crashes: int = 0
    has_power: bool = True
    screen: Screen = field(init=False)

    def __post_init__(self) -> None:
        name = self.build.kiosk_id
        self.clock = MachineClock(self.clockwork)
        self.disk = Disk(self.clockwork, self.chance, slowest_s=QUICK_FSYNC_S)
        self.screen = Screen(self.clockwork)
        self.process = Process(name, self, alive=False)
        self.acceptor = AcceptorLine(
            self.clockwork,
            self.build.protocol,
            self._report,
            self.chance,
            speed=self.build.motor_speed,
            faults=self.build.line_faults,
        )
        self.hands = Words(
            self.acceptor.simulator,
            PROTOCOLS[self.build.protocol],
            self.acceptor,  # type: ignore[arg-type]  # it plugs and unplugs, as the pseudo-terminal does
            self._report,
            lambda: self.clockwork.now_s,
        )
        self.printer = PrinterLine(self.clockwork, self.chance)
        self.phone: Picture | None = None  # what is held before the camera
        self.camera_works = True
        self.config = _config(self.folder, self.build)
        self.last_report: dict[str, Any] = {}
        self.dropped_in: Counter[int] = Counter()  # by hand into the cashbox: no book can know
        key = Ed25519PrivateKey.from_private_bytes(self.chance.randbytes(32))
        self.config.central.key_file.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        self.public_key = key.public_key().public_bytes_raw()

    # --- the process on it

    def start(self) -> None:
        if not self.has_power or self.process.alive:
            return
        self.process = process = Process(self.build.kiosk_id, self, on_death=self._died)
        self.clockwork.spawn(process, self._run)

    def kill(self) -> None:
        """SIGKILL."""
        if self.process.alive:
            self.clockwork.kill(self.process)
            self._died()

    def _died(self) -> None:
        self.crashes += 1
        self.story.tell(f"{self.build.kiosk_id}: the core is dead")
        self.screen.core_died()
        self.clockwork.after(RESTART_S, self.start)

    def _run(self) -> None:
        process = self.process
        try:
            status = run_kiosk(self.config)
            self.story.tell(f"{self.build.kiosk_id}: the core ended with status {status}")
        except Killed:
            raise
        except BaseException as error:  # noqa: BLE001  # as the supervisor sees it
            self._broke(error)
        self._end(process)

    def thread_broke(self, error: BaseException) -> None:
        """In the place of `assembly.crash`."""
        if isinstance(error, Killed):
            return
        self._broke(error)
        self._end(self.clockwork.process)

    def _broke(self, error: BaseException) -> None:
        self.on_broken(f"{self.build.kiosk_id}: {type(error).__name__}: {error}")

    def _end(self, process: Process) -> None:
        if process.alive:
            self.clockwork.kill(process)
            self._died()

    # --- its mains

    def cut_mains(self) -> None:
        self.has_power = False
        self.do("power off")
        self.kill()

    def restore_mains(self) -> None:
        self.has_power = True
        self.do("power on")
        self.clockwork.after(RESTART_S, self.start)

    # --- what the seams find here

    def open_port(self, device: str, path: str, line: Line) -> Any:
        if path == str(self.config.bill_acceptor.port):
            return self.acceptor.open(device, path, line)
        return self.printer.open()

    def open_camera(self) -> "MachineCamera":
        return MachineCamera(self)

    # --- hands on it

    def do(self, words: str) -> dict[str, Any]:
        """What a person does to the acceptor, in the simulator's words; what it reports last."""
        self.acceptor.simulator.pump()
        self.hands.obey(words)
        return self.last_report

    def _report(self, event: str, **details: object) -> None:
        self.last_report = {"event": event, **details}
        if event == "cleared" and details.get("into_cashbox"):
            self.dropped_in[int(str(details["value"]))] += 1
        self.on_event(event)
        told = " ".join(f"{name}={value}" for name, value in details.items())
        self.story.tell(f"{self.build.kiosk_id} acceptor: {event} {told}")


class MachineCamera:
    """`drivers.scanner.camera.Camera`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def read(self) -> Picture:
        self._pass(FRAME_S)
        return BAY if self._machine.phone is None else self._machine.phone

    def skip(self) -> None:
        self._pass(LAZY_FRAME_S)

    def expose(self, exposure_ms: float | None) -> None:
        pass

    def close(self) -> None:
        pass

    def _pass(self, seconds: float) -> None:
        self._machine.clockwork.wait(seconds)
        if not self._machine.camera_works:
            raise LinkLost("scanner", "the camera gives no picture")


def _config(folder: Path, build: Build) -> Config:
    folder.mkdir(parents=True, exist_ok=True)
    return Config.model_validate(
        {
            "kiosk": {"id": build.kiosk_id, "data_dir": folder, "network": "regtest"},
            "operator": {"name": "Corner Shop", "support_phone": "+1 555 0100"},
            "central": {"url": "http://central", "key_file": folder / "key.pem"},
            "bill_acceptor": {
                "protocol": build.protocol.partition("-")[0],
                "port": folder / "acceptor",
            },
            "scanner": {"source": "0", "second_scan": build.second_scan},
            "printer": {"port": folder / "printer"} if build.has_printer else None,
            "limits": {"session_minor": LIMIT_MINOR},
        }
    )
