"""`kiosk core` as a process with nothing around it but what a test puts there."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kiosk.screen_link.snapshot import Snapshot
from stater_demo.part import program
from stater_demo.touchscreen import Touchscreen

CONFIG = """
[kiosk]
id = "kiosk-1"
data_dir = "{folder}/data"
network = "regtest"

[operator]
name = "Corner Shop"
support_phone = "+1 555 0100"

[central]
url = "http://127.0.0.1:9"
key_file = "{folder}/key.pem"

[bill_acceptor]
port = "{folder}/acceptor"

[scanner]
source = "{folder}/camera"

[printer]
port = "{folder}/printer"

[screen]
socket = "{folder}/screen.sock"
"""


def write_config(folder: Path) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(CONFIG.format(folder=folder))
    return path


@contextlib.contextmanager
def running(config: Path) -> Iterator[subprocess.Popen[str]]:
    command = [program("kiosk"), "core", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as core:
        try:
            yield core
        finally:
            core.kill()


def shown(config: Path, reasons: set[str]) -> Snapshot:
    """What the screen says, once it names all of these."""
    with contextlib.closing(Touchscreen(config.parent / "screen.sock")) as screen:
        return screen.wait_until(
            f"{reasons}", lambda s: reasons <= set(s.service.reasons), timeout_s=20
        )
