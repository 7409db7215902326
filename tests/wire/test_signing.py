"""A signed request verifies as sent, and not when anything it covers has changed."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_wire import signing
from kiosk_wire.plain_signature import read_plain

KEY = Ed25519PrivateKey.generate()
NOW_MS = 1_763_632_800_000
BODY = b'{"quote_id":"q-00000001"}'


def find_key(kind: signing.SpeakerKind, key_id: str) -> Ed25519PublicKey | None:
    known = {("kiosk", "kiosk-1"), ("channel", "shop-1")}
    return KEY.public_key() if (kind, key_id) in known else None


@pytest.fixture(params=["plain", "by the library"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is refused is refused both ways: the plain form is quicker, and nothing else."""
    if request.param == "by the library":
        monkeypatch.setattr(signing, "read_plain", lambda _request, _body: None)


def signed(
    method: str = "POST",
    body: bytes = BODY,
    url: str = "http://central.test/v1/quotes",
    key_id: str = "kiosk-1",
) -> httpx2.Request:
    request = httpx2.Request(method, url, content=body)
    signing.sign_request(request, key_id=key_id, private_key=KEY, body=body, now_ms=NOW_MS)
    return request


def verify(request: httpx2.Request, body: bytes = BODY) -> signing.VerifiedSignature:
    return signing.verify_request(request, body=body, find_key=find_key, now_ms=NOW_MS)


def test_a_signed_request_names_its_kiosk_and_a_fresh_nonce() -> None:
    first, second = verify(signed()), verify(signed())
    assert first.key_id == second.key_id == "kiosk-1"
    assert first.nonce != second.nonce


def test_a_request_without_a_body_is_signed_without_a_digest() -> None:
    request = signed("GET", b"", "http://central.test/v1/transfers/t-0000001")
    assert "content-digest" not in request.headers
    assert verify(request, b"").key_id == "kiosk-1"


def test_a_failure_to_find_the_key_is_no_bad_signature() -> None:
    def fail(_kind: signing.SpeakerKind, _key_id: str) -> None:
        raise ConnectionError("the books are away")

    with pytest.raises(ConnectionError, match="the books are away"):
        signing.verify_request(signed(), body=BODY, find_key=fail, now_ms=NOW_MS)


def test_the_host_may_change_behind_a_proxy() -> None:
    moved = httpx2.Request("POST", "https://inner:8443/v1/quotes", headers=signed().headers)
    assert verify(moved).key_id == "kiosk-1"


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("PUT", "http://central.test/v1/quotes", BODY),
        ("POST", "http://central.test/v1/transfers", BODY),
        ("POST", "http://central.test/v1/quotes", BODY + b" "),
        ("POST", "http://central.test/v1/quotes", b""),
    ],
)
def test_whatever_is_covered_cannot_change(method: str, url: str, body: bytes) -> None:
    request = httpx2.Request(method, url, headers=signed().headers)
    with pytest.raises(signing.BadSignature):
        verify(request, body)


def test_a_body_cannot_be_added_to_a_request_signed_without_one() -> None:
    with pytest.raises(signing.BadSignature):
        verify(signed("GET", b""), BODY)


def test_an_unsigned_request_and_an_unknown_key_are_told_apart() -> None:
    with pytest.raises(signing.BadSignature) as unsigned:
        verify(httpx2.Request("POST", "http://central.test/v1/quotes", content=BODY))
    assert not isinstance(unsigned.value, signing.UnknownKey)
    with pytest.raises(signing.UnknownKey):
        verify(signed(key_id="kiosk-2"))


def seconds_from_now(off_s: int) -> datetime:
    return datetime.fromtimestamp(NOW_MS / 1_000 + off_s, UTC)


def sign_otherwise(**changes: Any) -> httpx2.Request:
    request = httpx2.Request("POST", "http://central.test/v1/quotes", content=BODY)
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={"kiosk-1": KEY}),
    )
    as_demanded: dict[str, Any] = {
        "key_id": "kiosk-1",
        "created": seconds_from_now(0),
        "nonce": "n",
        "label": "kiosk",
        "tag": "stater-kiosk",
        "covered_component_ids": ("@method", "@path", "content-digest"),
        "body": BODY,
    }
    signer.sign(request, **(as_demanded | changes))
    return request


