import os

import pytest

from hardware_sim.console import Console


@pytest.fixture
def pipe():
    ears, mouth = os.pipe()
    yield ears, mouth
    os.close(ears)


def test_lines_come_whole_however_they_are_typed(pipe):
    ears, mouth = pipe
    console = Console(ears)
    os.write(mouth, b"cover open\nsta")
    assert console.words() == ["cover open"]
    os.write(mouth, b"tus\n\n  quit \n")
    assert console.words() == ["status", "quit"]
    os.close(mouth)


def test_it_ends_when_whoever_typed_has_gone(pipe):
    ears, mouth = pipe
    console = Console(ears)
    os.close(mouth)

    assert console.words() == []
    assert console.ended
    assert not console.listening


def test_started_without_a_console_it_does_not_end():
    with open(os.devnull, "rb") as nowhere:  # noqa: PTH123 (its descriptor is what matters)
        console = Console(nowhere.fileno())

    assert not console.listening
    assert not console.ended
