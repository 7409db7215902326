"""Invoices as BOLT-11's examples say, LNURLs and Lightning addresses."""

from decimal import Decimal

import pytest
from bip_utils.bech32.bech32 import Bech32Encoder, Bech32Utils
from bip_utils.bech32.bech32_base import Bech32BaseConst
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.bech32 import as_bytes, read_bech32
from kiosk.wallet.bolt11 import read_invoice
from kiosk.wallet.destination import Destination
from kiosk.wallet.lnurl import web_address
from kiosk.wallet.payload import read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode, Refused
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


# --- invoices of our own making -----------------------------------------------------------------


def written(prefix: str, words: list[int]) -> str:
    """Any words, under a right checksum."""
    words = words + Bech32Utils.ComputeChecksum(prefix, words)
    return f"{prefix}1" + "".join(Bech32BaseConst.CHARSET[word] for word in words)


def in_words(octets: bytes) -> list[int]:
    bits = "".join(f"{octet:08b}" for octet in octets)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


def signed(data: list[int], key: PrivateKey, *, is_low: bool = True) -> str:
    """Of the two signatures of a message that prove the same, the one with the low or the high S (BIP-62)."""
    bits = "".join(f"{word:05b}" for word in data)
    bits += "0" * (-len(bits) % 8)
    message = b"lnbc" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    signature = key.sign_recoverable(message)
    if not is_low:
        high_s = CURVE_ORDER - int.from_bytes(signature[32:64], "big")
        signature = signature[:32] + high_s.to_bytes(32, "big") + bytes([signature[64] ^ 1])
    return written("lnbc", data + in_words(signature))


def field(kind: int, words: list[int]) -> list[int]:
    return [kind, len(words) // 32, len(words) % 32, *words]


PARTS = read_bech32(DONATION, max_chars=None)
assert PARTS is not None
UNSIGNED = PARTS[1][:-104]
CURVE_ORDER = int("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", 16)  # SEC 2
KEY, OTHER_KEY = PrivateKey(bytes(31) + b"\1"), PrivateKey(bytes(31) + b"\2")


def test_signature_is_the_named_payees() -> None:
    named = UNSIGNED + field(19, in_words(KEY.public_key.format()))
    assert as_bytes(in_words(KEY.public_key.format())) == KEY.public_key.format()
    assert paid(signed(named, KEY)).network == "lightning"
    assert refused(signed(named, OTHER_KEY)) is RefusalCode.UNSUPPORTED
    assert refused(signed(named, KEY, is_low=False)) is RefusalCode.UNSUPPORTED
    assert paid(signed(UNSIGNED, KEY, is_low=False)).network == "lightning"


def test_the_first_of_two_fields_is_preferred() -> None:
    twice = signed(UNSIGNED + field(13, in_words(b"another")), KEY)
    assert read_invoice(twice).description == read_invoice(DONATION).description


def test_what_never_expires_expires_when_the_time_of_invoices_ends() -> None:
    patient = signed(UNSIGNED + field(6, [31] * 1023), KEY)
    assert read_invoice(patient).expires_at_ms == (CREATED_AT_S + 2**35) * 1000


def test_field_that_does_not_end_is_refused() -> None:
    for cut in ([13], [13, 0], [13, 0, 2, 1]):
        assert refused(signed(UNSIGNED + cut, KEY)) is RefusalCode.UNSUPPORTED


@given(
    st.sampled_from(["lnbc", "lntb1m", "lnbcrt10p", "lntbs", "lnbc0", "lnxy", "lnurl", "ln"]),
    st.lists(st.integers(0, 31), max_size=160),
)
def test_nothing_under_a_right_checksum_raises(prefix: str, words: list[int]) -> None:
    found = read_payload("lightning:" + written(prefix, words), 0)
    assert isinstance(found, Destination | PayloadRefusal)


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
    "url",
    [
        "http://example.com/pay",
        "https://",
        "https://user@example.com/pay",
        "ftp://example.com/pay",
        "https://[broken/pay",
        "https://exämple.com/pay",
        "https://example.com/pay\n",
        "",
    ],
)
def test_lnurl_of_no_safe_web_address_is_unsupported(url: str) -> None:
    assert refused(Bech32Encoder.Encode("lnurl", url.encode())) is RefusalCode.UNSUPPORTED


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
