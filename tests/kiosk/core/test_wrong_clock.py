"""A kiosk whose real-time clock is dead sells on: against central's own check, with both clocks in the hand."""

import json
from contextlib import closing

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from disbursement.api.refusals import answer
from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.kiosks.models import Kiosk
from disbursement.speakers.authenticating import authenticate
from disbursement.speakers.registering import register
from kiosk.journal.outbox import OutboxReader
from kiosk.session.events import CentralLost, CentralReached
from kiosk.sync.client import CentralClient, CentralUnreachable
from kiosk_wire.messages import EventBatch, EventKind

KEY = Ed25519PrivateKey.generate()
YEAR_MS = 365 * 24 * 3_600_000
MINUTE_MS = 60_000


class Central:
    """Central's own authentication, at the true time; nothing behind it."""

    def __init__(self, bench, folder):
        self.bench = bench
        self.db = Database(f"sqlite:///{folder / 'central.db'}")
        self.db.migrate()
        raw = KEY.public_key().public_bytes_raw()
        self.db.run(
            lambda session: register(session, Kiosk, "kiosk-1", raw, bench.clock.true_ms())
        )
        self.refused = 0
        self.held_back_s = 0.0

    def client(self) -> CentralClient:
        transport = httpx2.MockTransport(self.hand_over)
        return CentralClient("http://central", "kiosk-1", KEY, self.bench.kiosk_clock, transport)

    def hand_over(self, request):
        answer = self.handle(request)
        self.bench.clock.seconds += self.held_back_s
        return answer

    def handle(self, request):
        now_ms = self.bench.clock.true_ms()
        if request.url.path == "/healthz":
            told = {"ok": True, "network": "regtest", "practice": False, "now_ms": now_ms}
            return httpx2.Response(200, json=told)
        try:
            authenticate(self.db, request, request.content, now_ms)
        except Refused as refused:
            self.refused += 1
            return httpx2.Response(refused.status, content=answer(refused).body)
        seqs = [event["seq"] for event in json.loads(request.content)["events"]]
        return httpx2.Response(200, json={"through_seq": seqs[-1]})


@pytest.fixture
def central(bench, tmp_path):
    central = Central(bench, tmp_path)
    yield central
    central.db.close()


def send_all(bench, client):
    with closing(OutboxReader(bench.config.database)) as reader:
        batch = EventBatch(events=reader.after(0, 200))
    return client.events(batch)


def facts(bench):
    with closing(OutboxReader(bench.config.database)) as reader:
        return reader.after(0, 1_000)


@pytest.mark.parametrize("off_ms", [-50 * YEAR_MS, -YEAR_MS, -10 * MINUTE_MS, 10 * MINUTE_MS])
def test_a_kiosk_is_not_locked_out_by_its_own_clock(bench, central, off_ms):
    """Refused once, it asks for the time; from then on it signs at the right one."""
    bench.clock.seconds += 30 * 86_400  # without power
    bench.clock.utc_off_ms = off_ms
    bench.restart()
    client = central.client()
    assert send_all(bench, client).through_seq == len(facts(bench))
    send_all(bench, client)
    assert central.refused == 1


def test_a_clock_that_jumps_between_two_requests_is_not_even_noticed_at_central(bench, central):
    client = central.client()
    client.health()
    for off_ms in (YEAR_MS, -YEAR_MS):
        bench.clock.utc_off_ms = off_ms
        send_all(bench, client)
    assert central.refused == 0


def test_nobody_sets_the_clock_by_holding_an_answer_back(bench, central):
    bench.clock.utc_off_ms = YEAR_MS
    central.held_back_s = 25.0
    with pytest.raises(CentralUnreachable):
        central.client().health()
    assert bench.kiosk_clock.now_ms() == bench.clock.now_ms()


def test_records_stay_in_order_over_a_start_with_a_dead_clock(bench):
    bench.prepare()
    bench.clock.utc_off_ms = -bench.clock.true_ms()
    bench.restart()
    bench.pass_s(1)
    times = [fact.at_ms for fact in facts(bench)]
    assert times == sorted(times)
    assert bench.screen.service.status == "degraded"


def test_the_operator_is_told_both_times_and_when_it_is_over(bench, central):
    bench.clock.utc_off_ms = -YEAR_MS
    central.client().health()
    bench.pass_s(1)
    assert bench.screen.service.reasons == ("clock-wrong",)
    raised = facts(bench)[-1]
    assert raised.kind is EventKind.FAULT_RAISED
    assert json.loads(raised.body)["code"] == "clock-wrong"
    assert json.loads(raised.body)["detail"].count(" UTC") == 2
    bench.clock.utc_off_ms = 0
    bench.pass_s(1)
    assert bench.screen.service.status == "in_service"
    assert facts(bench)[-1].kind is EventKind.FAULT_CLEARED


def test_a_sale_on_a_dead_clock_bears_the_right_time(bench, central):
    """The quote is not taken for expired, nor one that has expired for good; the receipt has the day."""
    bench.clock.utc_off_ms = YEAR_MS
    central.client().health()
    bench.prepare()
    assert bench.screen.quote.price_age_ms < 1_000
    bench.insert()
    bench.commit()
    assert bench.state == "paying"
    bench.send(bench.paid())
    receipt = bench.ports.printed[-1].document
    assert "2026-09-21 14:" in str(receipt)
    assert all(abs(f.at_ms - bench.clock.true_ms()) < 1_000 for f in facts(bench)[-3:])


def test_no_record_is_let_go_at_a_time_that_central_has_not_vouched_for(bench, monkeypatch):
    asked = []
    monkeypatch.setattr(bench.store, "let_go_old_rows", lambda now_ms: asked.append(now_ms) or 0)
    bench.send(CentralLost(""))
    bench.core.tidy()
    assert asked == []
    bench.send(CentralReached("regtest"))
    bench.core.tidy()
    assert len(asked) == 1
