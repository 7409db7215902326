"""The units are sound, and their watchdogs are several times as patient as what they watch."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.core.assembly import STORAGE_PAUSE_S
from kiosk.core.core import WATCHDOG_S
from ui.heartbeat import BEAT_MS

UNITS = Path(__file__).parents[2] / "systemd"
# What a machine without our packages, or with a systemd older than 254, may complain of.
NOT_OURS = ("is not executable", "RestartSteps", "RestartMaxDelaySec")


def service(name: str) -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNITS / name)
    return unit["Service"]


@pytest.mark.parametrize(
    ("name", "beat_s"),
    [("kiosk-core.service", WATCHDOG_S), ("kiosk-screen.service", BEAT_MS / 1_000)],
)
def test_a_watchdog_is_several_beats_long(name: str, beat_s: float) -> None:
    assert service(name)["Type"] == "notify"
    assert int(service(name)["WatchdogSec"]) >= 5 * beat_s


def test_the_core_may_wait_for_its_storage_without_being_killed() -> None:
    assert int(service("kiosk-core.service")["WatchdogSec"]) > STORAGE_PAUSE_S


@pytest.mark.parametrize("name", ["kiosk-core.service", "kiosk-screen.service"])
def test_what_the_camera_saw_is_never_on_a_disk(name: str) -> None:
    assert service(name)["MemorySwapMax"] == "0"
    assert service(name)["LimitCORE"] == "0"


def test_systemd_itself_finds_nothing_wrong() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here (Debian: apt install systemd)")
    done = subprocess.run(
        [analyze, "verify", *sorted(UNITS.glob("*.service")), UNITS / "kiosk.target"],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [
        line
        for line in done.stderr.splitlines()
        if "kiosk" in line and not any(known in line for known in NOT_OURS)
    ]
    assert complaints == []
