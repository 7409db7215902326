import pytest
from bip_utils.base58.base58 import Base58Decoder, Base58Encoder

from kiosk.wallet.bech32 import BECH32, BECH32M, as_bytes, as_number, read_bech32
from wallet_vectors import VECTORS

ENCODINGS = {"bech32": BECH32, "bech32m": BECH32M}
KINDS = sorted(ENCODINGS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_text_is_valid_in_its_own_encoding_alone(kind: str) -> None:
    other = next(encoding for name, encoding in ENCODINGS.items() if name != kind)
    for text in VECTORS[kind]["valid"]:
        prefix, _ = read_bech32(text, ENCODINGS[kind])
        assert prefix == text.lower().rpartition("1")[0]
        assert read_bech32(text, other) is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_invalid_text_is_not_read(kind: str) -> None:
    for text, why in VECTORS[kind]["invalid"]:
        assert read_bech32(text, ENCODINGS[kind]) is None, why


@pytest.mark.parametrize("kind", KINDS)
def test_length_is_the_only_thing_wrong_with_the_long_ones(kind: str) -> None:
    (long,) = (text for text, why in VECTORS[kind]["invalid"] if "max length" in why)
    assert read_bech32(long, ENCODINGS[kind], max_chars=None) is not None


def test_words_of_five_bits_are_bytes_and_a_rest() -> None:
    words = [0b10101, 0b01010, 0b11111]
    assert as_number(words) == 0b10101_01010_11111
    assert as_bytes(words) == bytes([0b10101_010])


def test_the_library_writes_base58_as_bitcoin_core_does() -> None:
    for octets, text in VECTORS["base58"]["hex_to_base58"]:
        assert Base58Encoder.Encode(bytes.fromhex(octets)) == text
        assert Base58Decoder.Decode(text).hex() == octets
