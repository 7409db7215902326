"""A POST that is asked again by the same key is answered from what is kept, and nothing is done twice."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from disbursement.api import idempotent
from disbursement.errors import Refused
from disbursement.sales import watch
from disbursement.speakers.idempotency import (
    KEPT_MS,
    RUNNING_MS_MAX,
    AnsweredPost,
    Asked,
    begin,
    hash_of,
)
from kiosk_wire.messages import Refusal, RefusalCode

KEY = "key-00000001"
SALES = 6


@pytest.fixture
def shop(central: Any) -> Any:
    return central.channel(limit_minor=100_000)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, Refusal.model_validate_json(answer.content).code


def asked(name: str = "1") -> dict[str, Any]:
    ids = {"quote_id": f"quote-{name:0>4}", "session_id": f"session-{name}"}
    return ids | {"currency": "USD", "coin": "BTC"}


def test_the_same_key_gets_the_kept_answer_also_when_all_has_changed(
    shop: Any, central: Any
) -> None:
    first = shop.post("/v1/quotes", asked(), key=KEY)
    prepare = {
        "transfer_id": "transfer-1",
        "session_id": "session-1",
        "quote_id": "quote-0001",
        "address": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
        "max_amount_minor": 50_000,
    }
    shop.post("/v1/transfers", prepare, key="key-00000002")
    shop.finalize(7_000, key="key-00000003")
    central.work()
    again = shop.post("/v1/transfers", prepare, key="key-00000002")
    assert (again.status_code, again.json()["state"]) == (200, "prepared")
    assert shop.post("/v1/transfers", prepare).json()["state"] == "confirmed"
    assert shop.post("/v1/quotes", asked(), key=KEY).content == first.content
    assert len(central.payments()) == 1


def test_a_refusal_that_is_final_is_kept_too(shop: Any, central: Any) -> None:
    shop.quote()
    central.clock.ms += 600_001
    body = {
        "transfer_id": "transfer-1",
        "session_id": "session-1",
        "quote_id": "quote-0001",
        "address": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
        "max_amount_minor": 50_000,
    }
    assert refusal(shop.post("/v1/transfers", body, key=KEY)) == (409, "quote_expired")
    central.clock.ms -= 600_001
    assert refusal(shop.post("/v1/transfers", body, key=KEY)) == (409, "quote_expired")
    assert shop.post("/v1/transfers", body).status_code == 200


def test_what_says_try_again_is_not_kept(
    shop: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(_self: Any) -> Any:
        raise Refused(503, RefusalCode.PRICE_STALE, "the last price is 300 s old")

    with monkeypatch.context() as patch:
        patch.setattr(type(central.house.prices), "current", stale)
        assert refusal(shop.post("/v1/quotes", asked(), key=KEY)) == (503, "price_stale")
    assert shop.post("/v1/quotes", asked(), key=KEY).status_code == 200


def test_a_failure_of_our_own_is_not_kept(
    shop: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(type(central.house.prices), "current", broken)
        with pytest.raises(ZeroDivisionError):
            shop.post("/v1/quotes", asked(), key=KEY)
    assert shop.post("/v1/quotes", asked(), key=KEY).status_code == 200


def test_a_key_is_for_one_request(shop: Any, central: Any) -> None:
    shop.post("/v1/quotes", asked(), key=KEY)
    assert refusal(shop.post("/v1/quotes", asked("2"), key=KEY)) == (422, "idempotency_key_reused")
    answer = shop.post("/v1/transfers/batch", asked(), key=KEY)
    assert refusal(answer) == (422, "idempotency_key_reused")
    other = central.channel(0, "shop-2")  # whose keys are its own
    assert other.post("/v1/quotes", asked("3"), key=KEY).status_code == 200


@pytest.mark.parametrize("key", [None, "short", "x" * 65, 'with"quote', "with space"])
def test_a_channel_cannot_post_without_a_good_key(shop: Any, key: str | None) -> None:
    answer = shop.send("POST", "/v1/quotes", asked(), idempotency_key=key)
    assert refusal(answer) == (400, "bad_idempotency_key")


def test_a_kiosk_may_have_a_key_and_needs_none(central: Any) -> None:
    kiosk = central.kiosk()
    assert kiosk.quote().status_code == 200
    for _ in range(2):
        answer = kiosk.send("POST", "/v1/quotes", asked(), idempotency_key=KEY)
        assert answer.status_code == 200
    answer = kiosk.send("POST", "/v1/quotes", asked("2"), idempotency_key=KEY)
    assert refusal(answer) == (422, "idempotency_key_reused")


def test_of_two_that_come_together_one_works_and_the_other_is_told(
    shop: Any, central: Any
) -> None:
    hashed = hash_of("POST", b"/v1/quotes", b"{}")
    together = threading.Barrier(2)

    def ask() -> Any:
        together.wait()
        try:
            return begin(central.house, Asked("shop-1", KEY, hashed))
        except Refused as refused:
            return f"{refused.status} {refused.code}"

    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(ask) for _ in range(2)]
    assert sorted(str(one.result()) for one in told) == ["409 still_running", "None"]


def test_work_that_was_done_and_not_kept_is_found_by_its_repeat(
    shop: Any, central: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed between the two: the key is busy for a while, then given up."""
    shop.quote()
    shop.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(idempotent, "end", lambda *_: None)
        assert shop.finalize(7_000, key=KEY).status_code == 200
    busy = shop.finalize(7_000, key=KEY)
    assert refusal(busy) == (409, "still_running")
    assert busy.headers["retry-after"] == "1"
    central.clock.ms += RUNNING_MS_MAX
    assert shop.finalize(7_000, key=KEY).json()["state"] == "finalized"
    central.work()
    assert len(central.payments()) == 1


def test_answers_are_kept_for_ninety_days(shop: Any, central: Any) -> None:
    shop.post("/v1/quotes", asked(), key=KEY)
    central.clock.ms += KEPT_MS
    watch.watch(central.house)
    assert len(central.all(AnsweredPost)) == 1
    central.clock.ms += 3_600_000
    watch.watch(central.house)
    assert central.all(AnsweredPost) == []


def test_killed_at_any_moment_each_sale_is_committed_and_paid_once(
    serve: Callable[..., Any],
) -> None:
    """A real service, killed while sales are ended by many at once; each is asked again by its own key until answered."""
    running = serve()
    shop = running.channel(limit_minor=10**6)
    for number in range(SALES):
        shop.quote(str(number))
        assert shop.prepare(str(number), max_amount_minor=10_000).status_code == 200
    answered: set[str] = set()

    def finalize(name: str) -> None:
        try:
            if shop.finalize(5_000, name, key=f"finalize-{name}").status_code == 200:
                answered.add(name)
        except httpx2.TransportError:
            pass

    names = [str(number) for number in range(SALES)]
    with ThreadPoolExecutor(SALES) as pool:
        for name in names:
            pool.submit(finalize, name)
        running.end(signal.SIGKILL)
    restarted = serve()
    shop.client = restarted.client
    for name in names:
        answer = shop.finalize(5_000, name, key=f"finalize-{name}")
        if answer.status_code == 409:  # killed in the midst of it: for a minute its key is busy
            assert refusal(answer) == (409, "still_running")
            answer = shop.finalize(5_000, name, key=f"again-{name}")
        assert answer.status_code == 200, answer.text
    assert running.command("channel", "list").startswith("shop-1: owes 300.00 USD, and 0.00 USD")
    states = {shop.transfer(name).json()["state"] for name in names}
    assert states <= {"finalized", "signed", "broadcast", "confirmed"}
