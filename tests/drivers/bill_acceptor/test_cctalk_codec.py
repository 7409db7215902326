"""Frames of ccTalk: public vectors, torn and dirty lines, with the sum and with the CRC-16."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctalk_bench import crc_16, framed
from drivers.bill_acceptor.cctalk.codec import DIALECT, Decoder, describe, encode
from drivers.bill_acceptor.cctalk.frames import Check, Frame, Header, Request

VECTORS = json.loads(Path(__file__).with_name("cctalk_vectors.json").read_text())
CHECK_OF = {"8-bit sum = 0": Check.SUM_8, "CRC-16/XMODEM split LSB/MSB": Check.CRC_16}
CHECKS = list(Check)
CREDIT = bytes.fromhex(
    "010b28000203000301000000000000c3"
)  # the specification's: (3, 0) after (3, 1)
SIMPLE_POLL = bytes.fromhex("280001fed9")


def addressed(check: Check, destination: int, header: int, data: bytes = b"") -> Frame:
    source = (40 if destination == 1 else 1) if check is Check.SUM_8 else None
    return Frame(destination, source, header, data)


frames_of = {
    check: st.builds(
        addressed,
        st.just(check),
        st.sampled_from([1, 40]),
        st.integers(0, 255),
        st.binary(max_size=40),
    )
    for check in Check
}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["description"] for vector in VECTORS])
def test_public_vectors_decode_and_encode_to_the_same_bytes(vector: dict[str, str]) -> None:
    wire = bytes.fromhex(vector["hex"])
    (frame,) = Decoder(CHECK_OF[vector["check"]]).feed(wire)
    assert (frame.destination, frame.header, frame.data) == (wire[0], wire[3], wire[4:-1])
    assert frame.is_reply == (vector["direction"] == "device->host")
    assert encode(frame) == wire


def test_check_values() -> None:
    assert crc_16(b"123456789") == 0x31C3  # the catalogue's check value of CRC-16/XMODEM
    assert encode(Request(Header.SIMPLE_POLL).to(40, Check.SUM_8)) == SIMPLE_POLL
    assert sum(SIMPLE_POLL) % 256 == 0


@pytest.mark.parametrize("check", CHECKS)
@given(data=st.data())
def test_the_codec_and_the_bench_are_two_readings_of_one_format(check, data):
    frame = data.draw(frames_of[check])
    sender = frame.source or 0
    is_crc = check is Check.CRC_16
    wire = framed(frame.destination, sender, frame.header, frame.data, crc=is_crc)
    assert encode(frame) == wire
    assert Decoder(check, 40).feed(wire) == [frame]


def test_direction_decides_the_meaning() -> None:
    assert describe(Frame(40, 1, 154, b"\x01")) == "ROUTE_BILL 01"
    assert describe(Frame(1, 40, 0)) == "DONE"
    assert describe(Frame(1, 40, 0, b"\xfe")) == "DONE FE"
    assert describe(Frame(1, 40, 5)) == "NAK"
    assert describe(Frame(40, 1, 99)) == "header 99"


@pytest.mark.parametrize(("crc", "check"), [(False, Check.SUM_8), (True, Check.CRC_16)])
def test_a_line_whose_check_nobody_has_told(crc, check):
    request = framed(40, 1, 159, b"", crc=crc)
    reply = framed(1, 40, 0, bytes(11), crc=crc)
    host, device = DIALECT.host(), DIALECT.device()
    for _ in range(2):
        assert host.feed(request + reply) == [addressed(check, 40, 159)]
        assert device.feed(request + reply) == [addressed(check, 1, 0, bytes(11))]
    device.feed(reply[:3])
    device.discard()
    assert len(device.feed(reply)) == 1


def test_hello_is_a_simple_poll() -> None:
    assert DIALECT.hellos[0] == SIMPLE_POLL


def test_a_wrong_check_hides_nothing_behind_it() -> None:
    spoilt = CREDIT[:-1] + b"\x00"
    assert Decoder(Check.SUM_8, 40).feed(spoilt + CREDIT) == Decoder(Check.SUM_8).feed(CREDIT)


def test_a_half_frame_waits_for_its_rest_or_is_discarded() -> None:
    decoder = Decoder(Check.SUM_8, 40)
    assert decoder.feed(CREDIT[:7]) == []
    assert len(decoder.feed(CREDIT[7:])) == 1
    assert decoder.feed(CREDIT[:7]) == []
    decoder.discard()
    assert len(decoder.feed(CREDIT)) == 1


def test_frames_between_others_are_passed_over_on_a_shared_line() -> None:
    hopper = framed(1, 3, 0, b"\x05\x05")
    assert Decoder(Check.SUM_8, 40).feed(hopper + CREDIT) == Decoder(Check.SUM_8).feed(CREDIT)


def test_data_too_long_for_a_frame() -> None:
    assert len(encode(Frame(40, 1, 140, bytes(252)))) == 257
    with pytest.raises(ValueError, match="253 bytes"):
        encode(Frame(40, 1, 140, bytes(253)))


@pytest.mark.parametrize("check", CHECKS)
@given(data=st.data())
def test_splitting_never_matters(check, data):
    frames = data.draw(st.lists(frames_of[check], max_size=6))
    wire = b"".join(map(encode, frames))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    decoder, found = Decoder(check, 40), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        found += decoder.feed(wire[start:end])
    assert found == frames


@pytest.mark.parametrize("check", CHECKS)
@given(noise=st.binary(max_size=600))
def test_noise_never_raises_and_frames_carry_a_right_check(check, noise):
    for frame in Decoder(check).feed(noise):
        assert encode(frame) in noise


@pytest.mark.parametrize("check", CHECKS)
@given(noise=st.binary(max_size=60))
def test_a_clean_frame_is_found_after_noise_and_a_time_out(check, noise):
    decoder = Decoder(check, 40)
    decoder.feed(noise)
    decoder.discard()
    reply = framed(1, 40, 0, b"\x01", crc=check is Check.CRC_16)
    assert decoder.feed(reply) == [addressed(check, 1, 0, b"\x01")]


@given(noise=st.binary(max_size=60).filter(lambda noise: CREDIT not in noise))
def test_clean_frames_are_found_within_one_false_frame(noise):
    returned = framed(1, 40, 0, bytes([3, 0, 1, *bytes(8)]))
    found = Decoder(Check.SUM_8, 40).feed(noise + returned * (257 // len(returned) + 2))
    assert encode(found[-1]) == returned
    assert CREDIT not in map(encode, found)
