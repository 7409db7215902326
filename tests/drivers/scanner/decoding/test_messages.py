"""What fits between the two, and what is refused."""

import socket

import pytest

from drivers.errors import ProtocolViolation
from drivers.scanner.decoding.messages import PACKET_BYTES_MAX, packed, unpacked
from drivers.scanner.seen import MAX_TEXTS, Reading, Seen

CODE_BYTES_MAX = 2953  # ISO/IEC 18004, table 7: version 40-L, byte mode


def test_the_longest_answer_fits_through() -> None:
    """No escape of JSON is longer than that of a control character."""
    longest = Reading(tuple(chr(n) * CODE_BYTES_MAX for n in range(16, 16 + MAX_TEXTS)), "plain")
    packet = packed(longest, 10**9)
    assert len(packet) <= PACKET_BYTES_MAX
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        theirs.send(packet)
        assert unpacked(ours.recv(PACKET_BYTES_MAX)) == (10**9, longest)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"1",
        b"1 Seen",
        b"one Seen {}",
        b"1 Open {}",
        b"\xff Seen {}",
        b"1 \xff {}",
        b'1 Seen {"texts": ["\xff"]}',
        b'1 Seen {"texts": ["\\ud800"]}',
        b'1 Seen {"outline": [[1]]}',
        packed(Seen(("text",)))[:-1],
        packed(Seen(tuple("abcdefghi"))),
        packed(Seen(("bit\u202ecoin",))),
        packed(Reading(tuple("abcdefghi"))),
    ],
)
def test_nonsense_is_refused(packet: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        unpacked(packet)
