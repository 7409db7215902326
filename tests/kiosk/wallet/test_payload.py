"""Every public vector of Bitcoin addresses and links, and what else a phone may show."""

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.destination import Destination
from kiosk.wallet.families import SCHEMES
from kiosk.wallet.payload import MAX_PAYLOAD_CHARS, parse_payload, read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode
from wallet_vectors import VECTORS

NETWORKS = ("bitcoin", "testnet", "regtest", "practice")

# Core's names of chains -> the kiosk's networks that pay such an address. Signet's addresses are testnet's.
_PAID_ON = {
    "main": {"bitcoin"},
    "test": {"testnet"},
    "signet": {"testnet"},
    "regtest": {"regtest", "practice"},
}
GOOD = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # BIP-173


TEST_GOOD = "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"  # BIP-350


def code_of(text: str, network: str = "bitcoin") -> RefusalCode | None:
    found = parse_payload(text, network)
    return found.code if isinstance(found, PayloadRefusal) else None


def paid_on(text: str) -> set[str]:
    return {n for n in NETWORKS if isinstance(parse_payload(text, n), Destination)}


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["key_io"]["valid"], ids=lambda v: v["address"][:14])
def test_core_valid_address_is_paid_on_its_networks_alone(vector: dict[str, str]) -> None:
    expected = _PAID_ON[vector["chain"]]
    if vector["chain"] != "main" and vector["address"][0] in "mn2":
        expected = {"testnet", "regtest", "practice"}  # they share their base58 versions
    assert paid_on(vector["address"]) == expected
    for network in set(NETWORKS) - expected:
        assert code_of(vector["address"], network) is RefusalCode.WRONG_NETWORK


@pytest.mark.parametrize("text", VECTORS["key_io"]["invalid"])
def test_core_invalid_address_is_refused(text: str) -> None:
    assert paid_on(text) == set()


@pytest.mark.parametrize("vector", VECTORS["segwit"]["valid"], ids=lambda v: v["address"][:14])
def test_segwit_address_is_paid_and_written_in_lower_case(vector: dict[str, str]) -> None:
    network = "bitcoin" if vector["address"].lower().startswith("bc") else "testnet"
    destination = parse_payload(vector["address"], network)
    assert isinstance(destination, Destination)
    assert destination == Destination("BTC", network, vector["address"].lower(), None, None)


@pytest.mark.parametrize(
    "text",
    [text for text, _ in VECTORS["segwit"]["invalid"] + VECTORS["segwit"]["superseded_invalid"]]
    + VECTORS["segwit"]["superseded"],
)
def test_invalid_segwit_address_is_refused(text: str) -> None:
    assert paid_on(text) == set()
    if text.lower().startswith(("bc1", "tb1")) and len(text) > 12:
        assert code_of(text) is RefusalCode.BAD_ADDRESS


# --- links ---------------------------------------------------------------------------------------

# The BIP breaks the addresses of its examples on purpose; these take their places.
_BROKEN_ON_PURPOSE = {
    "175tWpb8K1S7NmH4Zx6rewF9WQrcZv245W": GOOD,
    "bc1qufgy354j3kmvuch987xe4s40836x3h0lg8f5nq": GOOD,
    "bc1p5swkugezn97763tl0yty6556856uug0q6jflljvep9m4p7339x5qzyrh4q": (
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"  # BIP-350
    ),
    "tb1qghfhmd4zh7ncpmxl3qzhmq566jk8ckq4gafnmq": (
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"  # BIP-350
    ),
}


def mended(uri: str) -> str:
    for broken, good in _BROKEN_ON_PURPOSE.items():
        uri = uri.replace(broken, good).replace(broken.upper(), good.upper())
    return uri


@pytest.mark.parametrize("example", VECTORS["bip321"]["examples"], ids=lambda e: e["uri"][:60])
def test_bip321_example(example: dict[str, object]) -> None:
    uri = mended(str(example["uri"]))
    network = "testnet" if "?tb=" in uri else "bitcoin"
    if not example["valid"]:
        assert code_of(uri, network) is not None
    elif uri == example["uri"]:  # no address in it: Lightning, offers, silent payments
        assert code_of(uri, network) is RefusalCode.UNSUPPORTED
    else:
        assert isinstance(parse_payload(uri, network), Destination)


@pytest.mark.parametrize(
    "example", VECTORS["bip321"]["proof_of_payment"], ids=lambda e: e["uri"][-30:]
)
def test_proof_of_payment_is_ignored_unless_required(example: dict[str, object]) -> None:
    uri = mended(str(example["uri"]))
    paid = isinstance(parse_payload(uri, "bitcoin"), Destination)
    assert paid == (not example["must_not_pay"] and GOOD in uri)


def test_broken_address_of_the_bip_is_a_bad_address() -> None:
    assert (
        code_of("bitcoin:175tWpb8K1S7NmH4Zx6rewF9WQrcZv245W?amount=20.3")
        is RefusalCode.BAD_ADDRESS
    )


