"""A part is a process that is heard, spoken to, and certain to end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stater_demo.part import Part
from stater_demo.problem import DemoProblem

PARROT = """
import json, sys
print(json.dumps({"event": "ready", "pid": __import__("os").getpid()}))
print("not JSON, only talk")
for line in sys.stdin:
    print(json.dumps({"event": "said", "words": line.strip()}))
"""

Start = Callable[..., Part]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    parts: list[Part] = []

    def _start(script: str) -> Part:
        parts.append(Part("parrot", [sys.executable, "-c", script], tmp_path))
        return parts[-1]

    yield _start
    for part in parts:
        part.stop()


def test_its_events_are_heard_in_order_and_each_once(start: Start) -> None:
    parrot = start(PARROT)
    parrot.wait_for("ready", timeout_s=5)
    parrot.tell("one")
    parrot.tell("two")
    heard = [parrot.wait_for("said", timeout_s=5)["words"] for _ in range(2)]
    assert heard == ["one", "two"]


def test_all_it_prints_is_in_its_log(start: Start) -> None:
    parrot = start(PARROT)
    parrot.tell("hello")
    parrot.wait_for("said", timeout_s=5)
    assert "not JSON, only talk" in parrot.log.read_text()


def test_waiting_for_a_part_that_ended_tells_its_last_words(start: Start) -> None:
    part = start("raise SystemExit('the slot is on fire')")
    with pytest.raises(DemoProblem, match="parrot ended: the slot is on fire"):
        part.wait_for("ready", timeout_s=5)


def test_waiting_too_long_says_for_what_and_where_the_log_is(start: Start) -> None:
    parrot = start(PARROT)
    with pytest.raises(DemoProblem, match=r"did not say 'money' within 0\.1 s .*parrot\.log"):
        parrot.wait_for("money", timeout_s=0.1)


def test_stopping_ends_even_one_that_will_not(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stater_demo.part.STOP_TIMEOUT_S", 0.2)
    stubborn = start("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + PARROT)
    stubborn.wait_for("ready", timeout_s=5)
    stubborn.stop()
    assert not stubborn.running


def test_a_part_dies_with_whoever_started_it(tmp_path: Path) -> None:
    starter = f"""
import os, pathlib, signal, sys
from stater_demo.part import Part
part = Part("parrot", [sys.executable, "-c", {PARROT!r}], pathlib.Path({str(tmp_path)!r}))
print(part.wait_for("ready", timeout_s=5)["pid"], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True, check=False, timeout=20
    )
    give_up_s = time.monotonic() + 5
    while time.monotonic() < give_up_s and _alive(int(done.stdout)):
        time.sleep(0.01)
    assert not _alive(int(done.stdout))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
