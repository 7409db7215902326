"""The camera and its reader, together."""

import pytest

from drivers.errors import LinkLost
from drivers.scanner import eye
from drivers.scanner.eye import Eye


def test_no_process_is_started_for_a_camera_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is looked for every two seconds, for days."""
    started: list[str] = []
    monkeypatch.setattr(eye, "open_decoder", lambda: started.append("a decoder"))
    with pytest.raises(LinkLost):
        Eye("/nowhere/camera")
    assert started == []
