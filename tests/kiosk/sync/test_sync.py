"""Pump and asker against a central that is away, refuses, forgets or talks nonsense."""

import json

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from kiosk.clock import KioskClock
from kiosk.errors import InvalidInput
from kiosk.journal.outbox import OutboxReader
from kiosk.screen_link import intents
from kiosk.session.events import (
    CentralConfused,
    CentralLost,
    CentralReached,
    CentralRefused,
    OutboxAcknowledged,
)
from kiosk.sync.asker import PING_S, Asker
from kiosk.sync.client import CentralClient
from kiosk.sync.key import load_or_make_key, public_pem
from kiosk.sync.pump import REST_S, OutboxPump
from kiosk_bench import HandClock
from kiosk_wire.messages import QuoteRequest
from kiosk_wire.signing import verify_request

KEY = Ed25519PrivateKey.generate()
QUESTION = QuoteRequest(quote_id="quote-0001", session_id="session-1", currency="USD", coin="BTC")
HEALTH = {"ok": True, "network": "regtest", "practice": False}


class Central:
    """Answers as told; each request's signature is checked like central's own."""

    def __init__(self, system: HandClock) -> None:
        self.answer = lambda _request: httpx2.Response(503)
        self.asked: list[httpx2.Request] = []
        self.system = system
        self.kiosk_clock = KioskClock(system)

    def client(self) -> CentralClient:
        transport = httpx2.MockTransport(self._handle)
        return CentralClient("http://central", "kiosk-1", KEY, self.kiosk_clock, transport)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        now_ms = self.system.true_ms()
        self.asked.append(request)
        if request.url.path == "/healthz" and self.answer is not None:
            return httpx2.Response(200, json=HEALTH | {"now_ms": now_ms})
        verify_request(
            request,
            body=request.content,
            find_key=lambda _kind, _id: KEY.public_key(),
            now_ms=now_ms,
        )
        if self.answer is None:
            raise httpx2.ConnectError("no route to host")
        return self.answer(request)


@pytest.fixture
def central(bench):
    return Central(bench.clock)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def asker(central, heard):
    return Asker(central.client(), heard.append)


@pytest.fixture
def pump(bench, central, heard):
    reader = OutboxReader(bench.store.path)
    yield OutboxPump(reader, central.client(), heard.append, bench.clock.monotonic_s)
    reader.close()


def acknowledge(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"through_seq": seqs(request)[-1]})


def seqs(request: httpx2.Request) -> list[int]:
    return [event["seq"] for event in json.loads(request.content)["events"]]


def test_the_outbox_is_sent_in_order_and_acknowledged(bench, central, pump, heard):
    central.answer = acknowledge
    bench.prepare()
    assert pump.turn() == 0
    assert seqs(central.asked[-1]) == [1, 2, 3, 4]
    assert heard == [OutboxAcknowledged(4)]
    bench.send(*heard)
    assert pump.turn() > 1
    reader = OutboxReader(bench.store.path)
    assert reader.acknowledged_seq() == 4
    reader.close()


def test_an_unreachable_central_is_tried_again_with_the_same_events(bench, central, pump, heard):
    bench.prepare()
    central.answer = None
    first_s = pump.turn()
    bench.clock.seconds += first_s
    assert 0 < first_s <= pump.turn() * 2
    assert heard == []  # the asker says that central is away
    central.answer = acknowledge
    bench.clock.seconds += REST_S
    pump.turn()
    assert seqs(central.asked[-1]) == [1, 2, 3, 4]


def test_a_burst_of_facts_is_not_a_burst_of_attempts(bench, central, pump):
    """Each fact wakes the pump; right after a failure it rests all the same."""
    bench.prepare()
    central.answer = None
    for _ in range(4):
        rest_s = pump.turn()
        assert rest_s > 0
    assert len(central.asked) == 1
    bench.clock.seconds += rest_s
    pump.turn()
    assert len(central.asked) == 2


def test_a_central_that_is_back_is_not_kept_waiting(bench, central, pump, heard):
    """The back-off grows to half a minute; a wake-up ends it after a rest."""
    bench.prepare()
    central.answer = None
    for _ in range(10):
        back_off_s = pump.turn()
        bench.clock.seconds += back_off_s
    pump.turn()
    assert back_off_s > 2 * REST_S
    central.answer = acknowledge
    rest_s = pump.turn()
    assert 0 < rest_s <= REST_S
    bench.clock.seconds += rest_s
    pump.turn()
    assert heard == [OutboxAcknowledged(4)]