def test_link_carries_amount_and_label() -> None:
    uri = f"BITCOIN:{GOOD.upper()}?AMOUNT=0.00021&Label=Caf%C3%A9%20Sol&message=hi&unknown=1"
    assert parse_payload(uri, "bitcoin") == Destination("BTC", "bitcoin", GOOD, 21_000, "Café Sol")


@pytest.mark.parametrize(
    ("amount", "satoshi"),
    [
        ("20.3", 2_030_000_000),  # BIP-21: "Request 20.30 BTC"
        ("50", 5_000_000_000),
        ("0.00000001", 1),
        (".5", 50_000_000),
        ("1.", 100_000_000),
        ("0.1000000000", 10_000_000),
        ("21000000", 2_100_000_000_000_000),
        ("0", None),
        ("0.29", 29_000_000),  # 0.29 * 1e8 is 28999999.999999996 in floats
    ],
)
def test_amount_is_exact(amount: str, satoshi: int | None) -> None:
    found = parse_payload(f"bitcoin:{GOOD}?amount={amount}", "bitcoin")
    assert isinstance(found, Destination)
    assert found.requested_base_units == satoshi


@pytest.mark.parametrize(
    "amount",
    [
        "",
        ".",
        "1,5",
        "-1",
        "+1",
        "1e3",
        "nan",
        "0.000000001",
        "21000000.00000001",
        "9" * 400,
        "٣",
        "1%20",
    ],
)
def test_amount_that_is_no_amount_is_refused(amount: str) -> None:
    assert code_of(f"bitcoin:{GOOD}?amount={amount}") is RefusalCode.UNSUPPORTED


def test_label_is_safe_to_show() -> None:
    hidden = "%E2%80%AEevil%1B%5Bm%0A%00" + "x" * 500
    found = parse_payload(f"bitcoin:{GOOD}?label={hidden}", "bitcoin")
    assert isinstance(found, Destination)
    assert found.label is not None
    assert found.label.isprintable()
    assert len(found.label) == 80


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Ann” Checked: safe “", "Ann Checked: safe"),  # it closes the quotation it stands in
        ("«Ann»", "Ann"),
        ("Ann's, for me", "Ann's, for me"),
        ("e" + 70 * "\u0301", "e" + 3 * "\u0301"),  # accents piled up over the line above
        ("Nguy\u1ec5n", "Nguy\u1ec5n"),
    ],
)
def test_label_stays_in_its_place(label: str, shown: str) -> None:
    found = parse_payload(f"bitcoin:{GOOD}?label={quote(label)}", "bitcoin")
    assert isinstance(found, Destination)
    assert found.label == shown


