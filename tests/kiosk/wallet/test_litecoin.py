import pytest
from bip_utils.base58.base58 import Base58Encoder

from kiosk.wallet.destination import Destination
from kiosk.wallet.litecoin import read_dogecoin, read_litecoin
from kiosk.wallet.payload import read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused
from wallet_vectors import VECTORS, paid, refused

LITECOIN, DOGECOIN = VECTORS["litecoin"], VECTORS["dogecoin"]
NETWORKS = {"main": "litecoin", "test": "litecoin-testnet", "regtest": "litecoin-regtest"}
BARE_IS_BITCOINS = ("m", "n")  # the test networks of both share a version
# Bitcoin Core's key_io vectors; version 5 is also Litecoin's old form.
BITCOINS_3 = "3L1YkZjdeNSqaZcNKZFXQfyokx3zVYm7r6"


@pytest.mark.parametrize("vector", LITECOIN["valid"], ids=lambda v: v["address"][:14])
def test_valid_litecoin_address(vector: dict[str, str]) -> None:
    offers = read_litecoin(vector["address"])
    assert NETWORKS[vector["chain"]] in {offer.network for offer in offers}
    assert (vector["chain"] == "main") == (len(offers) == 1 and offers[0].network == "litecoin")
    bare = paid(vector["address"])
    is_bitcoins = vector["address"].startswith(BARE_IS_BITCOINS)
    assert bare == (
        Destination("BTC", "testnet", vector["address"], None, None) if is_bitcoins else offers[0]
    )


@pytest.mark.parametrize("text", LITECOIN["invalid"])
def test_invalid_litecoin_address(text: str) -> None:
    assert isinstance(read_payload(f"litecoin:{text}", 0), PayloadRefusal)
    found = read_payload(text, 0)
    assert isinstance(found, PayloadRefusal) or found.coin != "LTC"


def test_old_form_is_litecoins_where_the_link_says_so() -> None:
    assert paid(f"litecoin:{BITCOINS_3}").coin == "LTC"
    assert paid(BITCOINS_3).coin == "BTC"


def test_mweb_address_is_another_thing() -> None:
    mweb = LITECOIN["mweb_hrp"] + "1" + "q" * 112
    assert refused(mweb) is RefusalCode.UNSUPPORTED
    assert refused(f"litecoin:{mweb.upper()}") is RefusalCode.UNSUPPORTED


def test_link_carries_amount_and_label() -> None:
    address = LITECOIN["valid"][0]["address"]
    assert paid(f"LITECOIN:{address}?amount=1.5&label=Ana") == Destination(
        "LTC", "litecoin", address, 150_000_000, "Ana"
    )
    assert refused(f"litecoin:{address}?req-x=1") is RefusalCode.UNSUPPORTED


@pytest.mark.parametrize("vector", DOGECOIN["valid"], ids=lambda v: v["address"][:14])
def test_valid_dogecoin_address(vector: dict[str, str]) -> None:
    expected = Destination("DOGE", "dogecoin", vector["address"], None, None)
    assert paid(vector["address"]) == expected
    assert paid(f"dogecoin:{vector['address']}") == expected


@pytest.mark.parametrize("text", DOGECOIN["testnet_must_be_refused"])
def test_dogecoin_of_the_test_network_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_dogecoin(text)
    found = read_payload(text, 0)
    assert isinstance(found, PayloadRefusal) or (found.coin, found.network) == ("BTC", "testnet")


@pytest.mark.parametrize("size", [19, 21])
def test_hash_of_another_length_is_no_address(size: int) -> None:
    text = Base58Encoder.CheckEncode(bytes([30]) + bytes(range(size)))
    assert refused(f"dogecoin:{text}") is RefusalCode.BAD_ADDRESS


def test_a_link_of_one_coin_with_the_address_of_another() -> None:
    doge, bitcoin = DOGECOIN["valid"][0]["address"], VECTORS["segwit"]["valid"][0]["address"]
    assert refused(f"litecoin:{doge}") is RefusalCode.WRONG_COIN
    assert refused(f"dogecoin:{bitcoin}") is RefusalCode.WRONG_COIN
    assert refused(f"bitcoin:{doge}") is RefusalCode.WRONG_COIN
