"""ID-003 frames: checksum, and finding requests in whatever a line delivers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.id003.frames import (
    INTER_BYTE_S,
    Request,
    RequestReader,
    checksum,
    frame,
)

POLL = bytes.fromhex("FC 05 11 27 56")
RESET = bytes.fromhex("FC 05 40 2B 15")
requests = st.builds(Request, st.integers(0, 255), st.binary(max_size=12))


def test_checksum_is_crc_16_kermit() -> None:
    assert checksum(b"123456789") == bytes.fromhex("8921")  # 0x2189, low byte first


# Frames that a real device sent (RT-circuits/ccnet-poc, Session-logs).
@pytest.mark.parametrize(
    "hex_frame",
    [
        "fc0550aa05",
        "fc05112756",
        "fc0512bc64",
        "fc061363a2d8",
        "fc0613641dac",
        "fc05150310",
        "fc051af4e8",
        "fc051b7df9",
        "fc05402b15",
        "fc054bf8ab",
        "fc07c000002db5",
        "fc06c30004d6",
        "fc068301eb81",
    ],
)
def test_frames_of_a_real_device(hex_frame: str) -> None:
    sent = bytes.fromhex(hex_frame)
    assert frame(sent[2], sent[3:-2]) == sent


# Requests that public hosts send.
@pytest.mark.parametrize(
    ("hex_frame", "request_"),
    [
        ("fc05402b15", Request(0x40, b"")),
        ("fc0541a204", Request(0x41, b"")),
        ("fc0543b027", Request(0x43, b"")),
        ("fc0550aa05", Request(0x50, b"")),
        ("fc07c0ff00ed4a", Request(0xC0, b"\xff\x00")),
        ("fc07c08200510a", Request(0xC0, b"\x82\x00")),
        ("fc06c4000c9b", Request(0xC4, b"\x00")),
        ("fc07c50000908c", Request(0xC5, b"\x00\x00")),
        ("fc07c60112bf49", Request(0xC6, b"\x01\x12")),
        ("fc058a7d7c", Request(0x8A, b"")),
        ("fc0583bce1", Request(0x83, b"")),
        ("fc05912fd2", Request(0x91, b"")),
        ("fc07f020922ba7", Request(0xF0, b"\x20\x92")),
        ("fc0df020d0020001080002ba42", Request(0xF0, bytes.fromhex("20d0020001080002"))),
    ],
)
def test_requests_of_public_hosts(hex_frame: str, request_: Request) -> None:
    assert RequestReader().feed(bytes.fromhex(hex_frame), 0.0) == [request_]


@given(st.lists(requests, max_size=5), st.data())
def test_requests_arrive_however_the_bytes_are_cut(
    sent: list[Request], data: st.DataObject
) -> None:
    line = b"".join(frame(each.command, each.data) for each in sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(line)))) | {0, len(line)})
    reader = RequestReader()
    pieces = [line[start:end] for start, end in pairwise(cuts)]
    heard = [request for piece in pieces for request in reader.feed(piece, 0.0)]
    assert heard == sent


@given(st.binary(max_size=200))
def test_garbage_never_raises_and_silence_heals(garbage: bytes) -> None:
    reader = RequestReader()
    reader.feed(garbage, 0.0)
    assert reader.feed(POLL, 1.0) == [Request(0x11, b"")]


@given(requests, st.integers(0, 7), st.data())
def test_one_wrong_bit_makes_a_request_unheard(
    sent: Request, bit: int, data: st.DataObject
) -> None:
    line = bytearray(frame(sent.command, sent.data))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << bit
    assert sent not in RequestReader().feed(bytes(line), 0.0)


@pytest.mark.parametrize(
    "before",
    ["FC", "FC FC FC", "00 FF 13", "FC 05 11", "FC 05 11 27 57", "FC 03 11", "FC 00"],
)
def test_a_request_is_found_behind_what_came_before_it(before: str) -> None:
    # The second poll is for the case that the first one was taken for the tail of the debris.
    heard = RequestReader().feed(bytes.fromhex(before) + POLL + POLL, 0.0)
    assert heard[-1:] == [Request(0x11, b"")]


def test_an_early_sync_byte_costs_nothing() -> None:
    assert RequestReader().feed(b"\xfc" + POLL, 0.0) == [Request(0x11, b"")]


def test_half_a_frame_is_forgotten_after_a_gap() -> None:
    reader = RequestReader()
    assert reader.feed(RESET[:3], 0.0) == []
    assert reader.feed(RESET[3:], 2 * INTER_BYTE_S) == []
    assert reader.feed(POLL, 2.1 * INTER_BYTE_S) == [Request(0x11, b"")]


def test_the_rest_of_a_frame_is_awaited_within_the_gap() -> None:
    reader = RequestReader()
    for at, byte in enumerate(POLL[:-1]):
        assert reader.feed(bytes([byte]), at * INTER_BYTE_S * 0.9) == []
    assert reader.feed(POLL[-1:], 4 * INTER_BYTE_S * 0.9) == [Request(0x11, b"")]
