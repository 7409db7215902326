"""Frames of EBDS: public vectors, torn and dirty lines, seven bits."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.ebds.codec import Decoder, encode
from drivers.bill_acceptor.ebds.describe import describe
from drivers.bill_acceptor.ebds.frames import (
    Auxiliary,
    Condition,
    Extended,
    MessageType,
    Notice,
    Reply,
    Request,
    State,
)

VECTORS = json.loads(Path(__file__).with_name("ebds_vectors.json").read_text())
SEVEN_BIT = [vector for vector in VECTORS if "tag" not in vector]
STACKED = bytes.fromhex("020b2111101800010a0338")
ESCROWED = bytes.fromhex("020b2104101800010a032d")

seven_bits = st.integers(0, 0x7F)
replies = st.builds(
    Reply, seven_bits, st.lists(seven_bits, max_size=40).map(bytes)
)  # any control byte, any data


def decode(data: bytes) -> list[Reply]:
    return Decoder(Reply).feed(data)


@pytest.mark.parametrize("vector", SEVEN_BIT, ids=[vector["description"] for vector in SEVEN_BIT])
def test_public_vectors_decode_and_encode_to_the_same_bytes(vector: dict[str, str]) -> None:
    wire = bytes.fromhex(vector["hex"])
    make = Request if vector["direction"] == "host->device" else Reply
    (frame,) = Decoder(make).feed(wire)
    assert (frame.control, frame.data) == (wire[2], wire[3:-2])
    assert encode(frame) == wire
    assert describe(frame)


def test_a_frame_of_eight_bits_is_damage_here() -> None:
    """Its LEN, ETX and check are right; a line of seven bits cannot have carried it."""
    (vector,) = [vector for vector in VECTORS if "tag" in vector]
    wire = bytes.fromhex(vector["hex"])
    assert wire[1] == len(wire)
    assert decode(wire + STACKED) == decode(STACKED)


def test_bytes_above_7f_do_not_wait_for_the_rest_of_the_frame() -> None:
    assert len(decode(STACKED[:5] + b"\x90" + STACKED)) == 1


@pytest.mark.parametrize("frame", [Reply(0x80), Reply(0x20, b"\x80"), Reply(0x20, bytes(123))])
def test_what_fits_no_frame(frame: Reply) -> None:
    with pytest.raises(ValueError, match="fit"):
        encode(frame)


def test_the_longest_frame() -> None:
    wire = encode(Reply(0x20, bytes(122)))
    assert len(wire) == 127
    assert decode(wire) == [Reply(0x20, bytes(122))]


def test_a_status_byte_by_byte() -> None:
    """kybarg/ebds test.js: stacked and idling, the cassette there, value 3, model 1, revision 1.0."""
    (reply,) = decode(STACKED)
    status = reply.status
    assert status is not None
    assert (reply.type, reply.bit) == (MessageType.DEVICE, 1)
    assert status.state == State.STACKED | State.IDLING
    assert status.condition == Condition.CASSETTE_ATTACHED
    assert (status.notice, status.index, status.model, status.revision) == (Notice(0), 3, 1, 10)


def test_the_index_is_no_notice() -> None:
    """PTI.Rs232Validator Rs232Payloads: bill index 6 in escrow; and PowerUp."""
    (escrowed,) = decode(bytes.fromhex("020b21041030000102030d"))
    (power_up,) = decode(bytes.fromhex("020b210110010001020339"))
    assert escrowed.status is not None
    assert power_up.status is not None
    assert (escrowed.status.index, escrowed.status.notice) == (6, Notice(0))
    assert (power_up.status.index, power_up.status.notice) == (0, Notice.POWER_UP)


def test_an_extended_reply_has_a_status_too() -> None:
    (reply,) = decode(bytes.fromhex("020c70040000000000000378"))
    assert (reply.subtype, reply.extension) == (Extended.ESCROW_TIMEOUT, b"")
    assert reply.status is not None
    assert reply.status.state == State(0)


def test_an_auxiliary_reply_is_text_without_a_status() -> None:
    (reply,) = decode(bytes.fromhex("020e603238303030303132330354"))
    assert (reply.status, reply.subtype, reply.text) == (None, -1, "280000123")
    assert Reply(0x60, b"SCN66\0\0\x7f\x7f ").text == "SCN66"


def test_the_subtype_of_an_auxiliary_request_is_its_last_byte() -> None:
    (request,) = Decoder(Request).feed(bytes.fromhex("0208607f7f7f0317"))
    assert request.subtype == Auxiliary.RESET


@pytest.mark.parametrize(
    ("make", "wire", "words"),
    [
        (Reply, "020b2111101800010a0338", "IDLING STACKED CASSETTE_ATTACHED, index 3, bit 1"),
        (Reply, "020b210110010001020339", "IDLING CASSETTE_ATTACHED POWER_UP, bit 1"),
        (
            Request,
            "0208117f3c20037a",
            "POLL bills 7F ANY_ORIENTATION ESCROW STACK EXTENDED_COUPONS, bit 1",
        ),
        (Request, "020a7002000000010379", "EXTENDED NOTE bills 00, 01, bit 0"),
        (Request, "0208600000090361", "AUXILIARY VARIANT, bit 0"),
        (Reply, "020e603238303030303132330354", "AUXILIARY '280000123', bit 0"),
        (
            Reply,
            "021e7002000000000000004a50593030322b303300414142410000000336",
            "EXTENDED NOTE OUT_OF_SERVICE, note 0: 2000 JPY, bit 0",
        ),
        (Reply, "020650030355", "FIRMWARE 03, bit 0"),
    ],
)
def test_frames_in_words(make: type[Request] | type[Reply], wire: str, words: str) -> None:
    (frame,) = Decoder(make).feed(bytes.fromhex(wire))
    assert describe(frame) == words


def test_two_frames_in_one_read() -> None:
    assert decode(ESCROWED + STACKED) == decode(ESCROWED) + decode(STACKED)


@pytest.mark.parametrize("at", [1, 2, 3, 9, 10])
def test_a_spoilt_frame_hides_nothing_behind_it(at: int) -> None:
    spoilt = bytearray(ESCROWED)
    spoilt[at] ^= 0x04
    assert decode(bytes(spoilt) + STACKED * 12)[-1] == decode(STACKED)[0]
    assert decode(ESCROWED)[0] not in decode(bytes(spoilt) + STACKED * 12)


def test_a_half_frame_waits_for_its_rest_or_is_discarded() -> None:
    decoder = Decoder(Reply)
    assert decoder.feed(ESCROWED[:4]) == []
    assert decoder.feed(ESCROWED[4:]) == decode(ESCROWED)
    assert decoder.feed(ESCROWED[:4]) == []
    decoder.discard()
    assert decoder.feed(STACKED) == decode(STACKED)


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
        assert describe(frame)


@given(st.binary(max_size=60))
def test_a_clean_frame_is_found_after_noise_and_a_time_out(noise: bytes) -> None:
    decoder = Decoder(Reply)
    decoder.feed(noise)
    decoder.discard()
    assert decoder.feed(STACKED) == decode(STACKED)


@given(st.binary(max_size=60))
def test_clean_frames_are_found_within_one_false_frame(noise: bytes) -> None:
    repeats = 127 // len(ESCROWED) + 2  # no false frame is longer than 127 bytes
    assert decode(noise + ESCROWED * repeats)[-1] == decode(ESCROWED)[0]
