"""Two code bases read every public vector the same way."""

import sys

import bdkpython
import pytest

from kiosk.wallet import bitcoin, second_opinion
from kiosk.wallet.payload import parse_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused
from kiosk.wallet.script_address import CHAINS, read_address
from wallet_vectors import VECTORS

SEGWIT, KEY_IO = VECTORS["segwit"], VECTORS["key_io"]
TEXTS = (
    [vector["address"] for group in (SEGWIT, KEY_IO) for vector in group["valid"]]
    + [text for text, _ in SEGWIT["invalid"] + SEGWIT["superseded_invalid"]]
    + SEGWIT["superseded"]
    + KEY_IO["invalid"]
    + KEY_IO["private_keys"]
)
ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # BIP-173
TEST_ADDRESS = (
    "mjgt4BoCYxjzWvJFoh68x7cj5GeaKDYhyx"  # Bitcoin Core's key_io vectors: any test network's
)


def first_opinion(text: str) -> set[str]:
    try:
        return set(read_address("BTC", text).networks)
    except Refused:
        return set()


def test_both_agree_on_every_vector() -> None:
    networks = [chain.network for chain in CHAINS["BTC"]]
    for text in TEXTS:
        assert {n for n in networks if second_opinion.agrees(text, n)} == first_opinion(text), text


@pytest.mark.parametrize("vector", KEY_IO["valid"], ids=lambda v: v["address"][:14])
def test_the_second_one_knows_the_script_too(vector: dict[str, str]) -> None:
    (network, *_) = first_opinion(vector["address"])
    script = bdkpython.Address(vector["address"], bdkpython.Network[network.upper()])
    assert script.script_pubkey().to_bytes().hex() == vector["scriptPubKey"]


@pytest.mark.parametrize(
    ("address", "network", "denied_on"),
    [(ADDRESS, "bitcoin", "bitcoin"), (TEST_ADDRESS, "testnet", "regtest")],
)
def test_what_the_second_one_denies_is_not_paid(
    address: str, network: str, denied_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitcoin, "agrees", lambda _address, network: network != denied_on)
    refusal = parse_payload(address, network)
    assert isinstance(refusal, PayloadRefusal)
    assert refusal.code is RefusalCode.UNSUPPORTED


def test_without_the_library_there_is_one_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bdkpython", None)
    second_opinion._library.cache_clear()
    assert second_opinion.agrees(ADDRESS, "bitcoin")
    second_opinion._library.cache_clear()
