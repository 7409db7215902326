"""The demo as a newcomer runs it: every process real, the evidence complete, and no way out but success or words."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from stater_demo.node import find_bitcoind
from stater_demo.part import program

SALE_TIMEOUT_S = 110


@pytest.fixture
def demo(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """One run, its parts' folder inside ours."""
    words = [
        program("stater-demo"),
        "--headless",
        "--out",
        str(tmp_path / "out"),
        "--bills",
        "20,5",
    ]
    process = subprocess.Popen(
        words,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        yield process
        process.kill()


def _children(folder: Path) -> list[str]:
    """The command lines of all that runs in this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has just ended
            continue
        if str(folder) in line:
            found.append(line)
    return found


def test_a_scripted_sale_leaves_all_its_evidence(
    demo: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    said, _ = demo.communicate(timeout=SALE_TIMEOUT_S)
    assert demo.returncode == 0, said
    out = tmp_path / "out"
    summary = json.loads((out / "summary.json").read_text())
    assert summary["outcome"] == "paid"
    assert summary["network"] == ("regtest" if find_bitcoind() else "practice")
    assert summary["confirmations"] >= 1
    assert summary["inserted_minor"] == 2_500
    # $25, $1 of it the fee, at $60,000 and five percent: whole base units, the rest is the house's.
    assert summary["amount_base_units"] == 2_400 * 10**8 // 6_300_000
    assert summary["cash_equation"]["holds"] is True
    assert summary["txid"] in "".join((out / "receipt.txt").read_text().split())
    with closing(sqlite3.connect(out / "kiosk.db")) as db:
        values = db.execute("SELECT value_minor, outcome FROM bill ORDER BY seen_at_ms").fetchall()
    assert values == [(2_000, "credited"), (500, "credited")]
    states = [path.stem.split("-", 1)[1] for path in sorted((out / "screens").glob("*.png"))]
    order = ["warning", "scanning", "confirming_wallet", "inserting", "reviewing", "paid", "idle"]
    assert [state for state in dict.fromkeys(reversed(states)) if state in order] == order[::-1]
    for picture in (out / "receipt.png", *(out / "screens").glob("*.png")):
        with Image.open(picture) as opened:
            assert opened.convert("L").getextrema()[0] != opened.convert("L").getextrema()[1]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # the run folder is gone


@pytest.mark.slow
def test_told_to_end_it_takes_every_process_with_it(
    demo: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "the customer touches the screen" in line:
            break
    assert _children(tmp_path)
    demo.send_signal(signal.SIGTERM)
    demo.communicate(timeout=30)
    assert demo.returncode != 0
    assert _children(tmp_path) == []


@pytest.mark.slow
def test_a_core_that_dies_is_told_in_words(demo: "subprocess.Popen[str]", tmp_path: Path) -> None:
    assert demo.stdout is not None
    for line in demo.stdout:
        if "the customer touches the screen" in line:
            break
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        line = entry.read_bytes().decode(errors="replace") if entry.exists() else ""
        if str(tmp_path) in line and "\0core\0" in line:
            os.kill(int(entry.parent.name), signal.SIGKILL)
    said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert "the kiosk's core" in said
    assert "Every part's log is in" in said
    assert "Traceback" not in said
