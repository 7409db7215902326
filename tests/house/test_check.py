"""bin/check runs every step whatever happened before, and ends by naming those that failed."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("ruff", "mypy", "lint-imports", "python")


def _script(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{words}\n")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The real bin/check and .ci/run, with tools that only note that they ran."""
    for name in ("bin/check", ".ci/run"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    _script(tmp_path / "bin" / "setup", "exit 0")
    _script(tmp_path / "bin" / "test", "echo bin/test >> ran")
    for name in TOOLS:
        _script(tmp_path / ".venv" / "bin" / name, f'echo "{name} $*" >> ran')
    return tmp_path


def _check(checkout: Path, command: str = "bin/check") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [checkout / command], capture_output=True, text=True, check=False, timeout=30
    )


def test_a_healthy_house_passes_every_step(checkout: Path) -> None:
    done = _check(checkout)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All is well.")
    ran = (checkout / "ran").read_text().splitlines()
    assert ran[0] == "ruff format --check ."
    assert ran[-1] == "bin/test"
    assert {line.split()[0] for line in ran} == {*TOOLS, "bin/test"}


def test_after_a_failure_the_other_steps_still_run_and_all_failures_are_named(
    checkout: Path,
) -> None:
    _script(checkout / ".venv" / "bin" / "mypy", "exit 1")
    _script(checkout / "bin" / "test", "echo bin/test >> ran; exit 1")
    done = _check(checkout)
    assert done.returncode == 1
    assert done.stdout.endswith("FAILED:\n  types\n  tests\n")
    assert "lint-imports" in (checkout / "ran").read_text()


def test_continuous_integration_runs_the_same(checkout: Path) -> None:
    done = _check(checkout, ".ci/run")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "All is well.")
