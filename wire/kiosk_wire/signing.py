"""Kiosks sign every request: RFC 9421 with Ed25519, key id = the kiosk's id.

What is covered: method, target URI's path, the body's digest. `created` bounds the age, `nonce` makes a
replay recognisable. The signature's label and tag are fixed, so that no other signature can stand in.
Both sides bring their own UTC; nothing here reads a clock.

Sign anew for every attempt, retries too: a nonce is good for one request. Remembering the nonces seen
(for `NONCE_KEPT_S`) is the verifier's part; this module keeps nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

LABEL = "kiosk"
TAG = "stater-kiosk"
COVERED = ("@method", "@path", "content-digest")
COVERED_WITHOUT_BODY = ("@method", "@path")
AGE_S_MAX = 300
CLOCK_SKEW_S_MAX = 60  # how far a kiosk's clock may run ahead; added to the age as well
NONCE_KEPT_S = AGE_S_MAX + 2 * CLOCK_SKEW_S_MAX
NONCE_LENGTH_MAX = 64


class BadSignature(Exception):
    """The request is not signed, or not as we demand."""


class UnknownKey(BadSignature):
    """The signature names a key that nobody has registered."""


class Request(Protocol):
    """What signing needs of a request: `httpx2.Request` fits as it is. To sign, the headers must
    take new ones; to verify, they are only read."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> object: ...  # absolute, by str()
    @property
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class VerifiedSignature:
    key_id: str
    nonce: str


def sign_request(
    request: Request, *, key_id: str, private_key: Ed25519PrivateKey, body: bytes, now_ms: int
) -> None:
    """Add Content-Digest (when there is a body), Signature-Input and Signature to the headers."""
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: private_key}),
    )
    signer.sign(
        request,
        key_id=key_id,
        created=datetime.fromtimestamp(now_ms // 1_000, UTC),
        nonce=secrets.token_hex(16),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED if body else COVERED_WITHOUT_BODY,
        body=body or None,
    )


def verify_request(
    request: Request,
    *,
    body: bytes,
    find_key: Callable[[str], Ed25519PublicKey | None],
    now_ms: int,
) -> VerifiedSignature:
    """Who signed this request. Raises UnknownKey, or BadSignature with a reason for the log."""
    verifier = _Verifier(find_key, now_ms)
    try:
        [result] = verifier.verify(
            request,
            max_age=timedelta(seconds=AGE_S_MAX),
            expect_tag=TAG,
            expect_label=LABEL,
            require_components=COVERED if body else COVERED_WITHOUT_BODY,
            body=body,
        )
    except _UnknownKeyId as unknown:
        raise UnknownKey(str(unknown)) from unknown
    except HTTPMessageSignaturesException as refused:
        raise BadSignature(str(refused)) from refused
    if not result.nonce or len(result.nonce) > NONCE_LENGTH_MAX:
        raise BadSignature(f"a nonce of 1 to {NONCE_LENGTH_MAX} characters is demanded")
    return VerifiedSignature(key_id=str(result.parameters["keyid"]), nonce=result.nonce)


class _UnknownKeyId(InvalidSignature):
    pass


class _Verifier(HTTPMessageVerifier):
    def __init__(self, find_key: Callable[[str], Ed25519PublicKey | None], now_ms: int) -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=_Keys(find_key))
        self._now_s = now_ms // 1_000

    def validate_created_and_expires(
        self, sig_input: Any, max_age: timedelta | None = None
    ) -> None:
        """The library's own reads the system clock. Raises InvalidSignature."""
        created_s, expires_s = (sig_input.params.get(name) for name in ("created", "expires"))
        if type(created_s) is not int or type(expires_s) not in (int, type(None)):
            raise InvalidSignature("`created` is demanded; it and `expires` are whole seconds")
        if created_s > self._now_s + CLOCK_SKEW_S_MAX:
            raise InvalidSignature("signed in the future: whose clock is wrong?")
        if max_age and created_s < self._now_s - max_age.total_seconds() - CLOCK_SKEW_S_MAX:
            raise InvalidSignature("signed too long ago: whose clock is wrong?")
        if expires_s is not None and expires_s < self._now_s - CLOCK_SKEW_S_MAX:
            raise InvalidSignature("the signature has expired")


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, find_key: Callable[[str], Ed25519PublicKey | None]) -> None:
        self._find_key = find_key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        key = self._find_key(key_id)
        if key is None:
            raise _UnknownKeyId(f"no key is registered for {key_id!r}")
        return key