def test_the_signature_of_the_negative_cases_is_good_when_nothing_is_changed() -> None:
    assert verify(sign_otherwise()).nonce == "n"


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": None},
        {"nonce": "x" * 65},
        {"tag": "another-app"},
        {"label": "another"},
        {"label": "channel"},
        {"label": "channel", "tag": "stater-channel"},  # whose key is a kiosk's
        {"covered_component_ids": ("@method", "content-digest")},
        {"covered_component_ids": ("@path", "content-digest")},
    ],
)
def test_a_true_signature_that_covers_less_than_demanded_is_refused(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(signing.BadSignature):
        verify(sign_otherwise(**changes))


def test_a_channel_signs_by_a_label_of_its_own() -> None:
    request = httpx2.Request("POST", "http://central.test/v1/quotes", content=BODY)
    signing.sign_request(
        request,
        key_id="shop-1",
        private_key=KEY,
        body=BODY,
        now_ms=NOW_MS,
        kind=signing.SpeakerKind.CHANNEL,
    )
    assert verify(request).kind == "channel"
    with pytest.raises(signing.UnknownKey):
        verify(signed(key_id="shop-1"))


@pytest.mark.parametrize("url", ["http://central.test/v1/x?after=2", "http://central.test/v1/x"])
def test_a_query_cannot_be_changed(url: str) -> None:
    request = signed("GET", b"", "http://central.test/v1/x?after=1")
    assert verify(request, b"").key_id == "kiosk-1"
    with pytest.raises(signing.BadSignature):
        verify(httpx2.Request("GET", url, headers=request.headers), b"")


def test_an_idempotency_key_cannot_be_changed_added_or_taken_away() -> None:
    keyed = httpx2.Request("POST", "http://c.test/v1/q", content=BODY)
    keyed.headers["Idempotency-Key"] = '"key-0001"'
    signing.sign_request(keyed, key_id="kiosk-1", private_key=KEY, body=BODY, now_ms=NOW_MS)
    assert verify(keyed).key_id == "kiosk-1"
    keyed.headers["Idempotency-Key"] = '"key-0002"'
    with pytest.raises(signing.BadSignature):
        verify(keyed)
    del keyed.headers["Idempotency-Key"]
    with pytest.raises(signing.BadSignature):
        verify(keyed)
    plain = signed()
    plain.headers["Idempotency-Key"] = '"key-0001"'
    with pytest.raises(signing.BadSignature):
        verify(plain)


OLDEST_S = signing.AGE_S_MAX + signing.CLOCK_SKEW_S_MAX


@pytest.mark.parametrize("off_s", [-OLDEST_S, 0, signing.CLOCK_SKEW_S_MAX])
def test_a_signature_is_good_for_as_long_as_it_is_said(off_s: int) -> None:
    assert verify(sign_otherwise(created=seconds_from_now(off_s))).nonce == "n"


@pytest.mark.parametrize(
    "changes",
    [
        {"created": seconds_from_now(-OLDEST_S - 1)},
        {"created": seconds_from_now(signing.CLOCK_SKEW_S_MAX + 1)},
        {"expires": seconds_from_now(-signing.CLOCK_SKEW_S_MAX - 1)},
    ],
)
def test_too_old_and_from_the_future_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(signing.BadSignature):
        verify(sign_otherwise(**changes))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.data())
def test_what_the_quick_way_takes_the_library_takes(changes: st.DataObject) -> None:
    """A header cut, doubled or otherwise spoilt: never one that only the quick way believes."""
    request, body = signed(), BODY
    name = changes.draw(st.sampled_from(["signature-input", "signature", "content-digest"]))
    text = request.headers[name]
    start = changes.draw(st.integers(0, len(text)))
    end = changes.draw(st.integers(start, min(len(text), start + 12)))
    new = changes.draw(st.text(st.sampled_from('"();=:, abAB01+/@-\t'), max_size=4))
    request.headers[name] = text[:start] + new + text[end:]
    quick = read_plain(request, body)
    if quick is None or not quick.is_by(KEY.public_key()):
        return
    with patch.object(signing, "read_plain", return_value=None):
        assert verify(request) == signing.VerifiedSignature(quick.key_id, quick.nonce)


def test_our_own_signatures_are_read_the_quick_way() -> None:
    for method, body in (("POST", BODY), ("GET", b"")):
        quick = read_plain(signed(method, body), body)
        assert quick is not None
        assert quick.is_by(KEY.public_key())
