"""SSI on the wire, held against public frames."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.engines.language import Answer, Code, Receipt
from drivers.scanner.engines.ssi.language import ACK, NAK_RESEND, QR_CODE, Ssi
from drivers.scanner.engines.ssi.packets import (
    CONTINUED,
    DATA_BYTES_MAX,
    DECODER,
    HOST,
    Decoder,
    Opcode,
    Packet,
    encode,
)

VECTORS = json.loads((Path(__file__).parent / "ssi_vectors.json").read_text())
REQUESTS = {request.data for request in (*Ssi.setup, *Ssi.start, *Ssi.stop)} | {ACK, NAK_RESEND}
QUIET_S = 10.0


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["description"])
def test_a_public_frame_decodes_and_encodes_back(vector):
    data = bytes.fromhex(vector["hex"])
    source = HOST if vector["direction"] == "host->device" else DECODER
    [packet] = Decoder(source).feed(data)
    assert encode(packet) == data


def test_what_we_send_is_among_the_public_frames_or_one_made_of_two_of_them():
    public = {bytes.fromhex(vector["hex"]) for vector in VECTORS}
    both = encode(Packet(Opcode.PARAM_SEND, bytes.fromhex("ff ee01 8a08")))  # two public pairs
    enable = encode(Packet(Opcode.SCAN_ENABLE))
    assert public | {both, enable} >= REQUESTS


def test_nothing_we_send_asks_for_a_permanent_change():
    for data in REQUESTS:
        [packet] = Decoder(HOST).feed(data)
        assert packet.status == 0


def test_data_that_do_not_fit_are_refused():
    assert len(encode(Packet(Opcode.DECODE_DATA, bytes(DATA_BYTES_MAX)))) == 257  # DS2208 guide
    with pytest.raises(ValueError, match="252 bytes"):
        encode(Packet(Opcode.DECODE_DATA, bytes(DATA_BYTES_MAX + 1)))


@given(
    garbage=st.binary(max_size=300),
    data=st.binary(max_size=DATA_BYTES_MAX),
    cut=st.integers(min_value=1, max_value=50),
)
def test_a_packet_behind_garbage_is_found_at_the_latest_when_it_is_sent_again(garbage, data, cut):
    packet = Packet(Opcode.DECODE_DATA, data, source=DECODER)
    decoder = Decoder(DECODER)
    decoder.feed(garbage)
    wire = encode(packet)
    found = [each for at in range(0, len(wire), cut) for each in decoder.feed(wire[at : at + cut])]
    decoder.discard()  # the line fell silent
    found += decoder.feed(wire)
    assert found[-1] == packet


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_no_bytes_raise_and_each_silence_begins_afresh(bursts):
    language = Ssi()
    for burst in bursts:
        language.hear(burst, 0.0)
        language.fall_silent()
    assert [item for item in language.hear(sent("still here"), 0.0) if isinstance(item, Code)] == [
        Code(b"still here")
    ]


def sent(text: str, status: int = 0, kind: int = QR_CODE) -> bytes:
    return encode(Packet(Opcode.DECODE_DATA, bytes([kind]) + text.encode(), status, DECODER))


def part(text: str, status: int) -> bytes:
    return encode(Packet(Opcode.DECODE_DATA, text.encode(), status, DECODER))


def test_a_code_is_acknowledged_and_the_same_packet_again_too_but_not_delivered():
    language = Ssi()
    assert language.hear(sent("wallet"), 0.0) == [Receipt(ACK), Code(b"wallet")]
    assert language.hear(sent("wallet", status=1), 2.0) == [Receipt(ACK)]


def test_a_damaged_packet_is_asked_for_again_once_the_line_is_quiet_and_then_taken():
    language = Ssi()
    damaged = bytearray(sent("wallet"))
    damaged[8] ^= 0x10
    assert language.hear(bytes(damaged), 0.0) == []
    assert language.fall_silent() == [Receipt(NAK_RESEND)]
    assert language.fall_silent() == []
    assert language.hear(sent("wallet", status=1), 0.6) == [Receipt(ACK), Code(b"wallet")]


def test_a_packet_sent_again_whose_first_sending_was_before_the_start_is_dropped():
    language = Ssi()
    language.hear(sent("wallet")[:-1] + b"\x00", 0.0)
    language.fall_silent()
    language.begin()
    assert language.hear(sent("wallet", status=1), 0.6) == [Receipt(ACK)]


def test_parts_are_joined_though_one_comes_twice():
    language = Ssi()
    heard = [
        *language.hear(sent("one ", CONTINUED), 0.0),
        *language.hear(part("two ", CONTINUED), 0.1),
        *language.hear(part("two ", CONTINUED | 1), 2.1),
        *language.hear(part("three", 0), 2.2),
    ]
    assert heard == [*[Receipt(ACK)] * 4, Code(b"one two three")]


def test_parts_whose_end_never_came_do_not_begin_the_next_code():
    language = Ssi()
    language.hear(sent("one ", CONTINUED), 0.0)
    assert language.hear(sent("wallet"), QUIET_S) == [Receipt(ACK), Code(b"wallet")]


def test_a_code_without_end_is_dropped_whole():
    language = Ssi()
    language.hear(sent("x" * 250, CONTINUED), 0.0)
    for _ in range(100):
        language.hear(part("x" * 250, CONTINUED), 0.0)
    assert language.hear(part("x", 0), 0.0) == [Receipt(ACK)]
    assert language.hear(sent("wallet"), 0.0) == [Receipt(ACK), Code(b"wallet")]


def test_other_kinds_of_codes_and_other_packets_are_only_acknowledged():
    language = Ssi()
    event = encode(Packet(0xF6, b"\x03", source=DECODER))
    assert language.hear(sent("4006381333931", kind=0x0B) + event, 0.0) == [Receipt(ACK)] * 2


@pytest.mark.parametrize(
    ("cause", "answer"),
    [
        (b"\x01", Answer(is_plea=True)),
        (b"\x06", Answer(refused=("a request, cause 06",))),
        (b"", Answer(refused=("a request, cause none",))),
    ],
)
def test_a_refusal_says_why(cause, answer):
    assert Ssi().hear(encode(Packet(Opcode.CMD_NAK, cause, source=DECODER)), 0.0) == [answer]
