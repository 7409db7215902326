"""Packets of SSP, the blocks of eSSP, and the events in a poll: public vectors, torn and dirty lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.ssp import encryption
from drivers.bill_acceptor.ssp.codec import Decoder, crc, describe, encode
from drivers.bill_acceptor.ssp.encryption import KeyExchange, Session, aes_key, seal, unseal
from drivers.bill_acceptor.ssp.frames import ENCRYPTED, Command, Reply
from drivers.bill_acceptor.ssp.poll_events import Event, EventCode, read_events
from ssp_bench import check

VECTORS = json.loads(Path(__file__).with_name("ssp_vectors.json").read_text())
BLOCKS = [vector for vector in VECTORS if "plain_block" in vector and "aes128_key" in vector]
EXCHANGES = [vector["dh"] for vector in VECTORS if "dh" in vector]
CREDIT = bytes.fromhex("7f8004f0ee01ebb948")  # the manual's own: NOTE CREDIT of channel 1, STACKED
REJECTING = bytes.fromhex("7f8002f0ed51a2")
KEY = aes_key(106_720_119)

sequences = st.integers(0, 1)
replies = st.builds(Reply, st.integers(0, 255), st.binary(max_size=40), sequences)


def decode(data: bytes) -> list[Reply]:
    return Decoder(Reply).feed(data)


def test_the_catalogues_check_value():
    assert crc(b"123456789") == 0xAEE7  # CRC-16/CMS


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["description"] for vector in VECTORS])
def test_public_vectors_decode_and_encode_to_the_same_bytes(vector):
    wire = bytes.fromhex(vector["hex"])
    make = Command if vector["direction"] == "host->device" else Reply
    (packet,) = Decoder(make).feed(wire)
    assert packet.sequence == wire[1] >> 7
    assert len(packet.data) + 1 == wire[2]
    assert encode(packet) == wire


@pytest.mark.parametrize("vector", BLOCKS, ids=[vector["description"] for vector in BLOCKS])
def test_public_blocks_open_and_close_again(vector):
    """Captured from ITL's own C library and from two public clients."""
    (packet,) = Decoder(Reply).feed(bytes.fromhex(vector["hex"]))
    key, data = bytes.fromhex(vector["aes128_key"]), bytes.fromhex(vector["data"])
    assert packet.code == ENCRYPTED
    assert unseal(packet.data, key) == (vector["ecount"], data)
    padding = bytes.fromhex(vector["plain_block"])[5 + len(data) : -2]
    assert seal(data, key, vector["ecount"], padding) == packet.data


@pytest.mark.parametrize("numbers", EXCHANGES)
def test_the_key_that_public_clients_agreed_on(numbers):
    shared = pow(numbers["host_inter"], numbers["slave_random"], numbers["modulus"])
    assert shared == numbers["shared_key"]
    assert aes_key(shared).hex() == numbers["aes128_key"]


@given(secret=st.integers(1, encryption.MODULUS - 2))
def test_both_ends_agree_on_the_key(secret):
    ours = KeyExchange()
    session = ours.session(pow(encryption.GENERATOR, secret, encryption.MODULUS))
    theirs = aes_key(pow(ours.host_inter_key, secret, encryption.MODULUS))
    assert unseal(session.seal(b"\x07"), theirs) == (0, b"\x07")


@pytest.mark.parametrize("number", [encryption.GENERATOR, encryption.MODULUS])
def test_the_numbers_of_the_exchange_are_prime(number):
    """A unit refuses others with F4: skokov3812/encrypted-smiley-secure-protocol, thread 13."""
    assert all(number % divisor for divisor in range(2, int(number**0.5) + 1))
    assert encryption.MODULUS < encryption.GENERATOR


def test_counts_go_up_with_each_command_and_a_repeated_reply_keeps_its_own():
    session = Session(KEY)
    assert unseal(session.seal(b"\x07"), KEY) == (0, b"\x07")
    reply = seal(b"\xf0", KEY, 1)
    assert session.unseal(reply) == session.unseal(reply) == b"\xf0"
    assert unseal(session.seal(b"\x07"), KEY) == (1, b"\x07")
    assert session.unseal(reply) is None
    assert session.unseal(seal(b"\xf0", KEY, 2)) == b"\xf0"


@given(st.binary(max_size=64))
def test_a_block_that_is_not_for_us_opens_to_nothing(block):
    assert unseal(block, KEY) is None


@given(st.binary(min_size=1, max_size=100), st.integers(0, 0xFFFFFFFF))
def test_a_block_opens_to_what_was_sealed(data, count):
    block = seal(data, KEY, count)
    assert len(block) % 16 == 0
    assert unseal(block, KEY) == (count, data)
    assert unseal(block[:-1] + bytes([block[-1] ^ 1]), KEY) is None


def test_a_stuffed_byte_stands_alone_after_decoding():
    reply = Reply(0xF0, b"\x7f\x7f\x00", sequence=1)
    wire = encode(reply)
    assert wire.startswith(bytes.fromhex("7f 80 04 f0 7f7f 7f7f 00"))
    assert decode(wire) == [reply]


