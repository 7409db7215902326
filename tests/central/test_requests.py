"""What is asked and refused: signatures, replays, ids, limits. Every no is a Refusal."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from disbursement.api.app import build_app
from disbursement.api.signed import BODY_BYTES_MAX
from disbursement.errors import Refused
from disbursement.kiosks.models import Kiosk
from disbursement.sales.models import QuoteRow
from disbursement.speakers.registering import remove
from kiosk_wire.messages import Refusal, RefusalCode


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, Refusal.model_validate_json(answer.content).code


def test_an_unsigned_request_is_refused(kiosk: Any, central: Any) -> None:
    answer = central.client.post("/v1/quotes", json={})
    assert refusal(answer) == (401, "bad_signature")


def test_a_changed_body_is_refused(kiosk: Any, central: Any) -> None:
    request = kiosk.client.build_request("POST", "/v1/events", content=b"{}")
    kiosk.sign(request, b"{}")
    changed = kiosk.client.build_request(
        "POST", "/v1/events", content=b'{"events":[]}', headers=request.headers
    )
    changed.headers["content-length"] = "13"
    assert refusal(kiosk.client.send(changed)) == (401, "bad_signature")


def test_the_same_signed_request_is_taken_once(kiosk: Any) -> None:
    request = kiosk.client.build_request("GET", "/v1/transfers/transfer-1")
    kiosk.sign(request, b"")
    assert refusal(kiosk.client.send(request)) == (404, "not_found")
    assert refusal(kiosk.client.send(request)) == (401, "bad_signature")


def test_an_unknown_kiosk_a_wrong_key_and_a_removed_kiosk_are_refused(
    kiosk: Any, central: Any
) -> None:
    known = kiosk.kiosk_id
    kiosk.kiosk_id = "nobody"
    assert refusal(kiosk.quote()) == (403, "unknown_speaker")
    kiosk.kiosk_id, true_key = known, kiosk.key
    kiosk.key = Ed25519PrivateKey.generate()
    assert refusal(kiosk.quote()) == (401, "bad_signature")
    kiosk.key = true_key
    assert kiosk.quote().status_code == 200
    central.house.db.run(lambda session: remove(session, Kiosk, known, central.clock()))
    assert refusal(kiosk.quote()) == (403, "unknown_speaker")


def test_a_body_that_is_too_large_is_refused(central: Any) -> None:
    answer = central.client.post("/v1/events", content=b"x" * (BODY_BYTES_MAX + 1))
    assert refusal(answer) == (413, "bad_request")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"currency": "usd"}, 422),
        ({"coin": "LTC"}, 422),
        ({"session_id": "short"}, 422),
        ({"more": 1}, 422),
    ],
)
def test_a_message_that_is_not_as_the_wire_says_is_refused(
    kiosk: Any, changes: dict[str, Any], status: int
) -> None:
    assert refusal(kiosk.quote(**changes)) == (status, "bad_request")


def test_what_is_not_json_or_not_a_route_is_refused(kiosk: Any) -> None:
    request = kiosk.client.build_request(
        "POST", "/v1/quotes", content=b"{", headers={"content-type": "application/json"}
    )
    kiosk.sign(request, b"{")
    assert refusal(kiosk.client.send(request)) == (400, "bad_request")
    assert refusal(kiosk.send("GET", "/v1/nothing")) == (404, "not_found")
    assert refusal(kiosk.send("GET", "/v1/quotes")) == (405, "bad_request")


def test_a_repeated_quote_gets_the_stored_answer_whatever_the_price_is_now(
    kiosk: Any, central: Any
) -> None:
    first = kiosk.quote().json()
    central.clock.ms += 3_600_000
    assert kiosk.quote().json() == first
    assert len(central.all(QuoteRow)) == 1


def test_an_id_with_another_content_is_refused(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    assert refusal(kiosk.quote(session_id="session-2")) == (409, "id_reused")
    kiosk.prepare()
    assert refusal(kiosk.prepare(max_amount_minor=40_000)) == (409, "id_reused")
    other = central.kiosk("kiosk-2")
    assert refusal(other.quote()) == (409, "id_reused")
    assert refusal(other.prepare()) == (409, "id_reused")


def test_a_repeated_prepare_locks_once_even_when_the_quote_has_expired(
    kiosk: Any, central: Any
) -> None:
    kiosk.quote()
    first = kiosk.prepare().json()
    central.clock.ms += 3_600_000
    assert kiosk.prepare().json() == first
    assert central.locked() == 729_670


def test_an_expired_quote_cannot_be_prepared(kiosk: Any, central: Any) -> None:
    kiosk.quote()
    central.clock.ms += 600_001
    assert refusal(kiosk.prepare()) == (409, "quote_expired")


def test_a_quote_of_another_session_cannot_be_prepared(kiosk: Any) -> None:
    kiosk.quote()
    assert refusal(kiosk.prepare(session_id="session-2")) == (404, "not_found")
    assert refusal(kiosk.prepare(quote_id="quote-9999")) == (404, "not_found")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"address": "not-an-address"}, (422, "bad_address")),
        ({"max_amount_minor": 1_000_001}, (422, "amount_out_of_range")),
        ({"max_amount_minor": 237}, (422, "amount_out_of_range")),  # one less than can be sent
        ({"max_amount_minor": 0}, (422, "bad_request")),
    ],
)
def test_what_cannot_be_paid_is_refused_before_cash(
    kiosk: Any, central: Any, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    kiosk.quote()
    assert refusal(kiosk.prepare(**changes)) == expected
    assert central.locked() == 0


def test_funds_locked_for_one_sale_are_not_promised_to_another(kiosk: Any, central: Any) -> None:
    """Ten thousand dollars buy some 0.147 coins: six such sales fit into one coin, a seventh does not."""
    for number in range(1, 7):
        kiosk.quote(str(number))
        assert kiosk.prepare(str(number), max_amount_minor=1_000_000).status_code == 200
    kiosk.quote("7")
    assert refusal(kiosk.prepare("7", max_amount_minor=1_000_000)) == (409, "funds_unavailable")
    kiosk.finalized(0, "3")
    kiosk.report()
    assert kiosk.prepare("7", max_amount_minor=1_000_000).status_code == 200
    central.demand_sound_books()


def test_a_stale_price_is_not_quoted(
    kiosk: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(_self: Any) -> Any:
        raise Refused(503, RefusalCode.PRICE_STALE, "the last price is 300 s old")

    monkeypatch.setattr(type(central.house.prices), "current", stale)
    assert refusal(kiosk.quote()) == (503, "price_stale")


def test_every_refusal_is_documented(central: Any) -> None:
    paths = build_app(central.house).openapi()["paths"]
    operations = [op for path, of in paths.items() if path.startswith("/v1") for op in of.values()]
    assert len(operations) == 13
    for operation in operations:
        assert {"400", "401", "403", "404", "409", "413", "422", "503"} <= set(
            operation["responses"]
        )
        schema = operation["responses"]["422"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith("/Refusal")
