"""ccTalk frames: both checks, and finding requests in whatever a line delivers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.cctalk.frames import (
    CRC,
    HOST,
    INTER_BYTE_S,
    SUM,
    Request,
    RequestReader,
)

POLL = bytes.fromhex("28 00 01 9F 38")
framings = st.sampled_from([SUM, CRC])
requests = st.builds(Request, st.integers(0, 255), st.binary(max_size=12))


def written(framing, request: Request) -> bytes:
    """A request as a host writes it; with a sum, the third byte is the host's address."""
    if framing is CRC:
        return CRC.close(40, request.header, request.data)
    body = bytes([40, len(request.data), 1, request.header]) + request.data
    return body + bytes([-sum(body) % 256])


# ccTalk Generic Specification v4.7, Part 3: replies of the example bill validator.
@pytest.mark.parametrize(
    "hex_frame",
    [
        "010b28000000000000000000000000cc",
        "010828005374616e646172649e",
        "010728004555303230304133",
        "010328006400026e",
        "010b28000203000301000000000000c3",
    ],
)
def test_replies_of_the_specification(hex_frame: str) -> None:
    sent = bytes.fromhex(hex_frame)
    assert SUM.close(HOST, sent[3], sent[4:-1]) == sent


def test_a_reply_with_a_crc() -> None:
    # mydev-online/cctalk-host, cctalk-host.py
    assert CRC.close(HOST, 0, bytes.fromhex("1f00")) == bytes.fromhex("010274001f0054")


@pytest.mark.parametrize(
    ("framing", "hex_frame", "request_"),
    [
        (SUM, "280001e6f1", Request(0xE6)),
        (SUM, "280201e7fffff0", Request(0xE7, b"\xff\xff")),
        (SUM, "2802019c45559f", Request(0x9C, b"EU")),
        (SUM, "2801019a013b", Request(0x9A, b"\x01")),
        (CRC, "28008fe6b2", Request(0xE6)),
        (CRC, "28025fe7ffffdf", Request(0xE7, b"\xff\xff")),
        (CRC, "2801eae40149", Request(0xE4, b"\x01")),
        (CRC, "28002ae3e2", Request(0xE3)),
    ],
)
def test_requests_of_public_hosts(framing, hex_frame: str, request_: Request) -> None:
    assert RequestReader(framing).feed(bytes.fromhex(hex_frame), 0.0) == [request_]


@given(framings, st.lists(requests, max_size=5), st.data())
def test_requests_arrive_however_the_bytes_are_cut(framing, sent, data) -> None:
    line = b"".join(written(framing, each) for each in sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(line)))) | {0, len(line)})
    reader = RequestReader(framing)
    pieces = [line[start:end] for start, end in pairwise(cuts)]
    heard = [request for piece in pieces for request in reader.feed(piece, 0.0)]
    assert heard == sent


@given(framings, st.binary(max_size=300))
def test_garbage_never_raises_and_a_gap_heals(framing, garbage: bytes) -> None:
    reader = RequestReader(framing)
    reader.feed(garbage, 0.0)
    assert reader.feed(written(framing, Request(0x9F)), 1.0) == [Request(0x9F)]


@given(framings, requests, st.integers(0, 7), st.data())
def test_one_wrong_bit_makes_a_request_unheard(framing, sent, bit, data) -> None:
    line = bytearray(written(framing, sent))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << bit
    assert RequestReader(framing).feed(bytes(line), 0.0) == []


def test_frames_for_other_devices_are_passed_over() -> None:
    coin_acceptor = bytes.fromhex("02 00 01 FE FF")
    heard = RequestReader(SUM).feed(coin_acceptor + POLL + coin_acceptor, 0.0)
    assert heard == [Request(0x9F)]


def test_half_a_frame_is_forgotten_after_a_gap() -> None:
    reader = RequestReader(SUM)
    assert reader.feed(POLL[:3], 0.0) == []
    assert reader.feed(POLL[3:], 2 * INTER_BYTE_S) == []
    assert reader.feed(POLL, 4 * INTER_BYTE_S) == [Request(0x9F)]


def test_the_rest_of_a_frame_is_awaited_within_the_gap() -> None:
    reader = RequestReader(SUM)
    for at, byte in enumerate(POLL[:-1]):
        assert reader.feed(bytes([byte]), at * INTER_BYTE_S * 0.9) == []
    assert reader.feed(POLL[-1:], 4 * INTER_BYTE_S * 0.9) == [Request(0x9F)]
