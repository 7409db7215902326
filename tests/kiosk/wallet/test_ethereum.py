import pytest

from kiosk.wallet.destination import Destination
from kiosk.wallet.refusal import RefusalCode
from wallet_vectors import VECTORS, paid, refused

ETHEREUM, ETHER_LINK, TOKEN_LINK = VECTORS["ethereum"], *VECTORS["erc681"]["valid"]
MIXED = ETHEREUM["valid_checksum"][4]
(USDT,) = (c["address"] for c in VECTORS["usdt"]["contracts"] if c["chain"] == "ethereum")


@pytest.mark.parametrize("text", ETHEREUM["valid_checksum"])
def test_valid_address_is_of_a_chain_only_the_customer_knows(text: str) -> None:
    assert paid(text) == Destination("ETH", "evm", text, None, None)


@pytest.mark.parametrize(
    "text",
    ETHEREUM["all_caps"] + ETHEREUM["all_lower"] + ETHEREUM["derived_no_checksum_information"],
)
def test_address_without_a_checksum_is_shown_with_one(text: str) -> None:
    address = paid(text).address
    assert address.lower() == text.lower()
    assert paid(text.upper()).address == address
    if text in ETHEREUM["derived_no_checksum_information"]:
        assert address in ETHEREUM["valid_checksum"]


@pytest.mark.parametrize("text", ETHEREUM["derived_invalid_checksum"])
def test_wrong_checksum_is_refused(text: str) -> None:
    assert refused(text) is RefusalCode.BAD_ADDRESS
    assert refused(f"ethereum:{text}") is RefusalCode.BAD_ADDRESS


def test_link_for_ether() -> None:
    """The standard's own example has a wrong ERC-55 checksum, which is refused; without one it is paid."""
    assert refused(ETHER_LINK["uri"]) is RefusalCode.BAD_ADDRESS
    destination = paid(ETHER_LINK["uri"].lower())
    assert destination.address.lower() == ETHER_LINK["target"].lower()
    assert destination.requested_base_units == int(ETHER_LINK["value_wei"])


def test_link_for_a_token_pays_the_recipient_and_not_the_contract() -> None:
    destination = paid(TOKEN_LINK["uri"])
    assert destination.address.lower() == TOKEN_LINK["recipient"]
    assert destination.coin == TOKEN_LINK["token_contract"]
    assert destination.requested_base_units == int(TOKEN_LINK["amount_atomic"])
    known = paid(f"ethereum:{USDT}@1/transfer?address={MIXED}&uint256=1e6")
    assert known == Destination("USDT", "ethereum", MIXED, 1_000_000, None)


@pytest.mark.parametrize(
    "text",
    [
        USDT,
        USDT.lower(),
        f"ethereum:{USDT}@1?value=1",
        f"ethereum:{USDT}/transfer?address={USDT}&uint256=1",
    ],
)
def test_contract_of_a_token_is_no_payee(text: str) -> None:
    assert refused(text) is RefusalCode.TOKEN_CONTRACT


@pytest.mark.parametrize(
    ("after_scheme", "code"),
    [
        (f"{MIXED}@137", RefusalCode.WRONG_NETWORK),
        (f"{MIXED}/approve?address={MIXED}&uint256=1", RefusalCode.UNSUPPORTED),
        (f"{USDT}/transfer?uint256=1", RefusalCode.UNSUPPORTED),
        (f"{USDT}/transfer?address={MIXED}&value=1", RefusalCode.UNSUPPORTED),
        (f"{MIXED}?value=1&value=2", RefusalCode.UNSUPPORTED),
        ("vitalik.eth", RefusalCode.UNSUPPORTED),
        (MIXED[:-1], RefusalCode.BAD_ADDRESS),
        ("", RefusalCode.BAD_ADDRESS),
    ],
)
def test_link_is_refused(after_scheme: str, code: RefusalCode) -> None:
    assert refused(f"ethereum:{after_scheme}") is code


@pytest.mark.parametrize(
    ("value", "wei"),
    [("1", 1), ("1e18", 10**18), ("0.5E3", 500), ("+2.50e1", 25), ("0", None), ("1.0", 1)],
)
def test_number_is_exact(value: str, wei: int | None) -> None:
    assert paid(f"ethereum:pay-{MIXED}@1?value={value}").requested_base_units == wei


@pytest.mark.parametrize(
    "value", ["", ".", "-1", "1e", "1e-1", "0.5", "2.5e0", "1e78", "1e999", "nan", "0x1", "٣"]
)
def test_number_that_is_none_is_refused(value: str) -> None:
    assert refused(f"ethereum:{MIXED}?value={value}") is RefusalCode.UNSUPPORTED
