"""Whatever holds a private key is named before anything else, and nothing of it comes back."""

import json
from dataclasses import astuple
from urllib.parse import quote

import pytest
from bip_utils.base58.base58 import Base58Encoder
from bip_utils.bip.bip39 import Bip39Languages, Bip39MnemonicGenerator
from bip_utils.monero.mnemonic_legacy import MoneroLanguages, MoneroMnemonicGenerator
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wallet.payload import parse_payload, read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode
from wallet_vectors import VECTORS, paid, refused

GOOD = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # BIP-173
KEY = bytes(range(1, 33))
HEX = KEY.hex()

# Version bytes of WIF from each coin's chainparams.cpp: Bitcoin, Bitcoin's tests, Litecoin, Dogecoin, Dash.
WIF = [
    Base58Encoder.CheckEncode(bytes([version]) + KEY + flag)
    for version in (0x80, 0xEF, 0xB0, 0x9E, 0xCC)
    for flag in (b"", b"\x01")
]
# BIP-32, test vector 1, chain m; the same under Litecoin's and Dogecoin's versions (SLIP-132)
XPRV = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
XPUB = "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
EXTENDED = [
    Base58Encoder.CheckEncode(bytes.fromhex(version) + bytes(41) + b"\x00" + KEY)
    for version in ("019d9cfe", "02fac398", "04b2430c")
]
BIP38 = "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg"  # BIP-38, first vector
PROVEN = [*WIF, XPRV, *EXTENDED, BIP38, *VECTORS["key_io"]["private_keys"]]

WORDS = [
    # BIP-39, English test vectors: the first of 12 and of 24 words
    "abandon " * 11 + "about",
    "abandon " * 23 + "art",
    *(
        str(Bip39MnemonicGenerator(language).FromEntropy(entropy))
        for language in Bip39Languages
        for entropy in (KEY[:16], KEY)
    ),
    *(
        str(MoneroMnemonicGenerator(language).FromEntropyWithChecksum(KEY))
        for language in MoneroLanguages
    ),
]
UNPROVEN = [
    "0" * 44 + "0003",  # SeedQR: the numbers of 12 words
    HEX,
    HEX.upper(),
    f"0x{HEX}",
    Base58Encoder.Encode(KEY + KEY),  # 64 bytes: Solana's
]
SAID = [
    json.dumps(list(KEY + KEY)),
    f"ur:crypto-seed/{'ae' * 30}",
    f"monero_wallet:{VECTORS['monero']['mainnet']['standard']}?height=1",
    f"monero:{VECTORS['monero']['mainnet']['standard']}?spend_key=x",
]


def is_private_key(text: str) -> bool:
    parsed = {parse_payload(text, network) for network in ("bitcoin", "regtest")}
    codes = {found.code for found in parsed if isinstance(found, PayloadRefusal)}
    return refused(text) is RefusalCode.PRIVATE_KEY and codes == {RefusalCode.PRIVATE_KEY}


@pytest.mark.parametrize("secret", PROVEN + WORDS + UNPROVEN, ids=lambda s: s[:24])
def test_secret_is_named_alone_and_in_a_link(secret: str) -> None:
    for text in (
        secret,
        f" {secret}\n",
        f"bitcoin:{secret}",
        f"bitcoin:?bc={secret}",
        f"ethereum:{secret}",
        f"monero:{secret}",
        f"x:{secret}",
        f"bitcoin:{GOOD}?label={quote(secret)}",
    ):
        assert is_private_key(text), text


@pytest.mark.parametrize("secret", PROVEN + WORDS, ids=lambda s: s[:24])
def test_proven_secret_is_named_on_a_web_page_too(secret: str) -> None:
    assert is_private_key(f"https://example.com/?backup={quote(secret)}")


@pytest.mark.parametrize("text", SAID, ids=lambda text: text[:24])
def test_text_that_says_it_is_a_secret(text: str) -> None:
    assert is_private_key(text)


def test_words_are_known_however_they_are_written() -> None:
    spanish = str(Bip39MnemonicGenerator(Bip39Languages.SPANISH).FromEntropy(KEY[:16]))
    numbered = "\n".join(f"{n}. {word}" for n, word in enumerate(spanish.split(), 1))
    for text in (spanish.upper(), numbered, spanish.replace(" ", ", "), f"mine: {spanish} bye"):
        assert is_private_key(text)
    chinese = str(Bip39MnemonicGenerator(Bip39Languages.CHINESE_SIMPLIFIED).FromEntropy(KEY[:16]))
    assert is_private_key(chinese.replace(" ", ""))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"https://example.com/tx/{HEX}", RefusalCode.WEB_PAGE),  # the number of a transaction
        (XPUB, RefusalCode.UNSUPPORTED),
        (
            "a message of just twelve words that is no seed at all friends",
            RefusalCode.NOT_A_WALLET,
        ),
        ("我们在这里等你一起吃饭吧", RefusalCode.NOT_A_WALLET),
    ],
)
def test_what_is_no_secret(text: str, code: RefusalCode) -> None:
    assert refused(text) is code


def test_lnurl_may_carry_32_bytes() -> None:
    assert paid(f"lnurlp://example.com/?k1={HEX}").network == "lightning"


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from([0x80, 0xEF, 0xB0, 0x9E]),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_no_key_ever_comes_back(key: bytes, version: int, before: str, after: str) -> None:
    wif = Base58Encoder.CheckEncode(bytes([version]) + key + b"\x01")
    for secret in (wif, key.hex()):
        for text in (
            secret,
            f"{before}:{secret}",
            f"bitcoin:{GOOD}?label={before} {secret} {after}",
        ):
            found = read_payload(text, 0)
            assert not any(secret in str(value) for value in astuple(found))