def test_a_central_that_lost_its_memory_gets_everything_again(bench, central, pump):
    central.answer = acknowledge
    bench.prepare()
    pump.turn()
    bench.insert()
    central.answer = lambda _: httpx2.Response(200, json={"through_seq": 0})
    pump.turn()
    bench.clock.seconds += REST_S
    central.answer = acknowledge
    pump.turn()
    assert seqs(central.asked[-1])[0] == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(409, json={"code": "chain_broken", "detail": "event 1 was another"}),
        httpx2.Response(200, text="nonsense"),
    ],
)
def test_a_kiosk_whose_facts_are_refused_sells_no_more(bench, central, pump, heard, answer):
    """Quotes and pings still work, and would let it take cash that nobody pays out."""
    bench.prepare()
    bench.send(intents.CancelRequested(), intents.DismissRequested())
    central.answer = lambda _: answer
    pump.turn()
    bench.send(*heard, CentralReached("regtest"))
    assert bench.screen.service.reasons == ("central-refuses",)
    central.answer = acknowledge
    bench.clock.seconds += REST_S
    heard.clear()
    pump.turn()
    bench.send(*heard)
    assert bench.screen.service.status == "in_service"


def test_a_ping_says_on_which_network_central_pays(asker, heard, central):
    assert asker.turn() == PING_S
    assert heard == [CentralReached("regtest")]


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, text="<html>hotel login</html>"),
        httpx2.Response(200, json={"price": 1}),
        httpx2.Response(200, json=[]),
        httpx2.Response(404, text="nginx"),
        httpx2.Response(200, content=b"\xff" * 100_000),
    ],
)
def test_nonsense_is_called_nonsense(asker, heard, central, answer):
    central.answer = lambda _: answer
    asker.ask(QUESTION)
    asker.turn()
    assert [type(e) for e in heard] == [CentralConfused]
    assert heard[0].request_id == "quote-0001"


def test_a_refusal_is_an_answer(asker, heard, central):
    refusal = {"code": "price_stale", "detail": "no fresh price"}
    central.answer = lambda _: httpx2.Response(503, json=refusal)
    asker.ask(QUESTION)
    asker.turn()
    assert [(type(e), e.code) for e in heard] == [(CentralRefused, "price_stale")]
    asker.turn()
    assert len([r for r in central.asked if r.url.path == "/v1/quotes"]) == 1


@pytest.mark.parametrize(("status", "code"), [(429, "too_often"), (503, "busy")])
def test_a_central_that_wants_to_be_left_alone_is_left_alone_for_so_long(
    asker, bench, heard, central, *, status, code
):
    refusal = {"code": code, "detail": "ask again"}
    central.answer = lambda _request: httpx2.Response(
        status, json=refusal, headers={"retry-after": "7"}
    )
    asker.ask(QUESTION)
    asker.turn()
    assert isinstance(heard[-1], CentralLost)
    asked = len(central.asked)
    bench.clock.seconds += 6
    asker.turn()
    assert len(central.asked) == asked
    central.answer = lambda _request: httpx2.Response(
        404, json={"code": "not_found", "detail": ""}
    )
    bench.clock.seconds += 1
    asker.turn()
    assert len(central.asked) > asked
    assert isinstance(heard[-1], CentralRefused)


def test_an_unanswered_question_is_asked_again_until_it_is_replaced(asker, heard, central):
    central.answer = None
    asker.ask(QUESTION)
    asker.turn()
    asker.turn()
    assert [type(e) for e in heard] == [CentralLost, CentralLost]
    asker.ask(None)
    central.answer = lambda _: httpx2.Response(500)
    asker.turn()
    assert isinstance(heard[-1], CentralReached)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "keys" / "key.pem"
    first = load_or_make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_pem(load_or_make_key(path)) == public_pem(first)


@pytest.mark.parametrize("how", ["nonsense", "another kind", "locked"])
def test_a_file_that_is_not_such_a_key_is_told_in_our_own_words(tmp_path, how):
    path = tmp_path / "key.pem"
    path.write_bytes(bad_key(how))
    with pytest.raises(InvalidInput, match="not an Ed25519 private key in PEM") as caught:
        load_or_make_key(path)
    assert str(path) in str(caught.value)
    assert "http" not in str(caught.value)


def bad_key(how: str) -> bytes:
    lock = BestAvailableEncryption(b"secret") if how == "locked" else NoEncryption()
    match how:
        case "nonsense":
            return b"-----BEGIN PRIVATE KEY-----\nnonsense\n"
        case "another kind":
            return X25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, lock
            )
        case _:
            return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
