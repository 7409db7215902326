"""What the process that reads pictures cannot do, tried in a process that has locked itself in."""

import subprocess
import sys

import pytest

LOCKED = """
import os, socket
import numpy as np
from drivers.scanner.decoding.sandbox import limit_resources, limit_system_calls
limit_resources()
{calls}
try:
    {attempt}
except (OSError, MemoryError, np.exceptions.AxisError) as error:
    os.write(1, type(error).__name__.encode())
else:
    os.write(1, b"done")
os._exit(0)
"""


def tried(attempt: str, *, calls: bool = True) -> str:
    script = LOCKED.format(attempt=attempt, calls="assert limit_system_calls()" if calls else "")
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('/tmp/loot', 'w')",
        "socket.socket()",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 9)",
    ],
)
def test_it_cannot(attempt: str) -> None:
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    assert tried(attempt) == "PermissionError"


def test_it_computes() -> None:
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    assert tried("np.zeros(10**7).sum()") == "done"


def test_its_memory_ends() -> None:
    assert tried("np.zeros(10**9, np.uint8)", calls=False) == "MemoryError"
