"""How the service does, for Prometheus: on a port of its own, which only this machine can reach.

Responsible for: drawing what stands in the books at each scrape, and counting what the API answers.
Not responsible for: what a person must do; `central status` says that.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from disbursement.accounts.holdings import holdings
from disbursement.customers.models import Customer, EnrolmentRow, Screening
from disbursement.customers.screening import CLEAR, POSSIBLY
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.kiosks.models import InboxEvent, Kiosk
from disbursement.matters import open_matters
from disbursement.sales.models import Payout, TransferRow
from disbursement.sales.payouts import UNPAID
from kiosk_wire.messages import TransferState

LOOPBACK = "127.0.0.1"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
UNROUTED = "none"  # one label for whatever strangers ask for
METHODS = frozenset({"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Metrics:
    def __init__(self, house: House) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Books(house))
        self.requests = Counter(
            "central_requests",
            "Requests answered, by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.refusals = Counter(
            "central_refusals",
            "Requests refused, by the code of the refusal.",
            ("code",),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "central_request_seconds",
            "How long answers took, by route.",
            ("route",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )

    def serve(self, port: int) -> Callable[[], None]:
        """Until what it returns is called. Raises OSError when the port is taken."""
        server, thread = start_http_server(port, addr=LOOPBACK, registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class Counted:
    """Around the whole application, its gate included."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._answered = cache(metrics.requests.labels)  # of each label there are few
        self._took = cache(metrics.seconds.labels)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began_s = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", UNROUTED)
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._answered(method, route, status).inc()
            if refusal := scope.get("state", {}).get("refusal"):
                self._metrics.refusals.labels(refusal).inc()
            self._took(route).observe(time.perf_counter() - began_s)


class _Books(Collector):
    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        return iter(self._house.db.run(self._drawn))

    def _drawn(self, session: Session) -> list[Metric]:
        house, now_ms = self._house, self._house.now_ms()
        states: dict[Any, int] = dict.fromkeys(TransferState, 0)
        counted = sa.select(TransferRow.state, sa.func.count()).group_by(TransferRow.state)
        states |= dict(session.execute(counted).all())
        accounts = holdings(session)
        kiosks = session.scalars(sa.select(Kiosk).where(Kiosk.removed_at_ms.is_(None))).all()
        return [
            _gauge(
                "central_transfers",
                "Transfers, by the state they are in.",
                {(str(state),): count for state, count in states.items()},
                "state",
            ),
            _gauge(
                "central_account_balance",
                "What the books say, in base units of the coin.",
                {(account.name,): account.balance for account in accounts},
                "account",
            ),
            _gauge(
                "central_account_locked",
                "Of it locked for open sales.",
                {(account.name,): account.locked for account in accounts},
                "account",
            ),
            _gauge(
                "central_kiosk_silent_seconds",
                "Since a kiosk was last heard of.",
                {
                    (k.kiosk_id,): _since_s(k.last_seen_ms, now_ms)
                    for k in kiosks
                    if k.last_seen_ms
                },
                "kiosk",
            ),
            _gauge(
                "central_events_behind_a_gap",
                "Events taken in that wait for an earlier one.",
                {(kiosk.kiosk_id,): _waiting(session, kiosk) for kiosk in kiosks},
                "kiosk",
            ),
            _single(
                "central_open_matters",
                "What needs a person.",
                len(open_matters(session, house.rules, now_ms)),
            ),
            _single(
                "central_oldest_payout_seconds",
                "Since the oldest unpaid payout was last due.",
                _oldest_payout_s(session, now_ms),
            ),
            _single("central_tip_height", "Of the chain, as last seen.", house.tip.height),
            *_customers(session),
            *_price(house, now_ms),
        ]


def _customers(session: Session) -> list[Metric]:
    proved = EnrolmentRow.customer_id.is_not(None)
    enrolments = {("proved",): _count(session, EnrolmentRow, proved)}
    enrolments["not proved",] = _count(session, EnrolmentRow, ~proved)
    screenings = {
        (decision,): _count(session, Screening, Screening.decision == decision)
        for decision in (CLEAR, POSSIBLY)
    }
    return [
        _gauge("central_enrolments", "Phones that were to be proved.", enrolments, "outcome"),
        _gauge("central_screenings", "Against the sanctions list.", screenings, "decision"),
        _single(
            "central_customer_reviews_open",
            "Customers who wait for a person's decision.",
            _count(session, Customer, Customer.under_review),
        ),
    ]


def _count(session: Session, table: type[Any], which: sa.SQLColumnExpression[bool]) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(table).where(which)) or 0)


def _price(house: House, now_ms: int) -> list[Metric]:
    try:
        price = house.prices.current()
    except Refused:
        return [_single("central_price_is_fresh", "1: quotes can be made.", 0)]
    return [
        _single("central_price_is_fresh", "1: quotes can be made.", 1),
        _single("central_price_age_seconds", "Of the price.", _since_s(price.as_of_ms, now_ms)),
    ]


def _waiting(session: Session, kiosk: Kiosk) -> int:
    behind = sa.select(sa.func.count()).where(
        InboxEvent.kiosk_id == kiosk.kiosk_id, InboxEvent.seq > kiosk.through_seq
    )
    return int(session.scalar(behind) or 0)


def _oldest_payout_s(session: Session, now_ms: int) -> float:
    oldest_ms = session.scalar(
        sa.select(sa.func.min(Payout.due_at_ms))
        .join(TransferRow, TransferRow.transfer_id == Payout.transfer_id)
        .where(TransferRow.state.in_(UNPAID), ~Payout.awaits_approval)
    )
    return _since_s(oldest_ms, now_ms) if oldest_ms is not None else 0.0


def _since_s(at_ms: int, now_ms: int) -> float:
    return max(0, now_ms - at_ms) / 1_000


def _gauge(
    name: str, help_text: str, values: Mapping[tuple[str], float], label: str
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, help_text, labels=[label])
    for labels, value in values.items():
        gauge.add_metric(labels, value)
    return gauge


def _single(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=value)
