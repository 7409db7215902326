"""The core's systemd unit, as far as it can be tried without systemd: its filter of system calls."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "systemd" / "kiosk-core.service"

SCAN = """
import errno, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
for name in sys.argv[1:]:
    try:
        rules.add_rule(pyseccomp.ALLOW, name)
    except (OSError, RuntimeError, ValueError):
        pass  # of another architecture
rules.load()
import time
import numpy as np
from drivers.scanner.decoding.process import DecodingProcess
with DecodingProcess() as decoder:
    decoder.offer(np.zeros((100, 100), np.uint8))
    while decoder.is_busy:
        decoder.seen()
        time.sleep(0.01)
    print(decoder.lost.total())
"""


class Unit(dict[str, list[str]]):
    """Keys may stand there several times."""

    def __init__(self, text: str) -> None:
        for line in text.splitlines():
            key, is_setting, value = line.partition("=")
            if is_setting and not line.startswith("#"):
                self.setdefault(key, []).append(value)


def calls_of(word: str) -> set[str]:
    if not word.startswith("@"):
        return {word}
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", word], capture_output=True, text=True, check=True
    )
    words = [line.strip() for line in told.stdout.splitlines()[1:]]
    return {call for word in words if word and not word.startswith("#") for call in calls_of(word)}


def allowed(unit: Unit) -> set[str]:
    calls: set[str] = set()
    for line in unit["SystemCallFilter"]:
        named = {call for word in line.removeprefix("~").split() for call in calls_of(word)}
        calls = calls - named if line.startswith("~") else calls | named
    return calls | calls_of("@default")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_pictures_are_read_in_their_sandbox_under_the_units_filter():
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    unit = Unit(UNIT.read_text())
    assert unit["SystemCallErrorNumber"] == ["EPERM"]
    command = [sys.executable, "-c", SCAN, *sorted(allowed(unit) | {"execve"})]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.returncode) == ("0\n", 0), ran.stderr
    assert "without seccomp" not in ran.stderr
