"""What a person types, and what they are told when it is wrong."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from stater_demo import commands
from stater_demo.problem import DemoProblem


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What would have been run: the processes themselves are other tests' business."""
    seen: list[object] = []

    def scripted(out: Path, bills: Sequence[int], _say: object) -> None:
        seen.append((out, bills))

    monkeypatch.setattr(commands.headless, "run", scripted)
    monkeypatch.setattr(commands.on_display, "run", lambda _say: seen.append("windows"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return seen


def test_without_a_display_the_scripted_customer_buys(runs: list[object]) -> None:
    assert CliRunner().invoke(commands.main, []).exit_code == 0
    assert runs == [(Path("build/demo"), (20, 20))]


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_the_person_is_the_customer(
    runs: list[object], monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    monkeypatch.setenv(display, ":0")
    assert CliRunner().invoke(commands.main, []).exit_code == 0
    assert runs == ["windows"]


def test_headless_never_needs_the_display(
    runs: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    words = ["--headless", "--out", str(tmp_path), "--bills", "100,5"]
    assert CliRunner().invoke(commands.main, words).exit_code == 0
    assert runs == [(tmp_path, (100, 5))]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--bills", "30"], "'30' is not a US bill"),
        (["--bills", "1"], "the fee is $1; bills of $1 buy nothing"),
        (["--bills", ",".join(["100"] * 11)], "this kiosk takes $1000 a sale, not $1100"),
        (["--out", __file__], "is a file"),
        (["--fast"], "No such option"),
    ],
)
def test_a_bad_option_is_explained_and_nothing_is_run(
    runs: list[object], words: list[str], said: str
) -> None:
    result = CliRunner().invoke(commands.main, words)
    assert result.exit_code == 2
    assert said in result.output
    assert runs == []


def test_a_problem_is_told_in_words_with_status_1(
    runs: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DemoProblem("the camera did not say 'ready'")

    monkeypatch.setattr(commands.headless, "run", fail)
    result = CliRunner().invoke(commands.main, ["--headless"])
    assert (result.exit_code, result.stderr) == (1, "demo: the camera did not say 'ready'\n")
