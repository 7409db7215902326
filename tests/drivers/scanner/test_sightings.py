import pytest

from drivers.scanner.events import CodeSeen, CodeUnreadable, ScannerEvent
from drivers.scanner.sightings import FLICKER_S, GONE_AFTER_S, UNREADABLE_AFTER_S, Sightings

FRAME_S = 0.05


def watch(
    sightings: Sightings, until_s: float, text: str = "", *, code: bool = True
) -> list[ScannerEvent]:
    """Frames of the same picture from `watch.now` on."""
    events: list[ScannerEvent] = []
    for frame in range(round(until_s / FRAME_S)):
        now_s = 100 + frame * FRAME_S
        events += sightings.frame(now_s, [text] if text else [], code_in_view=code)
    return events


def test_one_frame_is_not_believed() -> None:
    sightings = Sightings()
    assert sightings.frame(0.0, ["a"], code_in_view=True) == []
    assert sightings.frame(0.1, ["a"], code_in_view=True) == [CodeSeen("a")]


def test_two_frames_too_far_apart_are_not_believed() -> None:
    sightings = Sightings()
    sightings.frame(0.0, ["a"], code_in_view=True)
    assert sightings.frame(GONE_AFTER_S + 0.1, ["a"], code_in_view=True) == []


def test_code_that_stays_is_said_once() -> None:
    assert watch(Sightings(), 60.0, "a") == [CodeSeen("a")]


def test_code_that_is_read_now_and_then_is_said_once_and_not_called_unreadable() -> None:
    sightings = Sightings()
    events = [
        event
        for frame in range(400)
        for event in sightings.frame(
            frame * FRAME_S, ["a"] if frame % 4 == 0 else [], code_in_view=True
        )
    ]
    assert events == [CodeSeen("a")]


def test_code_that_comes_back_is_said_again() -> None:
    sightings = Sightings()
    for start_s in (0.0, 0.2 + GONE_AFTER_S):
        sightings.frame(start_s, ["a"], code_in_view=True)
        assert sightings.frame(start_s + 0.1, ["a"], code_in_view=True) == [CodeSeen("a")]


@pytest.mark.parametrize(
    "frames",
    [[["a", "b"]], [["a"], ["b"]], [["a"], ["a", "b"], ["b"]]],
    ids=["both", "by turns", "mixed"],
)
def test_of_two_codes_in_view_neither_is_believed_until_one_is_gone(
    frames: list[list[str]],
) -> None:
    """One may be on a poster, or in the hand of a thief."""
    sightings = Sightings()
    sightings.frame(0.0, ["b"], code_in_view=True)
    shown = [frames[number % len(frames)] for number in range(100)]
    now_s = 0.0
    for texts in shown:
        now_s += FRAME_S
        seen = sightings.frame(now_s, texts, code_in_view=True)
        assert not any(isinstance(event, CodeSeen) for event in seen)
    alone = [
        event
        for number in range(100)
        for event in sightings.frame(now_s + number * FRAME_S, ["a"], code_in_view=True)
    ]
    assert [event for event in alone if isinstance(event, CodeSeen)] == [CodeSeen("a")]


def test_unreadable_code_is_said_once_a_while() -> None:
    assert watch(Sightings(), UNREADABLE_AFTER_S - 0.2) == []
    assert watch(Sightings(), UNREADABLE_AFTER_S * 2 - 0.2) == [CodeUnreadable()]
    assert watch(Sightings(), UNREADABLE_AFTER_S * 3 - 0.2) == [CodeUnreadable()] * 2


def test_empty_view_is_not_unreadable() -> None:
    assert watch(Sightings(), 60.0, code=False) == []


def test_flickering_pattern_is_one_code_and_a_passing_one_is_none() -> None:
    def seen_every(gap_s: float) -> list[ScannerEvent]:
        sightings, events = Sightings(), []
        for frame in range(round(2 * UNREADABLE_AFTER_S / FRAME_S)):
            in_view = frame % round(gap_s / FRAME_S) == 0
            events += sightings.frame(frame * FRAME_S, [], code_in_view=in_view)
        return events

    assert seen_every(FLICKER_S - 0.1) == [CodeUnreadable()]
    assert seen_every(FLICKER_S + 0.2) == []
