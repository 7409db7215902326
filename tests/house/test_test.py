"""bin/test runs every folder of tests once, in two halves, and fails when either does."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_TESTS = {"support", "__pycache__"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The real bin/test over the real folders, with a pytest that only notes what it is asked."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "test", tmp_path / "bin")
    for folder in (ROOT / "tests").iterdir():
        if folder.is_dir():
            (tmp_path / "tests" / folder.name).mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for script, words in ((tmp_path / "bin" / "setup", "exit 0"), (python, 'echo "$*" >> ran')):
        script.write_text(f"#!/bin/sh\n{words}\n")
        script.chmod(0o755)
    return tmp_path


def run(checkout: Path, *words: str) -> int:
    return subprocess.run(
        [checkout / "bin" / "test", *words], capture_output=True, check=False, timeout=30
    ).returncode


def test_every_folder_is_run_once(checkout: Path) -> None:
    assert run(checkout) == 0
    halves = (checkout / "ran").read_text().splitlines()
    asked = [word for half in halves for word in half.split() if word.startswith("tests/")]
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir()}
    assert sorted(asked) == sorted(f"tests/{name}" for name in folders - NOT_TESTS)
    assert len(halves) == 2


@pytest.mark.parametrize("broken", ["tests/central", "tests/kiosk"])
def test_either_half_fails_it(checkout: Path, broken: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{broken}*) exit 1 ;; esac\n')
    assert run(checkout) == 1


def test_words_are_pytests(checkout: Path) -> None:
    assert run(checkout, "tests/kiosk", "-k", "escrow") == 0
    [ran] = (checkout / "ran").read_text().splitlines()
    assert ran == "-m pytest -m not slow tests/kiosk -k escrow"
