"""EBDS frames: checksum, seven bits, and finding requests in whatever a line delivers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.ebds.frames import (
    INTER_BYTE_S,
    Request,
    RequestReader,
    checksum,
    frame,
)

POLL = bytes.fromhex("02 08 10 7F 1C 30 03 4B")
POLLED = Request(0x10, bytes.fromhex("7F 1C 30"))
requests = st.builds(
    Request,
    st.integers(0, 0x7F),
    st.lists(st.integers(0, 0x7F), max_size=20).map(bytes),
)


def written(request: Request) -> bytes:
    covered = bytes([len(request.data) + 5, request.control]) + request.data
    check = 0
    for byte in covered:
        check ^= byte
    return b"\x02" + covered + bytes([0x03, check])


# Replies of devices: kybarg/ebds, PyramidTechnologies/PTI.Rs232Validator, decapod-atm/ebds.
@pytest.mark.parametrize(
    "hex_frame",
    [
        "020b2101001800010a0338",
        "020b2104101800010a032d",
        "020b2111101800010a0338",
        "020b21041030000102030d",
        "020b211110280001020300",
        "020b610001010202030369",
        "020c70040000000000000378",
        "020d700b000000000000010377",
        "0235610f0e0f0e0f0e0f0e0e0d0e0d0e0d0e0d0d0c0d0c0d0c0d0c0c0b0c0b0c0b0c0b0b0a0b0a0b0a0b0a0a090a090a090a090354",
    ],
)
def test_frames_of_devices(hex_frame: str) -> None:
    sent = bytes.fromhex(hex_frame)
    assert frame(sent[2] >> 4, sent[2] & 1, sent[3:-2]) == sent


# Requests of hosts: kybarg/ebds at run time, decapod-atm/ebds.
@pytest.mark.parametrize(
    ("hex_frame", "kind", "toggle", "data"),
    [
        ("0208107f1c30034b", 1, 0, "7f1c30"),
        ("0208117f3c20037a", 1, 1, "7f3c20"),
        ("0208117f0c00036a", 1, 1, "7f0c00"),
        ("0208600000090361", 6, 0, "000009"),
        ("020860000006036e", 6, 0, "000006"),
        ("02086000000e0366", 6, 0, "00000e"),
        ("0208607f7f7f0317", 6, 0, "7f7f7f"),
        ("020a7002000000010379", 7, 0, "0200000001"),
        ("020b70040000000102037c", 7, 0, "040000000102"),
        ("020a700b000000010370", 7, 0, "0b00000001"),
        ("020a700d000000000377", 7, 0, "0d00000000"),
    ],
)
def test_requests_of_public_hosts(hex_frame: str, kind: int, toggle: int, data: str) -> None:
    (heard,) = RequestReader().feed(bytes.fromhex(hex_frame), 0.0)
    assert (heard.kind, heard.toggle, heard.data) == (kind, toggle, bytes.fromhex(data))


def test_the_check_covers_neither_stx_nor_etx() -> None:
    assert checksum(POLL[1:-2]) == 0x4B


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
    assert sent not in RequestReader().feed(bytes(line), 0.0)


def test_a_byte_above_seven_bits_is_damage_even_where_the_check_is_right() -> None:
    covered = bytes.fromhex("08 10 FF 1C 30")
    whole = b"\x02" + covered + bytes([0x03, checksum(covered)])
    assert RequestReader().feed(whole, 0.0) == []


@pytest.mark.parametrize(
    "before", ["02", "02 02 02", "7F 13 03", "02 08 10 7F 1C 30 03 4A", "02 04", "FF 02 08"]
)
def test_a_request_is_found_behind_what_came_before_it(before: str) -> None:
    # The second poll is for the case that the first one was taken for the tail of the debris.
    assert RequestReader().feed(bytes.fromhex(before) + POLL + POLL, 0.0)[-1:] == [POLLED]


def test_half_a_frame_is_forgotten_after_a_gap() -> None:
    reader = RequestReader()
    assert reader.feed(POLL[:4], 0.0) == []
    assert reader.feed(POLL[4:], 2 * INTER_BYTE_S) == []
    assert reader.feed(POLL, 2.1 * INTER_BYTE_S) == [POLLED]
