"""The whole kiosk on one desk: node, central service, devices, core and screen, each a real process.

Responsible for the order in which they start, for who is told of whom, and for ending them all, in reverse.
Everything they write is in one run folder, with one log each.
"""

import contextlib
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from stater_demo import settings
from stater_demo.cable import Cable
from stater_demo.node import NodeUnavailable, RegtestNode, find_bitcoind
from stater_demo.part import Event, Part, program
from stater_demo.phone import WALLET, NodePhone, Phone, PracticePhone
from stater_demo.problem import DemoProblem

READY_TIMEOUT_S = 60
COMMAND_TIMEOUT_S = 60
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
EventHandler = Callable[[str, Event], None]


@dataclass
class Desk:
    """Use in a `with`; then `node`, `phone` and the parts are there until its end."""

    folder: Path
    say: Callable[[str], None]
    on_event: EventHandler | None = None  # called in threads of its parts
    protocol: str = "id003"  # what the bill acceptor speaks
    acceptor_speed: float = 1.0  # of its motors; 1 is lifelike
    deadlines_s: Mapping[str, float] = field(default_factory=dict)  # other than the kiosk's own
    parts: dict[str, Part] = field(default_factory=dict)
    cable: Cable = field(init=False)
    node: RegtestNode | None = None
    phone: Phone = field(default_factory=PracticePhone)
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Self:
        try:
            self._lay_out()
        except BaseException:
            self.ends.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.ends.close()

    @property
    def network(self) -> str:
        return "regtest" if self.node else "practice"

    @property
    def socket(self) -> Path:
        return self.folder / "screen.sock"

    @property
    def database(self) -> Path:
        return self.folder / "kiosk" / "kiosk.db"

    @property
    def central_database(self) -> Path:
        return self.folder / "central" / "central.db"

    @property
    def receipts(self) -> Path:
        return self.folder / "receipts"

    def connect_acceptor(self) -> Path:
        """The serial port that the kiosk shall open."""
        self._ready("bill-acceptor")
        return self.folder / "bill-acceptor.tty"

    def start_core(self) -> None:
        """At the beginning, and again after its power was cut."""
        self._start("kiosk-core", program("kiosk"), "core", "--config", str(self._kiosk_config))

    def cut_power(self) -> None:
        """Of the kiosk's computer, without a warning."""
        self.parts["kiosk-core"].kill()

    def start_central(self) -> None:
        """Also again after it was killed: wherever it listens then, the cable leads there."""
        self._start("central", program("central"), "serve", "--config", str(self._central_config))

    def start_screen(self, *, grab_dir: Path | None) -> None:
        """On the display; or, to record its pictures, on none."""
        argv = [program("kiosk"), "screen", "--socket", str(self.socket), "--windowed"]
        if grab_dir is None:
            self._start("kiosk-screen", *argv)
        else:
            self._start("kiosk-screen", *argv, "--grab-dir", str(grab_dir), env=OFFSCREEN)

    @property
    def _kiosk_config(self) -> Path:
        return self.folder / "kiosk.toml"

    @property
    def _central_config(self) -> Path:
        return self.folder / "central.toml"

    def _lay_out(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._start_node()
        self.say(f"devices: a bill acceptor, a printer and a camera, on {self.network} money")
        self._start_devices()
        self.cable = Cable()
        self.ends.callback(self.cable.close)
        self._ready("printer")
        ports = settings.Ports(
            bill_acceptor=self.connect_acceptor(),
            protocol=self.protocol,
            printer=self.folder / "printer.tty",
            camera_url=self._ready("camera")["url"],
            central_url=self.cable.url,
        )
        self._kiosk_config.write_text(
            settings.kiosk_toml(self.folder, self.network, ports, self.deadlines_s)
        )
        self.say("the central service")
        self._introduce_kiosk()
        self.start_central()
        self._ready("central")
        self.say("the kiosk's core")
        self.start_core()

    def _start_node(self) -> None:
        if find_bitcoind() is None:
            self.say("no Bitcoin node on this machine: central pays from its practice wallet")
            return
        self.say("a Bitcoin node on a private chain, and its first blocks")
        try:
            node = RegtestNode.launch(self.folder / "node")
        except NodeUnavailable as reason:
            raise DemoProblem(f"the Bitcoin node does not start: {reason}") from reason
        self.ends.callback(node.stop)
        node.create_wallet(settings.HOT_WALLET)
        node.fund(settings.HOT_WALLET)
        node.create_wallet(WALLET)
        self.node, self.phone = node, NodePhone(node)

    def _start_devices(self) -> None:
        sim = program("hardware-sim")
        acceptor = (
            *("--protocol", self.protocol, "--link", str(self.folder / "bill-acceptor.tty")),
            *("--speed", str(self.acceptor_speed)),
        )
        printer = ("--link", str(self.folder / "printer.tty"), "--out", str(self.receipts))
        self._start("bill-acceptor", sim, "bill-acceptor", *acceptor)
        self._start("printer", sim, "printer", *printer)
        self._start("camera", sim, "camera", "--serve", "0")

    def _introduce_kiosk(self) -> None:
        config = self._central_config
        config.write_text(settings.central_toml(self.folder, self.node))
        key = self.folder / "kiosk.pub"
        key.write_text(self._run("kiosk", "key", "--config", str(self._kiosk_config)))
        self._run(
            *("central", "kiosk", "add", settings.KIOSK_ID),
            *("--public-key", str(key), "--config", str(config)),
        )

    def central_status(self) -> str:
        """How things stand at central, in its own words."""
        return self._run("central", "status", "--config", str(self._central_config))

    def _ready(self, name: str) -> Event:
        return self.parts[name].wait_for("ready", timeout_s=READY_TIMEOUT_S)

    def _start(self, name: str, *argv: str, env: Mapping[str, str] | None = None) -> None:
        if name in self.parts:
            self._stop(name)
        else:
            self.ends.callback(self._stop, name)
        self.parts[name] = Part(name, argv, self.folder, env, self._overhear)

    def _stop(self, name: str) -> None:
        self.parts[name].stop()

    def _overhear(self, part: str, event: Event) -> None:
        if part == "central" and event["event"] == "ready":
            self.cable.plug_into(event["url"])
        if self.on_event is not None:
            self.on_event(part, event)

    def _run(self, name: str, *argv: str) -> str:
        done = subprocess.run(
            [program(name), *argv],
            capture_output=True,
            text=True,
            env=os.environ,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
        if done.returncode != 0:
            complaints = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
            raise DemoProblem(f"{name} {argv[0]} failed: {complaints[-1]}")
        return done.stdout
