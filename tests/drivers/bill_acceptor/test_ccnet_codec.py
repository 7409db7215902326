"""Frames of CCNET: public vectors, torn and dirty lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.ccnet.codec import DIALECT, Decoder, describe, encode
from drivers.bill_acceptor.ccnet.frames import Reply, Request

VECTORS = json.loads(Path(__file__).with_name("ccnet_vectors.json").read_text())
STACKED_01 = bytes.fromhex("0203078101dd3b")
ESCROW_01 = bytes.fromhex("02030780010522")
IDLING = bytes.fromhex("0203061467d4")

replies = st.builds(Reply, st.integers(0, 255), st.binary(max_size=40), st.integers(0, 255))
any_length = st.integers(0, 1000).map(bytes)


def decode(data: bytes) -> list[Reply]:
    return Decoder(Reply).feed(data)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["description"] for vector in VECTORS])
def test_public_vectors_decode_and_encode_to_the_same_bytes(vector: dict[str, str]) -> None:
    wire = bytes.fromhex(vector["hex"])
    finder = DIALECT.host() if vector["direction"] == "host->device" else DIALECT.device()
    (frame,) = finder.feed(wire)
    assert (frame.address, frame.code, frame.data) == (3, wire[3], wire[4:-2])
    assert DIALECT.encode(frame) == wire


@pytest.mark.parametrize(
    ("wire", "host", "device"),
    [
        ("02030600c282", "ACK", "ACK"),
        ("020306ffba8d", "NAK", "NAK"),
        ("0203063041b3", "RESET", "ILLEGAL_COMMAND"),
        ("020306414fd1", "GET_BILL_TABLE", "CASSETTE_FULL"),
        ("02030780010522", "0x80 01", "ESCROW 01"),
    ],
)
def test_direction_decides_the_meaning(wire: str, host: str, device: str) -> None:
    (request,) = Decoder(Request).feed(bytes.fromhex(wire))
    (reply,) = Decoder(Reply).feed(bytes.fromhex(wire))
    assert (describe(request), describe(reply)) == (host, device)


def test_data_without_a_code_are_described_whole() -> None:
    assert describe(Reply(0x05, b"EUR\x00")) == "DATA 05 45 55 52 00"
    assert describe(Reply(0x00, bytes(5))) == "DATA 00 00 00 00 00 00"


def test_reasons_and_parts_are_described_in_words() -> None:
    assert describe(Reply(0x1C, b"\x60")) == "REJECTING 60 insertion"
    assert describe(Reply(0x47, b"\x50")) == "FAILURE 50 stack motor"
    assert describe(Reply(0x47, b"\xee")) == "FAILURE EE not in the tables"
    assert describe(Reply(0x99)) == "0x99"


def test_the_first_question_to_a_stranger_is_the_poll_of_the_public_log() -> None:
    assert DIALECT.hellos == (bytes.fromhex("02030633da81"),)


def test_only_what_is_short_and_no_answer_is_a_status() -> None:
    assert Reply(0x19).is_status
    assert Reply(0x81, b"\x01\x02").is_status  # a bill-to-bill unit names the cassette too
    assert Reply(0x99).is_status
    assert not any(Reply(code).is_status for code in (0x00, 0x30, 0xFF))
    assert not Reply(0x00, bytes(5)).is_status  # the answer to GET STATUS
    assert not Reply(0x00, bytes(5)).is_short_answer


def test_several_frames_in_one_read() -> None:
    assert decode(ESCROW_01 + STACKED_01 + IDLING) == [
        Reply(0x80, b"\x01"),
        Reply(0x81, b"\x01"),
        Reply(0x14),
    ]


def test_a_wrong_check_hides_nothing_behind_it() -> None:
    assert decode(STACKED_01[:-1] + b"\x00" + IDLING) == [Reply(0x14)]


@pytest.mark.parametrize("length", ["01", "05", "FB", "FF", "0014 0000", "0014 00FA", "0014 FFFF"])
def test_an_impossible_length_is_skipped(length: str) -> None:
    assert decode(bytes.fromhex("0203" + length) + IDLING * 2)[-1] == Reply(0x14)


def test_a_half_frame_waits_for_its_rest_or_is_discarded() -> None:
    decoder = Decoder(Reply)
    assert decoder.feed(ESCROW_01[:4]) == []
    assert decoder.feed(ESCROW_01[4:]) == [Reply(0x80, b"\x01")]
    assert decoder.feed(ESCROW_01[:4]) == []
    decoder.discard()
    assert decoder.feed(STACKED_01) == [Reply(0x81, b"\x01")]


def test_beyond_250_bytes_the_length_stands_behind_the_command() -> None:
    longest_short = encode(Request(0x50, bytes(244)))
    assert longest_short[2] == len(longest_short) == 250
    long = encode(Request(0x50, bytes(245)))
    assert long[:6] == bytes.fromhex("0203 00 50 00FD")
    assert len(long) == 0xFD
    assert Decoder(Request).feed(long) == [Request(0x50, bytes(245))]


def test_data_too_long_for_a_frame() -> None:
    assert len(encode(Request(0x50, bytes(1016)))) == 1024
    with pytest.raises(ValueError, match="1017 bytes"):
        encode(Request(0x50, bytes(1017)))


@given(any_length)
def test_every_length_comes_back(data: bytes) -> None:
    assert decode(encode(Reply(0x60, data))) == [Reply(0x60, data)]


@given(st.lists(replies, max_size=6), st.data())
def test_splitting_never_matters(frames: list[Reply], data: st.DataObject) -> None:
    wire = b"".join(map(encode, frames))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    decoder, found = Decoder(Reply), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        found += decoder.feed(wire[start:end])
    assert found == frames


@given(st.binary(max_size=600))
def test_noise_never_raises_and_frames_carry_a_right_check(noise: bytes) -> None:
    for frame in decode(noise):
        assert encode(frame) in noise


@given(st.binary(max_size=60))
def test_a_clean_frame_is_found_after_noise_and_a_time_out(noise: bytes) -> None:
    decoder = Decoder(Reply)
    decoder.feed(noise)
    decoder.discard()
    assert decoder.feed(ESCROW_01) == [Reply(0x80, b"\x01")]


@given(st.binary(max_size=60).filter(lambda noise: STACKED_01 not in noise))
def test_clean_frames_are_found_within_one_false_frame(noise: bytes) -> None:
    repeats = 1024 // len(ESCROW_01) + 2  # no false frame is longer
    found = decode(noise + ESCROW_01 * repeats)
    assert found[-1] == Reply(0x80, b"\x01")
    assert Reply(0x81, b"\x01") not in found
