import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import qrcode
from click.testing import CliRunner

from drivers.scanner.events import CodeSeen, CodeUnreadable, ScannerLost
from drivers.scanner.opencv import cv2
from kiosk.commands.device_scan import event_line, scan

ENGINE = "from hardware_sim.scanner.command import scanner; scanner()"
ADDRESS = "bcrt1qwf52dt9y2sv0f7fwkcpmtfjf74d4np2saeljt6"  # from Bitcoin Core's key_io vectors
WIF = "5KcrFZvJ2p4dM6QVUPu53cKXcCfozA1PJLHm1mNAxkDYhgThLu4"  # the same


def test_code_on_a_picture_is_read_and_understood(tmp_path: Path) -> None:
    code = qrcode.QRCode(border=4)
    code.add_data(f"bitcoin:{ADDRESS}?amount=0.001&label=Ana")
    pixels = np.kron(np.where(np.array(code.get_matrix()), 0, 255), np.ones((6, 6))).astype(
        np.uint8
    )
    cv2.imwrite(str(tmp_path / "code.png"), pixels)
    result = CliRunner().invoke(scan, ["--source", str(tmp_path / "code.png"), "--seconds", "1.5"])
    ready, *hints, seen = (json.loads(line) for line in result.stdout.splitlines())
    assert ready["event"] == "ScannerReady"
    assert hints == [{"event": "Hint", "hint": "found"}]
    assert seen["destination"] == {
        "coin": "BTC",
        "network": "regtest",
        "address": ADDRESS,
        "requested_base_units": 100_000,
        "label": "Ana",
        "expires_at_ms": None,
    }
    assert result.exit_code == 0


def test_missing_camera_says_why(tmp_path: Path) -> None:
    result = CliRunner().invoke(scan, ["--source", str(tmp_path / "no.avi"), "--seconds", "1"])
    lost = json.loads(result.stdout.splitlines()[0])
    assert lost["event"] == "ScannerLost"
    assert "there is no" in lost["detail"]
    assert result.exit_code == 1


def test_a_serial_scanner_reads_too(tmp_path: Path) -> None:
    engine = [sys.executable, "-c", ENGINE, "--kind", "text", "--link", tmp_path / "port"]
    options = ["--kind", "text", "--source", str(tmp_path / "port"), "--seconds", "3"]
    with subprocess.Popen(
        engine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
        process.stdin.write(f"show bitcoin:{ADDRESS}\n")
        process.stdin.flush()
        result = CliRunner().invoke(scan, options)
        process.kill()
    ready, seen = (json.loads(line) for line in result.stdout.splitlines())
    assert ready["event"] == "ScannerReady"
    assert seen["destination"]["address"] == ADDRESS
    assert result.exit_code == 0


def test_a_camera_has_no_speed() -> None:
    result = CliRunner().invoke(scan, ["--source", "0", "--baud", "9600", "--seconds", "1"])
    assert result.exit_code == 2
    assert "a camera has no speed" in result.output


def test_a_camera_without_a_name_is_refused() -> None:
    result = CliRunner().invoke(scan, ["--source", "", "--seconds", "1"])
    assert result.exit_code == 2
    assert "it is empty" in result.output


@pytest.mark.parametrize(
    ("text", "network", "refusal"),
    [
        (ADDRESS, "bitcoin", "qr_wrong_network"),
        ("https://example.com", "bitcoin", "qr_web_page"),
        ("litecoin:LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA", "bitcoin", "qr_wrong_coin"),
    ],
)
def test_refusal_is_said_with_the_text(text: str, network: str, refusal: str) -> None:
    line = json.loads(event_line(CodeSeen(text), network))
    assert (line["text"], line["refusal"]) == (text, refusal)
    assert line["detail"]


def test_private_key_is_named_and_not_printed() -> None:
    line = event_line(CodeSeen(WIF), "bitcoin")
    assert json.loads(line)["refusal"] == "qr_private_key"
    assert WIF not in line


def test_other_events_are_lines_too() -> None:
    assert json.loads(event_line(CodeUnreadable(), "bitcoin")) == {"event": "CodeUnreadable"}
    assert json.loads(event_line(ScannerLost("why"), "bitcoin")) == {
        "event": "ScannerLost",
        "detail": "why",
    }
