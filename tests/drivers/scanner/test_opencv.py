"""OpenCV comes through one door, and leaves the process as it was."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]
DOOR = HOUSE / "drivers" / "scanner" / "opencv.py"


def _run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )


@pytest.mark.parametrize("first", ["", "import cv2; "], ids=["by the door", "already imported"])
def test_qt_and_child_processes_see_nothing_of_opencv(first: str) -> None:
    code = f"{first}import drivers.scanner.opencv, os; print([v for v in os.environ.values() if 'cv2' in v])"
    assert _run(code).stdout.strip() == "[]"


def test_variables_of_the_operator_stay() -> None:
    code = "import drivers.scanner.opencv, os; print(os.environ['QT_QPA_FONTDIR'])"
    assert _run(code, QT_QPA_FONTDIR="/usr/share/fonts").stdout.strip() == "/usr/share/fonts"


def _imports(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return names | {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}


def test_nobody_else_imports_cv2() -> None:
    files = [file for room in ("kiosk", "drivers", "ui") for file in (HOUSE / room).rglob("*.py")]
    through = {file for file in files if any(n.split(".")[0] == "cv2" for n in _imports(file))}
    assert through == {DOOR}


@pytest.mark.parametrize("source", ["/dev/video250", "no-such.avi", "http://127.0.0.1:9/stream"])
def test_a_source_that_does_not_open_writes_nothing_to_stderr(source: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"RIFF of nothing")
    code = (
        "from drivers.errors import LinkLost\n"
        "from drivers.scanner.camera import open_camera\n"
        f"for source in ({source!r}, {str(broken)!r}):\n"
        "    try: open_camera(source)\n"
        "    except LinkLost as error: print(error)\n"
    )
    found = _run(code)
    assert found.stderr == ""
    assert len(found.stdout.splitlines()) == 2
