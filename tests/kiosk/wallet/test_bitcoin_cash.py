import pytest
from bip_utils.bech32.bch_bech32 import BchBech32Encoder
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.bitcoin_cash import has_checksum, read_cashaddr
from kiosk.wallet.destination import Destination
from kiosk.wallet.refusal import RefusalCode
from wallet_vectors import VECTORS, paid, refused

CASH = VECTORS["bitcoincash"]
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@pytest.mark.parametrize(("old", "new"), CASH["legacy_to_cashaddr"])
def test_every_spelling_is_one_address(old: str, new: str) -> None:
    expected = Destination("BCH", "bitcoincash", new, None, None)
    bare = new.partition(":")[2]
    for text in (new, new.upper(), bare, bare.upper(), f"bitcoincash:{old}"):
        assert paid(text) == expected
    assert paid(old).coin == "BTC"  # the old form is Bitcoin's form


@pytest.mark.parametrize("vector", CASH["payloads"], ids=lambda v: v["address"][:20])
def test_payloads_of_every_size(vector: dict[str, object]) -> None:
    address, payload = str(vector["address"]), str(vector["payload"])
    prefix = address.partition(":")[0]
    assert read_cashaddr(address) == (prefix, vector["type"], bytes.fromhex(payload))
    if prefix == "bitcoincash" and vector["size_bytes"] == 20:
        assert paid(address).address == address
    elif prefix == "bitcoincash":
        assert refused(address) is RefusalCode.UNSUPPORTED
    elif prefix == "bchtest":
        assert refused(address) is RefusalCode.WRONG_NETWORK


@pytest.mark.parametrize(
    ("version", "size", "code"),
    [
        (0x0B, 32, None),  # P2SH of 32 bytes: CHIP-2022-05
        (0x10, 20, None),  # P2PKH that takes tokens: CHIP-2022-02
        (0x03, 32, RefusalCode.UNSUPPORTED),  # no P2PKH is as long
        (0x80, 20, RefusalCode.BAD_ADDRESS),  # the reserved bit
        (0x00, 32, RefusalCode.BAD_ADDRESS),  # not the size that the version says
    ],
)
def test_versions_beyond_the_vectors(version: int, size: int, code: RefusalCode | None) -> None:
    address = BchBech32Encoder.Encode("bitcoincash", bytes([version]), bytes(range(size)))
    if code is None:
        for text in (address, address.partition(":")[2]):
            assert paid(text).address == address
    else:
        assert refused(address) is code


def test_texts_that_are_a_checksum_and_no_address() -> None:
    for text in CASH["checksum_only"]:
        assert has_checksum(text)
        assert not has_checksum(text[:-1] + ("q" if text[-1] != "q" else "p"))


@given(st.sampled_from([new for _, new in CASH["legacy_to_cashaddr"]]), st.data())
def test_one_wrong_letter_is_never_paid(address: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(len("bitcoincash:"), len(address) - 1))
    letter = data.draw(st.sampled_from([char for char in LETTERS if char != address[at]]))
    wrong = address[:at] + letter + address[at + 1 :]
    assert refused(wrong) is RefusalCode.BAD_ADDRESS


def test_link_carries_an_amount() -> None:
    address = CASH["legacy_to_cashaddr"][0][1]
    assert paid(f"{address}?amount=0.1").requested_base_units == 10_000_000
