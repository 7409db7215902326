"""The command as a real process: words in, lines of JSON out, real pyserial on its terminal."""

import json
import subprocess
import sys

import pytest
import serial

PROGRAM = "from hardware_sim.scanner.command import scanner; scanner()"
ANSWER_S = 5.0


@pytest.fixture
def process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--kind", "text", "--link", tmp_path / "scanner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def say(process, words):
    process.stdin.write(words + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_a_code_is_shown_and_read_and_what_is_not_understood_is_said(process, tmp_path):
    ready = json.loads(process.stdout.readline())
    assert (ready["event"], ready["kind"]) == ("ready", "text")
    with serial.Serial(str(tmp_path / "scanner"), 9600, timeout=ANSWER_S) as port:
        assert json.loads(process.stdout.readline())["event"] == "looking"
        assert say(process, "show one two") == {"event": "shown", "text": "one two"}
        assert port.readline() == b"one two\r\n"
    assert json.loads(process.stdout.readline())["event"] == "read"
    assert say(process, "hide") == {"event": "hidden"}
    for words in ("show", "dance", "hide away"):
        while (told := say(process, words))["event"] != "refused":
            pass
    assert told["why"] == "not understood; --help lists the words"
    process.stdin.write("quit\n")
    process.stdin.flush()
    assert process.wait(ANSWER_S) == 0
    assert not (tmp_path / "scanner").exists()


def test_a_link_that_cannot_be_made_is_said(tmp_path):
    command = [sys.executable, "-c", PROGRAM, "--kind", "ssi", "--link", tmp_path / "no" / "link"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 1
    assert "cannot make the link" in done.stderr