@pytest.mark.parametrize(
    ("uri", "network", "code"),
    [
        ("bitcoin:", "bitcoin", RefusalCode.BAD_ADDRESS),
        ("bitcoin:hello", "bitcoin", RefusalCode.BAD_ADDRESS),
        (f"bitcoin:?bc={GOOD}", "regtest", RefusalCode.WRONG_NETWORK),
        ("bitcoin:?bc=" + TEST_GOOD, "testnet", RefusalCode.WRONG_NETWORK),
        (f"bitcoin:?bc={GOOD}&bc={GOOD[:-1]}p", "bitcoin", RefusalCode.BAD_ADDRESS),
        (f"bitcoin:{GOOD}?req-somethingelse=1", "bitcoin", RefusalCode.UNSUPPORTED),
        (f"bitcoin:{GOOD}?REQ-x=1", "bitcoin", RefusalCode.UNSUPPORTED),
        ("bitcoin:?pay=x", "bitcoin", RefusalCode.UNSUPPORTED),
        ("bitcoin:?amount=1", "bitcoin", RefusalCode.UNSUPPORTED),
        # What is another coin's, or no address at all, but can be told.
        (f"bitcoin:{VECTORS['tron']['valid'][0]}", "bitcoin", RefusalCode.WRONG_NETWORK),
        (f"bitcoin:{VECTORS['solana']['valid'][0]}", "bitcoin", RefusalCode.WRONG_COIN),
        (f"bitcoin:{VECTORS['ethereum']['all_lower'][0]}", "bitcoin", RefusalCode.WRONG_COIN),
        ("bitcoin:rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "bitcoin", RefusalCode.WRONG_COIN),
        (f"bitcoin:{VECTORS['bolt11']['valid'][0][1]}", "bitcoin", RefusalCode.UNSUPPORTED),
        ("bitcoin:sp1qsilentpaymentsilentpayment", "bitcoin", RefusalCode.UNSUPPORTED),
    ],
)
def test_link_is_refused(uri: str, network: str, code: RefusalCode) -> None:
    assert code_of(uri, network) is code


# --- everything else -----------------------------------------------------------------------------


OTHER_COINS = {
    "Litecoin": [
        v["address"] for v in VECTORS["litecoin"]["valid"] if v["address"][0] not in "mn"
    ],
    "Dogecoin": [v["address"] for v in VECTORS["dogecoin"]["valid"]],
    "Bitcoin Cash": [new for _, new in VECTORS["bitcoincash"]["legacy_to_cashaddr"]],
    "Ethereum": [
        *VECTORS["ethereum"]["valid_checksum"],
        *VECTORS["ethereum"]["derived_invalid_checksum"],
        *(link["uri"] for link in VECTORS["erc681"]["valid"]),
    ],
    "Tron": VECTORS["tron"]["valid"],
    "Solana": VECTORS["solana"]["valid"] + VECTORS["solana"]["off_curve_program_derived"],
    "Monero": [
        *VECTORS["monero"]["mainnet"].values(),
        *VECTORS["monero"]["other_network_must_be_refused"],
    ],
    "XRP": ["rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "ripple:rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"],
}


@pytest.mark.parametrize(
    ("coin", "text"), [(coin, text) for coin, texts in OTHER_COINS.items() for text in texts]
)
def test_other_coin_is_named(coin: str, text: str) -> None:
    for network in NETWORKS:
        refusal = parse_payload(text, network)
        assert isinstance(refusal, PayloadRefusal)
        assert (refusal.code, refusal.detail) == (RefusalCode.WRONG_COIN, f"a code of {coin}")


@pytest.mark.parametrize(
    "text",
    [
        text
        for _, text in VECTORS["bolt11"]["valid"] + VECTORS["bolt11"]["invalid"]
        if "1p" in text[:20]
    ]
    + [VECTORS["lnurl"]["decode"][0]["lnurl"], "lnurlw://domain.com/path", "satoshi@bitcoin.org"],
)
def test_lightning_is_unsupported(text: str) -> None:
    assert code_of(text) is RefusalCode.UNSUPPORTED
    assert code_of(f"lightning:{text}") is RefusalCode.UNSUPPORTED


def test_link_offers_several_ways_and_the_kiosk_takes_its_own() -> None:
    donation = VECTORS["bolt11"]["valid"][0][1]
    link = f"bitcoin:?lightning={donation}&tb={TEST_GOOD}&bc={GOOD}&amount=1"
    for network, address in (("bitcoin", GOOD), ("testnet", TEST_GOOD)):
        assert parse_payload(link, network) == Destination(
            "BTC", network, address, 100_000_000, None
        )
    assert code_of(link, "regtest") is RefusalCode.WRONG_NETWORK
    only = read_payload(f"bitcoin:?lightning={donation}", 0)
    assert isinstance(only, Destination)
    assert (only.network, only.address) == ("lightning", donation)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "WIFI:T:WPA;S:cafe;P:secret;;",
        "mailto:ana@example.com",
        "x" * (MAX_PAYLOAD_CHARS + 1),
    ],
)
def test_what_is_no_wallet(text: str) -> None:
    assert code_of(text) is RefusalCode.NOT_A_WALLET


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.com/pay?to=" + GOOD, RefusalCode.WEB_PAGE),
        ("WWW.EXAMPLE.COM", RefusalCode.WEB_PAGE),
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD", RefusalCode.CONTACT),
        ("MECARD:N:Ana;TEL:5550100;;", RefusalCode.CONTACT),
    ],
)
def test_what_people_show_instead(text: str, code: RefusalCode) -> None:
    assert code_of(text) is code


VALID = [v["address"] for v in VECTORS["key_io"]["valid"]]
ANY_VALID = VALID + [address for addresses in OTHER_COINS.values() for address in addresses]


@given(st.sampled_from(ANY_VALID), st.data())
def test_one_wrong_letter_is_never_paid(address: str, data: st.DataObject) -> None:
    """Checksums promise this: bech32 finds any single change, base58 misses one in four thousand million."""
    at = data.draw(st.integers(0, len(address) - 1))
    others = [char for char in string.printable if char != address[at]]
    wrong = address[:at] + data.draw(st.sampled_from(others)) + address[at + 1 :]
    assert paid_on(wrong) == set()


@given(st.text() | st.text(string.printable), st.sampled_from(NETWORKS))
def test_no_text_raises(text: str, network: str) -> None:
    for payload in (
        text,
        f"bitcoin:{text}",
        f"bitcoin:{GOOD}?{text}",
        f"bitcoin:{GOOD}?amount={text}",
    ):
        assert isinstance(parse_payload(payload, network), Destination | PayloadRefusal)


@given(st.text() | st.text(string.printable), st.sampled_from(sorted(SCHEMES)))
def test_no_link_raises(text: str, scheme: str) -> None:
    address = next(
        a for texts in (OTHER_COINS["Monero"], OTHER_COINS["Solana"]) for a in texts if a
    )
    for payload in (
        f"{scheme}:{text}",
        f"{scheme}:{address}?{text}",
        f"{scheme}:{address}@{text}",
    ):
        assert isinstance(read_payload(payload, 0), Destination | PayloadRefusal)


@given(st.from_regex(r"\A(bc|tb|bcrt)1[a-z0-9]{0,90}\Z|\A[13mn2][A-Za-z0-9]{20,40}\Z"))
def test_no_almost_address_raises(text: str) -> None:
    parse_payload(text, "bitcoin")
