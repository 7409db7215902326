"""Tron, Solana and Monero."""

import pytest
from bip_utils.base58.base58 import Base58Decoder, Base58Encoder
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode
from wallet_vectors import VECTORS, paid, refused

TRON, SOLANA, MONERO = VECTORS["tron"], VECTORS["solana"], VECTORS["monero"]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CONTRACTS = {c["chain"]: c.get("address") or c["mint"] for c in VECTORS["usdt"]["contracts"]}
PAYEE = SOLANA["on_curve"][0]


# --- Tron ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TRON["valid"])
def test_valid_tron_address(text: str) -> None:
    for shown in (text, f"tron:{text}"):
        assert paid(shown) == Destination("TRX", "tron", text, None, None)


def test_tron_address_in_hex_is_shown_in_base58() -> None:
    address = paid(TRON["hex_form"]["valid"]).address
    assert paid(address) == Destination("TRX", "tron", address, None, None)


@pytest.mark.parametrize("text", TRON["invalid"])
def test_invalid_tron_address(text: str) -> None:
    found = read_payload(text, 0)
    assert isinstance(found, PayloadRefusal) or found.coin != "TRX"
    expected = RefusalCode.WRONG_COIN if text.startswith("0x") else RefusalCode.BAD_ADDRESS
    assert refused(f"tron:{text}") is expected


def test_link_nobody_agreed_on_is_unsupported() -> None:
    assert refused(f"tron:{TRON['valid'][0]}?amount=1") is RefusalCode.UNSUPPORTED


# --- Solana --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SOLANA["valid"] + SOLANA["on_curve"])
def test_valid_solana_address(text: str) -> None:
    for shown in (text, f"solana:{text}"):
        assert paid(shown) == Destination("SOL", "solana", text, None, None)


@pytest.mark.parametrize("text", SOLANA["off_curve_program_derived"])
def test_account_of_a_program_is_unsupported(text: str) -> None:
    assert refused(text) is RefusalCode.UNSUPPORTED


@pytest.mark.parametrize("text", SOLANA["invalid"])
def test_invalid_solana_address(text: str) -> None:
    assert isinstance(read_payload(text, 0), PayloadRefusal)
    assert refused(f"solana:{text}") is RefusalCode.BAD_ADDRESS


def test_link_of_solana_pay() -> None:
    assert paid(f"solana:{PAYEE}?amount=0.01&label=Ana%20B") == Destination(
        "SOL", "solana", PAYEE, 10_000_000, "Ana B"
    )
    token = paid(f"solana:{PAYEE}?amount=0.01&spl-token={CONTRACTS['solana']}")
    assert (token.coin, token.address, token.requested_base_units) == ("USDT", PAYEE, 10_000)


@pytest.mark.parametrize(
    "after_scheme",
    [
        f"{PAYEE}?amount=1&spl-token={SOLANA['on_curve'][1]}",
        f"{PAYEE}?memo=4711",
        f"{PAYEE}?amount=0.0000000001",
        "https%3A%2F%2Fexample.com%2Fpay",
        "https://example.com/pay",
    ],
)
def test_link_of_solana_pay_is_unsupported(after_scheme: str) -> None:
    assert refused(f"solana:{after_scheme}") is RefusalCode.UNSUPPORTED


# --- Monero --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", MONERO["mainnet"].values(), ids=MONERO["mainnet"])
def test_valid_monero_address(text: str) -> None:
    assert paid(text) == Destination("XMR", "monero", text, None, None)
    assert paid(f"monero:{text}?tx_amount=1.5&recipient_name=Ana") == Destination(
        "XMR", "monero", text, 1_500_000_000_000, "Ana"
    )


@pytest.mark.parametrize("text", MONERO["invalid"])
def test_invalid_monero_address(text: str) -> None:
    assert isinstance(read_payload(text, 0), PayloadRefusal)
    assert refused(f"monero:{text}") is RefusalCode.BAD_ADDRESS


def test_monero_address_has_one_spelling() -> None:
    """A block of eleven letters holds more than its eight bytes, and what is too much is not in the checksum."""
    address = MONERO["mainnet"]["standard"]
    block = int.from_bytes(Base58Decoder.Decode(address[:11]), "big") + 2**64
    alias = Base58Encoder.Encode(block.to_bytes(9, "big")) + address[11:]
    assert len(alias) == len(address)
    assert refused(f"monero:{alias}") is RefusalCode.BAD_ADDRESS


@pytest.mark.parametrize("text", MONERO["other_network_must_be_refused"])
def test_monero_of_a_test_network_is_refused(text: str) -> None:
    assert refused(text) is RefusalCode.WRONG_NETWORK


def test_monero_with_an_old_payment_id_is_lost_without_it_and_no_private_key() -> None:
    address = MONERO["mainnet"]["standard"]
    link = f"monero:{address}?tx_payment_id={'ab' * 32}"
    assert refused(link) is RefusalCode.UNSUPPORTED
    assert refused(f"monero:{address};{address}?tx_amount=1;2") is RefusalCode.UNSUPPORTED


# --- all -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_contract_of_a_token_is_no_payee(contract: str) -> None:
    assert refused(contract) is RefusalCode.TOKEN_CONTRACT


@given(st.sampled_from([*TRON["valid"], *MONERO["mainnet"].values()]), st.data())
def test_one_wrong_letter_is_never_paid(address: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(address) - 1))
    letter = data.draw(st.sampled_from([char for char in BASE58 if char != address[at]]))
    assert isinstance(read_payload(address[:at] + letter + address[at + 1 :], 0), PayloadRefusal)


def test_the_same_text_on_several_chains() -> None:
    """As the vectors' `cross_chain_confusion` lists them."""
    kinds = [case["kind"] for case in VECTORS["cross_chain_confusion"]["cases"]]
    assert [kind.partition(" ")[0] for kind in kinds] == ["0x...", "base58", "base58"]
    assert paid(VECTORS["ethereum"]["all_lower"][0]).network == "evm"
    for old, _ in VECTORS["bitcoincash"]["legacy_to_cashaddr"]:
        assert paid(old) == Destination("BTC", "bitcoin", old, None, None)
