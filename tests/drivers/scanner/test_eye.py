"""The camera and its reader, together."""

from collections.abc import Callable

import numpy as np
import pytest

from drivers.errors import LinkLost
from drivers.faults import FaultCode
from drivers.scanner import eye
from drivers.scanner.events import BayChecked, ScannerEvent
from drivers.scanner.eye import Eye
from drivers.scanner.picture import Picture
from stater_chaos.decoder_here import DecoderHere


def test_no_process_is_started_for_a_camera_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is looked for every two seconds, for days."""
    started: list[str] = []
    monkeypatch.setattr(eye, "open_decoder", lambda: started.append("a decoder"))
    with pytest.raises(LinkLost):
        Eye("/nowhere/camera")
    assert started == []


class Still:
    """A camera before one picture."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self.exposures_ms: list[float | None] = []

    def read(self) -> Picture:
        return self._picture

    def skip(self) -> None:
        pass

    def expose(self, exposure_ms: float | None) -> None:
        self.exposures_ms.append(exposure_ms)

    def close(self) -> None:
        pass


def nests(count: int) -> Picture:
    """Square frames on a wall: sockets, tiles, ventilation."""
    wall = np.full((480, 640), 150, np.uint8)
    for left in [130 + 160 * i for i in range(count)]:
        for side, shade in ((70, 60), (50, 200), (30, 60)):
            inset = (70 - side) // 2
            wall[200 + inset : 200 + inset + side, left + inset : left + inset + side] = shade
    return wall


def told_of(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> list[ScannerEvent]:
    """In a minute of an idle bay."""
    monkeypatch.setattr(eye, "open_decoder", DecoderHere)
    monkeypatch.setattr(eye, "open_camera", lambda _source: Still(picture))
    seen, now_s = Eye("0"), 0.0
    told: list[ScannerEvent] = []
    while now_s < 60.0:
        told += seen.glance(now_s)
        now_s += 0.5
    return told


@pytest.mark.parametrize("count", [2, 3])
def test_things_with_square_frames_are_no_sticker(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told_of(nests(count), monkeypatch) == []


def test_sticker_is_one(drawn: Callable[..., Picture], monkeypatch: pytest.MonkeyPatch) -> None:
    said = told_of(drawn("bitcoin:somebody"), monkeypatch)
    assert said == [BayChecked(frozenset({FaultCode.CAMERA_CODE_IN_VIEW}))]


def test_sticker_that_cannot_be_read_is_one(
    drawn: Callable[..., Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = drawn("bitcoin:somebody")
    spoilt[212:270, 250:390] = 255  # between its three squares
    said = told_of(spoilt, monkeypatch)
    assert said == [BayChecked(frozenset({FaultCode.CAMERA_CODE_IN_VIEW}))]


@pytest.mark.parametrize("end", [Eye.close, Eye.forget])
def test_exposure_that_was_tried_is_taken_back(
    end: Callable[[Eye], None], drawn: Callable[..., Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = drawn("bitcoin:somebody")
    spoilt[212:270, 250:390] = 255
    camera = Still(spoilt)
    monkeypatch.setattr(eye, "open_decoder", DecoderHere)
    monkeypatch.setattr(eye, "open_camera", lambda _source: camera)
    seen, now_s = Eye("0"), 0.0
    while not camera.exposures_ms:
        assert now_s < 60.0
        seen.scan(now_s)
        now_s += 0.1
    end(seen)
    assert camera.exposures_ms[-1] is None
