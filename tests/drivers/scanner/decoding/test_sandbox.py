"""What the process that reads pictures cannot do, tried in a process that has locked itself in."""

import signal
import subprocess
import sys

import pytest

LOCKED = """
import ctypes, os, socket
import numpy as np
from drivers.scanner.decoding.sandbox import limit_resources, limit_system_calls
libc = ctypes.CDLL(None, use_errno=True)
def tgkill(*arguments):
    if libc.tgkill(*arguments):
        raise OSError(ctypes.get_errno(), "tgkill")
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
    script = LOCKED.format(attempt=attempt, calls="limit_system_calls()" if calls else "")
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
        "tgkill(os.getppid(), os.getppid(), 0)",
    ],
)
def test_it_cannot(attempt: str) -> None:
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    assert tried(attempt) == "PermissionError"


def test_it_can_abort() -> None:
    """Native code that has noticed its own fault: better than going on."""
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    script = LOCKED.format(attempt="os.abort()", calls="limit_system_calls()")
    assert (
        subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGABRT
    )


def test_it_computes() -> None:
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    assert tried("np.zeros(10**7).sum()") == "done"


def test_its_memory_ends() -> None:
    assert tried("np.zeros(10**9, np.uint8)", calls=False) == "MemoryError"


UNDER_A_FILTER = """
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
rules.add_rule(pyseccomp.KILL_PROCESS, "seccomp")
rules.load()
import numpy as np, time
from drivers.scanner.decoding.process import DecodingProcess
with DecodingProcess() as decoder:
    decoder.offer(np.zeros((100, 100), np.uint8))
    while decoder.is_busy:
        decoder.seen()
        time.sleep(0.01)
    print(decoder.lost.total())
"""


def test_under_a_supervisors_filter_that_forbids_it_pictures_are_read_all_the_same() -> None:
    """As under a systemd unit without `seccomp` in its SystemCallFilter: the call is death."""
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    command = [sys.executable, "-c", UNDER_A_FILTER]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.returncode) == ("0\n", 0), ran.stderr
    assert "without seccomp" in ran.stderr


LACKING = """
import mmap, sys
from drivers.scanner.decoding import attempt, sandbox
sandbox._ALLOWED = [name for name in sandbox._ALLOWED if name not in sys.argv[1:]]
print(attempt.reads_locked_in(mmap.mmap(-1, 2**20)))
"""


@pytest.mark.parametrize(
    ("lacking", "said"), [([], "True"), (["setitimer"], "False"), (["sendto"], "False")]
)
def test_list_that_lacks_a_call_which_reading_needs_is_found_out(
    lacking: list[str], said: str
) -> None:
    """Of another processor, C library or Python."""
    pytest.importorskip("pyseccomp", reason="no libseccomp here", exc_type=RuntimeError)
    command = [sys.executable, "-c", LACKING, *lacking]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.stdout == f"{said}\n", ran.stderr
