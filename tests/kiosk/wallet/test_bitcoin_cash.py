import pytest
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
