"""Every speaker signs every request: RFC 9421 with Ed25519, key id = the speaker's id.

What is covered: method, the target URI's path and its query if there is one, the body's digest, the idempotency key if
there is one. `created` bounds the age, `nonce` makes a replay recognisable. Label and tag are fixed for each kind of
speaker, so that no other signature can stand in.
Both sides bring their own UTC; nothing here reads a clock.

Sign anew for every attempt, retries too: a nonce is good for one request. Remembering the nonces seen
(for `NONCE_KEPT_S`) is the verifier's part; this module keeps nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

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

from kiosk_wire.plain_signature import read_plain

IDEMPOTENCY_KEY = "idempotency-key"
AGE_S_MAX = 300
CLOCK_SKEW_S_MAX = 60  # how far a kiosk's clock may run ahead; added to the age as well
NONCE_KEPT_S = AGE_S_MAX + 2 * CLOCK_SKEW_S_MAX
NONCE_LENGTH_MAX = 64


class SpeakerKind(StrEnum):
    """Who may speak to central; also the label of their signatures."""

    KIOSK = "kiosk"
    CHANNEL = "channel"  # sells as a kiosk does, without cash: a web shop, a till, a partner
    PARTY = "party"  # holds an account

    @property
    def tag(self) -> str:
        return f"stater-{self}"


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
    kind: SpeakerKind = SpeakerKind.KIOSK


FindKey = Callable[[SpeakerKind, str], Ed25519PublicKey | None]


def covered(request: Request, body: bytes) -> tuple[str, ...]:
    """All that a signature must cover of this request."""
    names = ["@method", "@path"]
    names += ["@query"] if urlsplit(str(request.url)).query else []
    names += ["content-digest"] if body else []
    names += [IDEMPOTENCY_KEY] if IDEMPOTENCY_KEY in request.headers else []
    return tuple(names)


def sign_request(  # noqa: PLR0913  # what a signature says
    request: Request,
    *,
    key_id: str,
    private_key: Ed25519PrivateKey,
    body: bytes,
    now_ms: int,
    kind: SpeakerKind = SpeakerKind.KIOSK,
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
        label=kind,
        tag=kind.tag,
        covered_component_ids=covered(request, body),
        body=body or None,
    )


def verify_request(
    request: Request, *, body: bytes, find_key: FindKey, now_ms: int
) -> VerifiedSignature:
    """Who signed this request. Raises UnknownKey, or BadSignature with a reason for the log."""
    kind = _kind(request)
    plain = read_plain(request, body)
    if plain is not None and (plain.label, plain.tag) == (kind, kind.tag):
        age_s = now_ms // 1_000 - plain.created_s
        key = find_key(kind, plain.key_id)
        is_of_now = -CLOCK_SKEW_S_MAX <= age_s <= AGE_S_MAX + CLOCK_SKEW_S_MAX
        if key is not None and is_of_now and plain.is_by(key):
            return VerifiedSignature(plain.key_id, plain.nonce, kind)
    verifier = _Verifier(lambda key_id: find_key(kind, key_id), now_ms)
    try:
        [result] = verifier.verify(
            request,
            max_age=timedelta(seconds=AGE_S_MAX),
            expect_tag=kind.tag,
            expect_label=kind,
            require_components=covered(request, body),
            body=body,
        )
    except _UnknownKeyId as unknown:
        raise UnknownKey(str(unknown)) from unknown
    except HTTPMessageSignaturesException as refused:
        if verifier.keys.failure is not None:
            raise verifier.keys.failure from None
        raise BadSignature(str(refused)) from refused
    if not result.nonce or len(result.nonce) > NONCE_LENGTH_MAX:
        raise BadSignature(f"a nonce of 1 to {NONCE_LENGTH_MAX} characters is demanded")
    return VerifiedSignature(str(result.parameters["keyid"]), result.nonce, kind)


def _kind(request: Request) -> SpeakerKind:
    """By the label, of which there is one. What it promises, the library verifies."""
    label = request.headers.get("signature-input", "").partition("=")[0].strip()
    try:
        return SpeakerKind(label)
    except ValueError as unknown:
        raise BadSignature("one signature is demanded, of a kiosk, channel or party") from unknown


class _UnknownKeyId(InvalidSignature):
    pass


class _Verifier(HTTPMessageVerifier):
    def __init__(self, find_key: Callable[[str], Ed25519PublicKey | None], now_ms: int) -> None:
        self.keys = _Keys(find_key)
        super().__init__(signature_algorithm=ED25519, key_resolver=self.keys)
        self._now_s = now_ms // 1_000
        now = datetime.fromtimestamp(self._now_s, UTC)
        self._here = f"here it is {now:%Y-%m-%d %H:%M:%S} UTC, and /healthz tells it to machines"

    def validate_created_and_expires(
        self, sig_input: Any, max_age: timedelta | None = None
    ) -> None:
        """The library's own reads the system clock. Raises InvalidSignature."""
        created_s, expires_s = (sig_input.params.get(name) for name in ("created", "expires"))
        if type(created_s) is not int or type(expires_s) not in (int, type(None)):
            raise InvalidSignature("`created` is demanded; it and `expires` are whole seconds")
        if created_s > self._now_s + CLOCK_SKEW_S_MAX:
            raise InvalidSignature(f"signed in the future: {self._here}")
        if max_age and created_s < self._now_s - max_age.total_seconds() - CLOCK_SKEW_S_MAX:
            raise InvalidSignature(f"signed too long ago: {self._here}")
        if expires_s is not None and expires_s < self._now_s - CLOCK_SKEW_S_MAX:
            raise InvalidSignature("the signature has expired")


class _Keys(HTTPSignatureKeyResolver):
    """The library takes whatever is raised here for a bad signature: a failure is kept, and is no speaker's fault."""

    def __init__(self, find_key: Callable[[str], Ed25519PublicKey | None]) -> None:
        self._find_key = find_key
        self.failure: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        try:
            key = self._find_key(key_id)
        except Exception as failure:
            self.failure = failure
            raise
        if key is None:
            raise _UnknownKeyId(f"no key is registered for {key_id!r}")
        return key
