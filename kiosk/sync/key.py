"""The kiosk's Ed25519 key: made on first use, readable by its owner alone."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.errors import InvalidInput

# What the library raises for bytes that are no key, a key that is locked, and a kind it does not know.
_BAD_KEYS = (ValueError, TypeError, UnsupportedAlgorithm)


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Raises InvalidInput when the file is there and is not an Ed25519 key, or cannot be made."""
    try:
        return _load(path)
    except FileNotFoundError:
        return _make(path)
    except _BAD_KEYS as error:
        raise InvalidInput(
            f"{path}: not an Ed25519 private key in PEM, without a password. Move it away, and"
            " `kiosk key` makes a new one, which central has to be told of."
        ) from error
    except OSError as error:
        raise InvalidInput(f"{path}: cannot read the kiosk's key: {error.strerror}") from error


def _load(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("it is a key of another kind")  # noqa: TRY004  # joins the errors of the parser
    return key


def _make(path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InvalidInput(f"{path}: cannot write the kiosk's key: {error.strerror}") from error
    return key


def public_pem(key: Ed25519PrivateKey) -> str:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")
