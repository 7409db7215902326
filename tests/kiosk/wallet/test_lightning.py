"""Invoices as BOLT-11's examples say, LNURLs and Lightning addresses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.bolt11 import read_invoice
from kiosk.wallet.lnurl import web_address
from kiosk.wallet.refusal import RefusalCode, Refused
from wallet_vectors import VECTORS, paid, refused

VALID, INVALID = VECTORS["bolt11"]["valid"], VECTORS["bolt11"]["invalid"]
DONATION = VALID[0][1]
CREATED_AT_S = 1496314658  # BOLT-11, "Examples": `pvjluez`
HOUR_S = 3600
LNURL = VECTORS["lnurl"]["decode"][0]
# As the examples' titles say it; after the prefix's `1` comes the time, a `p` in all of them.
AMOUNTS_BTC = {
    "lnbc1p": None,
    "lnbc2500u": "0.0025",
    "lnbc20m": "0.02",
    "lntb20m": "0.02",
    "lnbc9678785340p": "0.00967878534",
    "lnbc25m": "0.025",
    "lnbc10m": "0.01",
}


def amount_msat(text: str) -> int | None:
    prefix = next(known for known in AMOUNTS_BTC if text.lower().startswith(known))
    said = AMOUNTS_BTC[prefix]
    return None if said is None else int(Decimal(said) * 10**11)


@pytest.mark.parametrize(("what", "text"), VALID, ids=lambda value: value[:40])
def test_valid_invoice_is_read(what: str, text: str) -> None:
    invoice = read_invoice(text)
    assert invoice.amount_msat == amount_msat(text)
    assert invoice.network == ("lightning-testnet" if "testnet" in what else "lightning")


@pytest.mark.parametrize(("what", "text"), INVALID, ids=lambda value: value[:40])
def test_invalid_invoice_is_refused(what: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        read_invoice(text)
    broken = "bech32" in what.lower()
    expected = RefusalCode.BAD_ADDRESS if broken else RefusalCode.UNSUPPORTED
    assert caught.value.refusal.code is expected


def test_invoice_without_an_amount_is_paid_until_it_expires() -> None:
    expires_at_ms = (CREATED_AT_S + HOUR_S) * 1000
    for text in (DONATION, f"lightning:{DONATION}", f"LIGHTNING:{DONATION.upper()}"):
        destination = paid(text, expires_at_ms - 1)
        assert (destination.coin, destination.network) == ("BTC", "lightning")
        assert destination.address == DONATION
        assert destination.label == "Please consider supporting this project"
        assert destination.expires_at_ms == expires_at_ms
        assert refused(text, expires_at_ms) is RefusalCode.EXPIRED


def test_expiry_is_the_invoices_own() -> None:
    """ "Within one minute", says the document of it."""
    assert read_invoice(VALID[1][1]).expires_at_ms == (CREATED_AT_S + 60) * 1000


def test_description_is_the_invoices_own() -> None:
    assert read_invoice(VALID[2][1]).description == "ナンセンス 1杯"


def test_invoice_over_an_amount_can_only_be_paid_exactly() -> None:
    for _, text in VALID:
        if amount_msat(text) is not None:
            assert refused(text) is RefusalCode.FIXED_AMOUNT


@given(st.integers(5, len(DONATION) - 1), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_one_wrong_letter_is_never_paid(at: int, letter: str) -> None:
    if letter != DONATION[at]:
        assert refused(DONATION[:at] + letter + DONATION[at + 1 :]) is RefusalCode.BAD_ADDRESS


# --- LNURL ---------------------------------------------------------------------------------------


def test_lnurl_hides_a_web_address() -> None:
    assert web_address(LNURL["lnurl"]) == LNURL["url"]
    for text in (LNURL["lnurl"], f"lightning:{LNURL['lnurl'].lower()}"):
        assert paid(text).address == LNURL["url"]
    assert refused(LNURL["lnurl"][:-1] + "Q") is RefusalCode.BAD_ADDRESS


def test_schemes_of_lnurl_become_web_addresses() -> None:
    for text, url in VECTORS["lnurl"]["lud17"]:
        assert web_address(text) == url
        if text.startswith("lnurlp"):
            assert paid(text).address == url
        else:
            assert refused(text) is RefusalCode.UNSUPPORTED


def test_lightning_address_is_asked_over_the_web() -> None:
    ((text, url),) = VECTORS["lnurl"]["lud16"]
    for shown in (text, f"lightning:{text.upper()}"):
        destination = paid(shown)
        assert (destination.address, destination.label) == (url, text)


@pytest.mark.parametrize(
    "text",
    [
        "lnurlp://domain.com/path?tag=login",
        "keyauth://domain.com/path",
        "lnurlc://domain.com/path",
        "lnurlp://",
        "lnurlp://[broken/path",
        "lno1pqps7sjqpgtyzm3qv4uxzmtsd3jjqer9wd3hy6tsw35k7msjzfpy7nz5yqcnygrfdej82um5wf5k2uckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg",
    ],
)
def test_what_no_one_can_pay_is_unsupported(text: str) -> None:
    assert refused(text) is RefusalCode.UNSUPPORTED
