"""Lengths are those of the "Format" lines in the vendor's reference."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.printer.escpos import Command, CommandReader

WHOLE_COMMANDS = {
    "LF": b"\n",
    "ESC @": b"\x1b@",
    "ESC !": b"\x1b!\x30",
    "ESC SP": b"\x1b \x02",
    "ESC t": b"\x1bt\x13",
    "ESC $": b"\x1b$\x40\x01",
    "ESC p": b"\x1bp\x00\x19\xfa",
    "ESC D": b"\x1bD\x08\x10\x18\x00",
    "ESC c 5": b"\x1bc5\x01",
    "ESC W": b"\x1bW" + bytes(8),
    "ESC &": b"\x1b&\x03AB\x02" + bytes(6) + b"\x01" + bytes(3),  # two characters, 2 and 1 wide
    "ESC *": b"\x1b*\x21\x02\x00" + bytes(6),
    "ESC ( A": b"\x1b(A\x04\x000123",
    "GS !": b"\x1d!\x11",
    "GS V": b"\x1dVA\x10",
    "GS ^": b"\x1d^\x01\x01\x00",
    "GS L": b"\x1dL\x10\x00",
    "GS *": b"\x1d*\x02\x01" + bytes(16),
    "GS k": b"\x1dkI\x04{B12",
    "GS v 0": b"\x1dv0\x00\x02\x00\x03\x00" + bytes(6),
    "GS ( k": b"\x1d(k\x03\x001C\x06",
    "GS 8 L": b"\x1d8L\x02\x00\x00\x0002",
    "FS q": b"\x1cq\x01\x01\x00\x01\x00" + bytes(8),
    "FS p": b"\x1cp\x01\x00",
    "DLE EOT": b"\x10\x04\x01",
    "DLE DC4": b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
}


def read_all(*pieces):
    reader = CommandReader()
    commands = []
    for piece in pieces:
        reader.feed(piece)
        while (command := reader.next()) is not None:
            commands.append(command)
    return commands


@pytest.mark.parametrize("name", WHOLE_COMMANDS)
def test_a_command_ends_where_the_reference_says(name):
    after = Command("TEXT", b"next")

    assert [command.name for command in read_all(WHOLE_COMMANDS[name])] == [name]
    assert read_all(WHOLE_COMMANDS[name] + b"next")[1:] == [after]


@pytest.mark.parametrize(
    ("stream", "what"),
    [
        (b"\x1dVB\x00", "feed and cut"),
        (b"\x1dV\x00", "cut where it stands"),
        (b"\x1dV1", "the same in figures"),
        (b"\x1dk\x04ABC\x00", "a bar code ended by NUL"),
        (b"\x1dkE\x03ABC", "a bar code with its length before it"),
        (b"\x10\x14\x01\x00\x05", "a drawer pulse"),
    ],
)
def test_commands_of_two_forms(stream, what):
    commands = read_all(stream + b"next")

    assert [command.data for command in commands[1:]] == [b"next"], what


@given(
    st.lists(st.sampled_from([*WHOLE_COMMANDS.values(), b"text"]), max_size=6).map(b"".join),
    st.lists(st.integers(0, 200), max_size=5),
)
def test_the_line_may_break_the_stream_anywhere(stream, cuts):
    ends = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(ends)]

    assert joined(read_all(*pieces)) == joined(read_all(stream))


def joined(commands):
    """Runs of text may come in pieces; that is no difference."""
    result = []
    for command in commands:
        if result and command.name == result[-1].name == "TEXT":
            result[-1] = Command("TEXT", result[-1].data + command.data)
        else:
            result.append(command)
    return result


def test_what_is_unknown_is_passed_over_and_the_rest_is_kept():
    assert read_all(b"a\x1b\x01b\x07c") == [
        Command("TEXT", b"a"),
        Command("1B 01", known=False),
        Command("TEXT", b"b"),
        Command("07", known=False),
        Command("TEXT", b"c"),
    ]


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(stream):
    reader = CommandReader()
    reader.feed(stream)
    while reader.next() is not None:
        pass
    assert len(reader) == 0 or stream.endswith(bytes(reader._buffer))
