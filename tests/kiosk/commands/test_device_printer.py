import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drivers.printer.render import plain_text, render
from kiosk.commands.device_printer import SAMPLE, printer


def run(*arguments: str) -> tuple[Result, list[dict[str, object]]]:
    result = CliRunner().invoke(printer, arguments)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    (tmp_path / "paper").touch()
    return tmp_path / "paper"


def test_status_and_sample_are_the_default(paper: Path) -> None:
    result, lines = run("--port", str(paper), "--kind", "file")
    assert lines == [{"event": "PrinterStatus", "faults": []}, {"event": "ReceiptPrinted"}]
    assert result.exit_code == 0
    assert paper.read_bytes() == render(SAMPLE)


def test_status_alone_prints_nothing(paper: Path) -> None:
    _, lines = run("--port", str(paper), "--kind", "file", "--status")
    assert lines == [{"event": "PrinterStatus", "faults": []}]
    assert paper.read_bytes() == b""


def test_sample_alone_says_what_became_of_it(paper: Path) -> None:
    _, lines = run("--port", str(paper), "--kind", "file", "--sample")
    assert lines == [{"event": "ReceiptPrinted"}]


def test_missing_printer_is_said_and_ends_with_1(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    result, lines = run("--port", str(tmp_path / "none"))
    assert lines == [
        {"event": "PrinterStatus", "faults": ["printer-missing"]},
        {"event": "ReceiptFailed", "fault": "printer-missing"},
    ]
    assert result.exit_code == 1
    assert f"cannot open {tmp_path / 'none'}" in caplog.text  # the reason, for the person


def test_sample_shows_accents_bold_and_a_code() -> None:
    text = plain_text(SAMPLE)
    assert "ñ á é í ó ú ü ¿ ¡ €" in text
    assert "[https://example.com/a-sample-receipt]" in text
