"""Who may speak: one key for each kiosk, given in any form, and none that anyone could sign for."""

import base64
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from disbursement.commands import main
from disbursement.errors import InvalidSetup
from disbursement.speakers.keys import read_public_key
from disbursement.speakers.low_order import P

KEY = Ed25519PrivateKey.generate().public_key()
RAW = KEY.public_bytes_raw()
OTHER = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
# libsodium, crypto_core/ed25519/ref10/ed25519_ref10.c, ge25519_has_small_order: all of them, without the
# sign bit
LOW_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    return lambda *words: CliRunner().invoke(main, [*words, "--data-dir", str(tmp_path)])


def add(run: Any, kiosk_id: str, key: bytes) -> Any:
    return run("kiosk", "add", kiosk_id, "--public-key", key.hex())


@pytest.mark.parametrize(
    "text",
    [
        RAW.hex(),
        base64.b64encode(RAW).decode(),
        KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    ],
    ids=["hex", "base64", "pem"],
)
def test_a_public_key_is_read_in_every_form(tmp_path: Path, text: str) -> None:
    (tmp_path / "kiosk.pub").write_text(text + "\n")
    assert read_public_key(str(tmp_path / "kiosk.pub")) == RAW
    assert read_public_key(text) == RAW


@pytest.mark.parametrize(
    "text",
    ["", "abc", "zz" * 32, RAW.hex()[:-2], "no/such/file.pem"],
    ids=["nothing", "short", "letters", "a byte too few", "no file"],
)
def test_what_is_no_public_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidSetup, match="Ed25519 public key"):
        read_public_key(text)


@pytest.mark.parametrize("text", LOW_ORDER)
@pytest.mark.parametrize("sign", [0, 0x80])
def test_a_key_that_anyone_could_sign_for_is_refused(text: str, sign: int) -> None:
    key = bytearray.fromhex(text)
    key[31] |= sign
    with pytest.raises(InvalidSetup, match="anyone could sign for it"):
        read_public_key(key.hex())


def test_a_neighbour_of_a_low_order_key_is_none() -> None:
    two = (2).to_bytes(32, "little")
    assert read_public_key(two.hex()) == two
    assert read_public_key((P - 2).to_bytes(32, "little").hex())


def test_anyone_can_sign_for_the_neutral_point() -> None:
    """Why they are refused: R = A and S = 0 fit every message."""
    neutral = bytes.fromhex(LOW_ORDER[1])
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), b"pay me")


def test_kiosks_are_added_listed_and_removed(run: Any) -> None:
    assert add(run, "kiosk-1", RAW).exit_code == 0
    assert run("kiosk", "list").output == "kiosk-1: never seen, 0 events\n"
    assert run("kiosk", "remove", "kiosk-1").output == "Kiosk kiosk-1 is refused from now on.\n"
    assert run("kiosk", "list").output == "kiosk-1: removed, 0 events\n"
    unknown = run("kiosk", "remove", "kiosk-2")
    assert unknown.exit_code == 1
    assert unknown.output.startswith("Error: there is no kiosk 'kiosk-2'")


def test_removed_already_is_said(run: Any) -> None:
    add(run, "kiosk-1", RAW)
    run("kiosk", "remove", "kiosk-1")
    again = run("kiosk", "remove", "kiosk-1")
    assert again.exit_code == 1
    assert again.output.startswith("Error: kiosk 'kiosk-1' was removed already, on 20")


def test_no_two_kiosks_have_one_key(run: Any) -> None:
    add(run, "kiosk-1", RAW)
    assert add(run, "kiosk-1", RAW).exit_code == 0  # its own again
    twice = add(run, "kiosk-2", RAW)
    assert twice.exit_code == 2
    assert twice.output.startswith("Error: this is the key of kiosk 'kiosk-1'")
    assert "kiosk-2" not in run("kiosk", "list").output
    assert add(run, "kiosk-2", OTHER).exit_code == 0


def test_the_key_of_a_removed_kiosk_may_go_to_another_and_then_is_that_ones(run: Any) -> None:
    add(run, "kiosk-1", RAW)
    run("kiosk", "remove", "kiosk-1")
    assert add(run, "kiosk-2", RAW).exit_code == 0
    assert "the key of kiosk 'kiosk-2'" in add(run, "kiosk-1", RAW).output
