"""Frames of ID-003: public vectors, torn and dirty lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.crc import kermit
from drivers.bill_acceptor.id003.codec import Decoder, encode
from drivers.bill_acceptor.id003.frames import Reply, Request

VECTORS = json.loads(Path(__file__).with_name("id003_vectors.json").read_text())
VEND_VALID = bytes.fromhex("fc05150310")
ESCROW_63 = bytes.fromhex("fc061363a2d8")

replies = st.builds(Reply, st.integers(0, 255), st.binary(max_size=40))


def decode(data: bytes) -> list[Reply]:
    return Decoder(Reply).feed(data)


def test_kermit_check_value() -> None:
    assert kermit(b"123456789") == 0x2189  # the catalogue's check value


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["description"] for vector in VECTORS])
def test_public_vectors_decode_and_encode_to_the_same_bytes(vector: dict[str, str]) -> None:
    wire = bytes.fromhex(vector["hex"])
    make = Request if vector["direction"] == "host->device" else Reply
    (frame,) = Decoder(make).feed(wire)
    assert (frame.code, frame.data) == (wire[2], wire[3:-2])
    assert encode(frame) == wire


def test_direction_decides_the_meaning() -> None:
    wire = bytes.fromhex("fc05402b15")
    assert Decoder(Request).feed(wire)[0].name == "RESET"
    assert Decoder(Reply).feed(wire)[0].name == "POWER_UP"


def test_names_of_what_is_in_no_table() -> None:
    assert Reply(0x99).name == "0x99"
    assert Request(0x8A).name == Reply(0x8A).name == "GET_CURRENCY"


def test_only_statuses_and_unknown_numbers_are_statuses() -> None:
    assert Reply(0x1A).is_status
    assert Reply(0x99).is_status
    assert not any(Reply(code).is_status for code in (0x05, 0x4B, 0x50, 0x8A, 0xC3, 0xF0))


def test_two_frames_in_one_read() -> None:
    assert decode(ESCROW_63 + VEND_VALID) == [Reply(0x13, b"\x63"), Reply(0x15)]


def test_a_wrong_check_hides_nothing_behind_it() -> None:
    spoilt = ESCROW_63[:-1] + b"\x00"
    assert decode(spoilt + VEND_VALID) == [Reply(0x15)]


@pytest.mark.parametrize("length", [0, 1, 4])
def test_an_impossible_length_is_skipped(length: int) -> None:
    assert decode(bytes([0xFC, length, 0x15]) + VEND_VALID) == [Reply(0x15)]


def test_a_half_frame_waits_for_its_rest_or_is_discarded() -> None:
    decoder = Decoder(Reply)
    assert decoder.feed(ESCROW_63[:4]) == []
    assert decoder.feed(ESCROW_63[4:]) == [Reply(0x13, b"\x63")]
    assert decoder.feed(ESCROW_63[:4]) == []
    decoder.discard()
    assert decoder.feed(VEND_VALID) == [Reply(0x15)]


def test_data_too_long_for_a_frame() -> None:
    assert len(encode(Reply(0x88, bytes(250)))) == 255
    with pytest.raises(ValueError, match="251 bytes"):
        encode(Reply(0x88, bytes(251)))


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
    assert decoder.feed(ESCROW_63) == [Reply(0x13, b"\x63")]


@given(st.binary(max_size=60).filter(lambda noise: VEND_VALID not in noise))
def test_clean_frames_are_found_within_one_false_frame(noise: bytes) -> None:
    repeats = 255 // len(ESCROW_63) + 2  # no false frame is longer than 255 bytes
    found = decode(noise + ESCROW_63 * repeats)
    assert found[-1] == Reply(0x13, b"\x63")
    assert Reply(0x15) not in found
