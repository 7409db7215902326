"""The scan bench counts what it says, and survives what OpenCV's detectors do not."""

import json
import re

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from hardware_sim.camera.field import field_cases
from stater_demo import bench_strange, scan_opencv
from stater_demo.bench import main
from stater_demo.bench_preview import CAMERA_FPS
from stater_demo.scan_damage import damaged_codes
from stater_demo.scan_opencv import OpenCvDetector
from stater_demo.scan_readers import by_reference, by_zbar, by_zxing
from stater_demo.scan_score import Score, is_among
from stater_demo.scan_strange import STRANGE


@pytest.fixture(scope="module")
def clean():
    return next(field_cases(1, 1, ["clean"], [1], [(640, 480)]))


@pytest.fixture
def folder(tmp_path, clean):
    cv2.imwrite(str(tmp_path / "code.png"), clean.frame())
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((480, 640), 128, np.uint8))
    return tmp_path


def scan(*words):
    result = CliRunner().invoke(main, ["scan", *map(str, words)])
    return result.exit_code, result.output


def reads(output, name):
    """Of the last table that has this reader: read, and of how many."""
    return [
        tuple(map(int, row))
        for row in re.findall(rf"^{name} +(\d+) of (\d+)", output, re.MULTILINE)
    ]


def test_photographs_with_a_manifest_are_held_against_it(folder, clean):
    told = [
        {"file": "code.png", "expected": [clean.text], "set": "good"},
        {"file": "code.png", "text": "something else", "set": "bad"},
        {"file": "grey.png", "text": "nobody can know", "set": "bad"},
    ]
    (folder / "manifest.json").write_text(json.dumps({"images": told}))
    code, output = scan("--images", folder, "--quick")
    assert code == 0, output
    assert reads(output, "ours") == reads(output, "reference") == [(1, 3)]
    assert f"ours read wrongly: {clean.text!r}" in output
    assert re.search(r"^bad +2( +0)+$", output, re.MULTILINE)


def test_photographs_without_a_manifest_are_held_against_each_other(folder):
    code, output = scan("--images", folder, "--quick")
    assert code == 0, output
    assert reads(output, "zxing-cpp") == [(1, 2)]
    assert "Read at all: pyzbar 1, zxing-cpp 1, reference 1, ours 1" in output


@pytest.mark.parametrize("manifest", ["[]", "{", '{"images": [{"file": "code.png"}]}'])
def test_a_manifest_that_is_none_is_answered_in_words(folder, manifest):
    (folder / "manifest.json").write_text(manifest)
    code, output = scan("--images", folder, "--quick")
    assert code == 1
    assert "manifest.json" in output
    assert "Traceback" not in output


def test_an_empty_folder_is_answered_in_words(tmp_path):
    code, output = scan("--images", tmp_path, "--quick")
    assert (code, "no pictures" in output) == (1, True)


def test_generated_frames_are_read_single_and_as_a_film():
    code, output = scan("--quick", "--condition", "dark mode")
    assert code == 0, output
    assert reads(output, "ours") == [(1, 1), (1, 1)]
    assert reads(output, "pyzbar") == [(0, 1), (0, 1)]
    assert "1920x1080" in output


def test_damaged_codes_are_the_same_by_seed_and_hurt():
    first, again = (list(damaged_codes(3, 5)) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.picture, other.picture)
    read = [code.text in by_zxing(code.picture) for code in damaged_codes(30, 1)]
    assert 0 < sum(read) < 30


def test_damaged_codes_are_counted():
    code, output = scan("--damaged", 5)
    assert code == 0, output
    assert [count for _, count in reads(output, "ours")] == [5]


def test_strange_pictures_are_counted_beside_a_screen(monkeypatch):
    monkeypatch.setattr(bench_strange, "STRANGE", {"noise": STRANGE["noise"]})
    monkeypatch.setattr(bench_strange, "EACH_FRAMES", 3)
    code, output = scan("--strange", 5)
    assert code == 0, output
    for told in ("noise: 3 looked at, 0 read, 0 wrong", "damaged codes: 5 looked at"):
        assert told in output
    shown = [float(each) for each in re.findall(r"([\d.]+) shown a second", output)]
    assert len(shown) == 2
    assert all(0 < each < 2 * CAMERA_FPS for each in shown)


def test_the_reference_reads_what_its_libraries_read(clean):
    for read in (by_zbar, by_zxing, by_reference):
        assert list(read(clean.frame())) == [clean.text]


def test_a_detector_that_hangs_is_ended_and_serves_again(clean, monkeypatch):
    detector = OpenCvDetector("cv QR")
    try:
        monkeypatch.setattr(scan_opencv, "LIMIT_S", 0.0)
        assert (detector.read(clean.frame()), detector.held) == ([], 1)
        monkeypatch.setattr(scan_opencv, "LIMIT_S", 20.0)
        assert (detector.read(clean.frame()), detector.held) == ([clean.text], 1)
    finally:
        detector.close()


def test_texts_are_the_same_whatever_their_line_ends():
    assert is_among("one\r\ntwo ", ["one\ntwo"])
    assert not is_among("one two", ["one\ntwo"])


def test_the_95th_is_a_time_that_happened():
    score = Score(spent_ms=[float(each) for each in range(1, 101)])
    assert (score.mean_ms, score.p95_ms) == (50.5, 96.0)
