"""SSP packets and eSSP blocks, against packets that the manual prints and that other software sent."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.ssp.encryption import agree, is_prime, key, seal, unseal
from hardware_sim.bill_acceptor.ssp.frames import SEQUENCE, Packet, PacketReader, checksum, wrap

POLL = bytes.fromhex("7F 80 01 07 12 02")
packets = st.builds(
    Packet,
    st.integers(0, 0x7D),
    st.sampled_from([0, SEQUENCE]),
    st.binary(max_size=20) | st.lists(st.sampled_from([0x7F, 0]), max_size=20).map(bytes),
)


def test_checksum_is_crc_16_cms() -> None:
    assert checksum(b"123456789") == bytes.fromhex("E7AE")  # 0xAEE7, low byte first


# ITL SSP Protocol Manual GA138 v2.2: replies of its packet examples.
@pytest.mark.parametrize(
    ("hex_packet", "data"),
    [
        ("7f8001f12600", "f1"),
        ("7f8003f0ef00cfca", "f0ef00"),
        ("7f8003f0ef03c5ca", "f0ef03"),
        ("7f8004f0ee01ebb948", "f0ee01eb"),
        ("7f8002f0ed51a2", "f0ed"),
        ("7f8002f0e94a22", "f0e9"),
        ("7f8002f0e84fa2", "f0e8"),
        ("7f8002f0e76da2", "f0e7"),
        ("7f8003f0e602c07c", "f0e602"),
        ("7f8002f0080c20", "f008"),
        ("7f8001f53d80", "f5"),
        ("7f8001f43800", "f4"),
    ],
)
def test_replies_of_the_manual(hex_packet: str, data: str) -> None:
    sent = bytes.fromhex(hex_packet)
    packet = Packet(0, SEQUENCE, bytes.fromhex(data))
    assert wrap(packet) == sent
    assert PacketReader().feed(sent) == [packet]


@given(st.lists(packets, max_size=5), st.data())
def test_packets_arrive_however_the_bytes_are_cut(sent, data) -> None:
    line = b"".join(map(wrap, sent))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(line)))) | {0, len(line)})
    reader = PacketReader()
    assert [one for start, end in pairwise(cuts) for one in reader.feed(line[start:end])] == sent


@given(st.binary(max_size=300), packets)
def test_after_any_noise_the_second_packet_is_heard(noise: bytes, sent) -> None:
    reader = PacketReader()
    reader.feed(noise + wrap(Packet(0, 0, b"\x07")))
    assert reader.feed(wrap(sent)) == [sent]


@given(packets, st.integers(0, 7), st.data())
def test_one_wrong_bit_makes_a_packet_unheard(sent, bit, data) -> None:
    line = bytearray(wrap(sent))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << bit
    assert sent not in PacketReader().feed(bytes(line))


@pytest.mark.parametrize("before", ["7F", "7F 80", "7F 80 05 07", "00 11 7F 80 01 07 12"])
def test_a_start_in_the_middle_begins_anew(before: str) -> None:
    assert PacketReader().feed(bytes.fromhex(before) + POLL) == [Packet(0, SEQUENCE, b"\x07")]


# Blocks of other software and of a real device, with their keys and padding (bill protocol vectors:
# kybarg/ssp, npm encrypted-smiley-secure-protocol, ITL's library in PyPI eSSP6).
@pytest.mark.parametrize(
    ("hex_packet", "aes_key", "block", "count", "data"),
    [
        (
            "7f00117e702ffe1d411944addad1dfd677f533cc631d",
            "67452301674523019565000000000000",
            "0501000000f0004a78b4a16c6cd31b6f",
            1,
            "f0004a78b4",
        ),
        (
            "7f00117e4a2ee95bf75612500c1d5243b1a515c1e1d2",
            "6745230167452301776b5c0600000000",
            "010500000007abb9696c86dd1b5757c1",
            5,
            "07",
        ),
        (
            "7f80117e00807f7f87e641434cc02bc3b76d6ed053da65",
            "674523016745230108ea000000000000",
            "0107000000072ae6dfd3b4060dc1a540",
            7,
            "07",
        ),
        (
            "7f80117eac9339ebfef2a5670a92514a0356ef4d7f7f07",
            "674523016745230108ea000000000000",
            "012900000007e3d505a9fa05342e0286",
            41,
            "07",
        ),
    ],
)
def test_blocks_of_other_software(hex_packet, aes_key, block, count, data) -> None:
    line, its_key = bytes.fromhex(hex_packet), bytes.fromhex(aes_key)
    (packet,) = PacketReader().feed(line)
    assert unseal(its_key, packet.data) == (count, bytes.fromhex(data))
    padding = bytes.fromhex(block)[5 + len(bytes.fromhex(data)) : -2]
    sealed = seal(its_key, count, bytes.fromhex(data), lambda _: padding)
    assert wrap(Packet(packet.address, packet.sequence, sealed)) == line


@pytest.mark.parametrize(
    ("numbers", "intermediate", "aes_key"),
    [
        ((65479, 61379, 45362, 950741098), 2443, "674523016745230108ea000000000000"),
        (
            (128395691, 130855177, 119249800, 424494313),
            57800883,
            "6745230167452301776b5c0600000000",
        ),
    ],
)
def test_keys_that_other_software_agreed_on(numbers, intermediate, aes_key) -> None:
    agreement = agree(*numbers)
    assert agreement.intermediate == intermediate
    assert key(0x0123456701234567, agreement.negotiated) == bytes.fromhex(aes_key)


@given(
    st.binary(min_size=1, max_size=200),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=16, max_size=16),
)
def test_what_is_sealed_is_unsealed_with_the_same_key_alone(data, count, its_key) -> None:
    sealed = seal(its_key, count, data)
    assert len(sealed) % 16 == 1
    assert unseal(its_key, sealed) == (count, data)
    other_key = bytes([its_key[0] ^ 1]) + its_key[1:]
    assert unseal(other_key, sealed) != (count, data)


@given(st.binary(max_size=80), st.binary(min_size=16, max_size=16))
def test_no_block_is_read_from_garbage_by_raising(garbage, its_key) -> None:
    unseal(its_key, b"\x7e" + garbage)


@pytest.mark.parametrize(
    "number", [2, 3, 37, 41, 982451653, 1287821, 65479, 61379, 128395691, 2**64 - 59]
)
def test_primes(number: int) -> None:
    assert is_prime(number)


@pytest.mark.parametrize(
    "number",
    [
        *(0, 1, 4, 12883, 10225),
        561,  # Carmichael's first
        3215031751,  # a strong pseudoprime to the bases 2, 3, 5 and 7
        2**64 - 1,
        (2**32 - 5) * (2**32 - 17),
    ],
)
def test_composites(number: int) -> None:
    assert not is_prime(number)