def test_the_check_is_stuffed_too():
    replies_ = [Reply(0xF0, number.to_bytes(2, "big")) for number in range(0x7F00)]
    reply = next(each for each in replies_ if check(b"\x00\x03\xf0" + each.data)[1] == 0x7F)
    wire = encode(reply)
    assert wire[-2:] == b"\x7f\x7f"
    assert decode(wire) == [reply]


def test_two_packets_in_one_read():
    assert [len(reply.data) for reply in decode(CREDIT + REJECTING)] == [3, 1]


def test_a_wrong_check_hides_nothing_behind_it():
    assert decode(CREDIT[:-1] + b"\x00" + REJECTING) == decode(REJECTING)


def test_a_packet_that_was_cut_short_hides_nothing_behind_it():
    assert decode(CREDIT[:5] + REJECTING) == decode(REJECTING)


def test_a_half_packet_waits_for_its_rest_or_is_discarded():
    decoder = Decoder(Reply)
    assert decoder.feed(CREDIT[:4]) == []
    assert decoder.feed(CREDIT[4:]) == decode(CREDIT)
    assert decoder.feed(CREDIT[:4]) == []
    decoder.discard()
    assert decoder.feed(REJECTING) == decode(REJECTING)


def test_data_too_long_for_a_packet():
    assert encode(Reply(0xF0, bytes(254)))[2] == 255
    with pytest.raises(ValueError, match="256 bytes"):
        encode(Reply(0xF0, bytes(255)))


@given(st.lists(replies, max_size=6), st.data())
def test_splitting_never_matters(packets, data):
    wire = b"".join(map(encode, packets))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    decoder, found = Decoder(Reply), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        found += decoder.feed(wire[start:end])
    assert found == packets


@given(
    st.binary(max_size=600) | st.lists(st.sampled_from([0x7F, 0x80, 1, 2]), max_size=90).map(bytes)
)
def test_noise_never_raises_and_packets_carry_a_right_check(noise):
    for packet in decode(noise):
        assert encode(packet) in noise


@given(
    st.binary(max_size=60) | st.lists(st.sampled_from([0x7F, 0x80, 1, 9]), max_size=30).map(bytes)
)
def test_a_clean_packet_is_found_after_noise_and_a_time_out(noise):
    decoder = Decoder(Reply)
    decoder.feed(noise)
    decoder.discard()
    assert decoder.feed(CREDIT) == decode(CREDIT)


@given(st.binary(max_size=60))
def test_clean_packets_are_found_at_the_second_at_the_latest(noise):
    """The first may end a false one with the byte that begins it; a single 7F ends all false ones."""
    assert decode(noise + REJECTING * 2)[-1:] == decode(REJECTING)


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (Command(0x07), "POLL"),
        (Command(0x06, b"\x06"), "HOST_PROTOCOL_VERSION 06"),
        (Command(0x3E, b"EUR"), "0x3E 45 55 52"),
        (Command(0x7E, bytes(16)), "encrypted, 16 bytes"),
        (Reply(0xF0), "OK"),
        (Reply(0xF0, b"\xee\x05\xeb"), "OK, as events: NOTE_CREDIT 05, STACKED"),
        (Reply(0xF0, b"\x02"), "OK 02"),
        (Reply(0xFA), "KEY_NOT_SET"),
        (Reply(0xF1), "0xF1"),
        (Reply(0x7E, bytes(16)), "encrypted, 16 bytes"),
    ],
)
def test_packets_in_words(packet, words):
    assert describe(packet) == words


def events(text: str) -> list[Event]:
    found, rest = read_events(bytes.fromhex(text))
    assert rest == b""
    return found


def test_events_and_their_data():
    read, stacking, credit, stacked = events("EF 05 CC EE 05 EB")
    assert (read.channel, credit.channel, stacking.channel, stacked.channel) == (5, 5, 0, 0)


def test_an_event_of_the_payout_family_with_and_without_its_value():
    assert [event.bill for event in events("CB D0070000474250 E8")] == [Bill(2000, "GBP"), None]
    assert [event.code for event in events("CA E8")] == [0xCA, 0xE8]
    assert [event.code for event in events("DA 02 D0070000474250 E8030000455552 EB")] == [
        0xDA,
        0xEB,
    ]
    assert [event.code for event in events("DC 01 00000000 D0070000474250 EB")] == [0xDC, 0xEB]


@pytest.mark.parametrize("rest", ["A5", "A5 EE 05", "EE", "DA", "DA 01 D0"])
def test_what_cannot_be_read_is_given_back_whole(rest):
    found, left = read_events(bytes.fromhex("CC" + rest))
    assert [event.code for event in found] == [EventCode.STACKING]
    assert left == bytes.fromhex(rest)


@given(st.binary(max_size=60))
def test_events_lose_no_byte(data):
    found, rest = read_events(data)
    assert b"".join(bytes([event.code]) + event.data for event in found) + rest == data
    assert all(event.name for event in found)
