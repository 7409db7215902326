"""CCNET frames: checksum, both forms of length, and finding requests in whatever a line delivers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.ccnet.frames import (
    INTER_BYTE_S,
    Damaged,
    Request,
    RequestReader,
    checksum,
    frame,
)
from simulator_bench import kermit

POLL = bytes.fromhex("02 03 06 33 DA 81")
POLLED = Request(0x03, 0x33, b"")
requests = st.builds(Request, st.just(3), st.integers(0, 255), st.binary(max_size=12))


def written(request: Request) -> bytes:
    body = bytes([0x02, request.address, len(request.data) + 6, request.command]) + request.data
    return body + kermit(body)


def written_long(request: Request) -> bytes:
    length = (len(request.data) + 8).to_bytes(2, "big")
    body = bytes([0x02, request.address, 0, request.command]) + length + request.data
    return body + kermit(body)


def test_checksum_is_crc_16_kermit() -> None:
    assert checksum(b"123456789") == bytes.fromhex("8921")  # 0x2189, low byte first


# Sent by the validator's side in the logs of RT-circuits/ccnet-poc, and NAK of the document.
@pytest.mark.parametrize(
    "hex_frame",
    ["02030600c282", "020306104392", "02030b000000000000a867", "020306ffba8d"],
)
def test_frames_of_a_validator(hex_frame: str) -> None:
    sent = bytes.fromhex(hex_frame)
    assert frame(sent[3:-2]) == sent


# Sent by real hosts: RT-circuits/ccnet-poc (logs), coungard/CashcodeCcnet.
@pytest.mark.parametrize(
    ("hex_frame", "command", "data"),
    [
        ("0203063041b3", 0x30, ""),
        ("02030633da81", 0x33, ""),
        ("02030600c282", 0x00, ""),
        ("02030635ece4", 0x35, ""),
        ("0203063677d6", 0x36, ""),
        ("02030637fec7", 0x37, ""),
        ("02030638093f", 0x38, ""),
        ("020306414fd1", 0x41, ""),
        ("02030640c6c0", 0x40, ""),
        ("020306325390", 0x32, ""),
        ("02030c34ffffff000000b5c1", 0x34, "ffffff000000"),
        ("02030c3400007c00000066c1", 0x34, "00007c000000"),
        ("02030c34000000000000170c", 0x34, "000000000000"),
    ],
)
def test_requests_of_public_hosts(hex_frame: str, command: int, data: str) -> None:
    heard = RequestReader().feed(bytes.fromhex(hex_frame), 0.0)
    assert heard == [Request(0x03, command, bytes.fromhex(data))]


@given(st.binary(max_size=600))
def test_a_long_request_says_its_length_behind_the_command(data: bytes) -> None:
    request = Request(3, 0x50, data)
    assert RequestReader().feed(written_long(request), 0.0) == [request]


@given(st.lists(requests, max_size=5), st.data())
def test_requests_arrive_however_the_bytes_are_cut(
    sent: list[Request], data: st.DataObject
) -> None:
    line = b"".join(map(written, sent))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(line)))) | {0, len(line)})
    reader = RequestReader()
    pieces = [line[start:end] for start, end in pairwise(cuts)]
    assert [request for piece in pieces for request in reader.feed(piece, 0.0)] == sent


@given(st.binary(max_size=200))
def test_garbage_never_raises_and_silence_heals(garbage: bytes) -> None:
    reader = RequestReader()
    reader.feed(garbage, 0.0)
    assert reader.feed(POLL, 1.0) == [POLLED]


@given(requests, st.integers(0, 7), st.data())
def test_one_wrong_bit_makes_a_request_unheard(
    sent: Request, bit: int, data: st.DataObject
) -> None:
    line = bytearray(written(sent))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << bit
    heard = RequestReader().feed(bytes(line), 0.0)
    assert [each for each in heard if isinstance(each, Request)] == []


def test_a_damaged_request_is_told_once() -> None:
    reader = RequestReader()
    assert reader.feed(POLL[:-1] + b"\x80", 0.0) == [Damaged()]
    assert reader.feed(POLL, 0.01) == [POLLED]


@pytest.mark.parametrize("before", ["02", "02 02 02", "FF 13 00", "02 03 06 33 DA 80", "02 03 05"])
def test_a_request_is_found_behind_what_came_before_it(before: str) -> None:
    # The second poll is for the case that the first one was taken for the tail of the debris.
    assert RequestReader().feed(bytes.fromhex(before) + POLL + POLL, 0.0)[-1:] == [POLLED]


def test_half_a_frame_is_forgotten_after_a_gap() -> None:
    reader = RequestReader()
    assert reader.feed(POLL[:4], 0.0) == []
    assert reader.feed(POLL[4:], 2 * INTER_BYTE_S) == []
    assert reader.feed(POLL, 2.1 * INTER_BYTE_S) == [POLLED]
