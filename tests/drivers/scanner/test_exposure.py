from pathlib import Path

import numpy as np
import pytest

from drivers.scanner import streams
from drivers.scanner.exposure import EXPOSURES_MS, NOT_SEEN_S, TURN_S, Bracket
from drivers.scanner.opencv import cv2
from drivers.scanner.streams import CameraStream

STEP_S = 0.1
MANUAL, AUTOMATIC = 1, 3


def wanted(
    bracket: Bracket, from_s: float, for_s: float, *, in_view: bool = True
) -> list[float | None]:
    times_s = np.arange(from_s, from_s + for_s, STEP_S)
    return [bracket.wanted_ms(float(t), code_in_view=in_view, is_read=False) for t in times_s]


def test_code_that_stays_unread_is_tried_with_each_exposure_by_turns() -> None:
    asked = wanted(Bracket(), 100.0, 2 * TURN_S * len(EXPOSURES_MS))
    turns = [ms for ms, before in zip(asked, [0.0, *asked], strict=False) if ms != before]
    assert turns == [*EXPOSURES_MS, *EXPOSURES_MS]


def test_camera_chooses_when_no_code_is_in_view_or_it_is_read() -> None:
    bracket = Bracket()
    assert set(wanted(bracket, 0.0, 30.0, in_view=False)) == {None}
    wanted(bracket, 30.0, 1.5 * TURN_S)
    assert bracket.wanted_ms(30.0 + 1.6 * TURN_S, code_in_view=True, is_read=True) is None
    wanted(bracket, 40.0, 1.5 * TURN_S)
    gone_s = 40.0 + 1.5 * TURN_S + NOT_SEEN_S + STEP_S
    assert bracket.wanted_ms(gone_s, code_in_view=False, is_read=False) is None


class Capture:
    """A camera of V4L2, as far as exposure goes."""

    def __init__(self, mode: float, exposure: float) -> None:
        self.settings = {cv2.CAP_PROP_AUTO_EXPOSURE: mode, cv2.CAP_PROP_EXPOSURE: exposure}

    def isOpened(self) -> bool:  # noqa: N802  # its name there
        return True

    def get(self, setting: int) -> float:
        return self.settings.get(setting, -1.0)

    def set(self, setting: int, value: float) -> bool:
        self.settings[setting] = value
        return True

    @property
    def exposes(self) -> tuple[float, float]:
        return self.get(cv2.CAP_PROP_AUTO_EXPOSURE), self.get(cv2.CAP_PROP_EXPOSURE)


@pytest.mark.parametrize("found", [(AUTOMATIC, 156.0), (MANUAL, 80.0)])
def test_camera_is_told_in_its_units_and_left_as_it_was_found(
    found: tuple[float, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = Capture(*found)
    monkeypatch.setattr(streams.cv2, "VideoCapture", lambda *_: capture)
    (tmp_path / "video0").touch()
    camera = CameraStream(tmp_path / "video0")
    camera.expose(16.7)
    assert capture.exposes == (MANUAL, 167)
    camera.expose(None)
    assert capture.exposes[0] == found[0]
    assert found[0] == AUTOMATIC or capture.exposes[1] == found[1]


@pytest.mark.parametrize("left_ms", [ms for ms in EXPOSURES_MS if ms is not None])
def test_camera_that_a_killed_core_left_as_it_was_exposing_chooses_again(
    left_ms: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps its settings for as long as it has power."""
    capture = Capture(AUTOMATIC, 156.0)
    monkeypatch.setattr(streams.cv2, "VideoCapture", lambda *_: capture)
    (tmp_path / "video0").touch()
    CameraStream(tmp_path / "video0").expose(left_ms)
    assert capture.exposes[0] == MANUAL
    again = CameraStream(tmp_path / "video0")
    assert capture.exposes[0] == AUTOMATIC
    again.expose(16.7)
    again.expose(None)
    assert capture.exposes[0] == AUTOMATIC
