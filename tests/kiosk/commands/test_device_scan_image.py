import json
from pathlib import Path

import numpy as np
import qrcode
from click.testing import CliRunner

from drivers.scanner.opencv import cv2
from kiosk.commands.device_scan_image import scan_image

TEXT = "bitcoin:bcrt1qwf52dt9y2sv0f7fwkcpmtfjf74d4np2saeljt6"


def code(path: Path) -> Path:
    drawn = qrcode.QRCode(border=4)
    drawn.add_data(TEXT)
    modules = np.where(np.array(drawn.get_matrix()), 0, 255)
    cv2.imwrite(str(path), np.kron(modules, np.ones((6, 6))).astype(np.uint8))
    return path


def empty(path: Path) -> Path:
    cv2.imwrite(str(path), np.full((200, 300), 128, np.uint8))
    return path


def test_each_file_has_its_line(tmp_path: Path) -> None:
    files = [code(tmp_path / "código.png"), empty(tmp_path / "empty.jpg")]
    result = CliRunner().invoke(scan_image, [str(file) for file in files])
    read, unread = (json.loads(line) for line in result.stdout.splitlines())
    assert read["ms"] > 0
    assert unread["ms"] > 0
    del read["ms"], unread["ms"]
    assert read == {"file": str(files[0]), "text": TEXT, "stage": "plain"}
    assert unread == {"file": str(files[1]), "text": None, "stage": None}
    assert result.exit_code == 0


def test_what_cannot_be_looked_at_says_why_and_the_others_are_read(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no picture")
    files = [tmp_path / "missing.png", notes, tmp_path, code(tmp_path / "code.png")]
    result = CliRunner().invoke(scan_image, [str(file) for file in files])
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("error") for line in lines] == [
        "No such file or directory",
        "not a picture that can be read",
        "Is a directory",
        None,
    ]
    assert lines[-1]["text"] == TEXT
    assert result.exit_code == 1
