"""The one form of RFC 9421's signatures in which our own speakers sign: recognised quickly, because there are thousands a second.

Responsible for: what exactly was signed, if the request is in that form to the letter: no query, no idempotency key, a
digest of SHA-256, parameters in the order in which `signing.sign_request` writes them.
Not responsible for: any other form, and saying no. What is not recognised, or not good, is the general library's to judge.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

_TARGET = re.compile(r"https?://[^/?#@]+(/[A-Za-z0-9/_.-]*)")
_INPUT = re.compile(
    r'([a-z]+)=(\(([a-z@" -]+)\);created=([0-9]{1,11});keyid="([A-Za-z0-9-]{1,64})";alg="ed25519";'
    r'nonce="([A-Za-z0-9-]{1,64})";tag="([a-z-]+)")'
)
_SIGNATURE = re.compile(r"([a-z]+)=:([A-Za-z0-9+/]{86}==):")


class _Request(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> object: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class PlainSignature:
    label: str
    tag: str
    key_id: str
    nonce: str
    created_s: int
    base: bytes  # RFC 9421, section 2.5
    signature: bytes

    def is_by(self, key: Ed25519PublicKey) -> bool:
        try:
            VerifyKey(key.public_bytes_raw()).verify(self.base, self.signature)
        except BadSignatureError:
            return False
        return True


def read_plain(request: _Request, body: bytes) -> PlainSignature | None:
    """None where anything is in another form, or the digest is of another body."""
    target = _TARGET.fullmatch(str(request.url))
    told = _INPUT.fullmatch(request.headers.get("signature-input", ""))
    signed = _SIGNATURE.fullmatch(request.headers.get("signature", ""))
    if target is None or told is None or signed is None or "idempotency-key" in request.headers:
        return None
    label, params, covered, created_s, key_id, nonce, tag = told.groups()
    lines = {'"@method"': request.method, '"@path"': target[1]}
    if body:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        lines['"content-digest"'] = f"sha-256=:{digest}:"
        if request.headers.get("content-digest") != lines['"content-digest"']:
            return None
    if signed[1] != label or covered != " ".join(lines):
        return None
    lines['"@signature-params"'] = params
    base = "\n".join(f"{name}: {value}" for name, value in lines.items())
    try:
        signature = base64.b64decode(signed[2], validate=True)
    except binascii.Error:
        return None
    return PlainSignature(label, tag, key_id, nonce, int(created_s), base.encode(), signature)
