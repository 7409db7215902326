"""What OpenAPI says of the service is true: schemathesis asks it all it can think of, signed and unsigned."""

import contextlib
import secrets
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from disbursement.accounts.protocol.debtors import Terms, open_debtor
from disbursement.accounts.protocol.limits import RESERVED_DEBTORS_MAX
from disbursement.api.accounts import PREFIX
from disbursement.api.app import build_app
from disbursement.api.bounds import Bounds
from disbursement.api.openapi import EXAMPLES
from disbursement.api.pace import Pace
from disbursement.config import CustomersSection, TierSection
from disbursement.customers.desk import Codes, Desk
from disbursement.sales.models import QuoteRow
from kiosk_wire.channel import DisburseRequest, FinalizeRequest, TransferBatch
from kiosk_wire.messages import PrepareRequest, QuoteRequest
from party import Party
from phones import Phones
from raw_http import serving

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
ACCOUNTS_OPERATIONS = 7
OPERATIONS = 22  # of the API
thorough = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class Signing:
    """Signs what passes, as a speaker would: the application behind sees its own speaker ask nonsense."""

    def __init__(self, app: ASGIApp, speaker: Any) -> None:
        self._app = app
        self._speaker = speaker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        url = "http://central" + scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        request = httpx2.Request(scope["method"], f"{url}?{query}" if query else url)
        given = Headers(scope=scope).getlist("idempotency-key")
        if getattr(self._speaker, "kind", "party") == "channel" and request.method == "POST":
            given = given or [f'"{secrets.token_hex(8)}"']
        if given:
            request.headers["idempotency-key"] = ", ".join(given)
        self._speaker.sign(request, body)
        signed = [(name.lower(), value) for name, value in request.headers.raw]
        names = {name for name, _ in signed} - {b"host"}
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in names]
        headers = kept + [(name, value) for name, value in signed if name != b"host"]

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app({**scope, "headers": headers}, again, send)


def ask_everything(app: ASGIApp, below: str = "/", examples: int = 25) -> int:
    """How many operations there are below this path. Each is asked what its schema allows, and what it forbids."""
    return ask_all(schemathesis.openapi.from_asgi("/openapi.json", app), below, examples)


def ask_running(app: ASGIApp, examples: int) -> int:
    """The same of the service as it serves, over a real socket."""
    with serving(app, Bounds()) as (host, port):
        schema = schemathesis.openapi.from_url(f"http://{host}:{port}/openapi.json")
        return ask_all(schema, "/", examples)


def ask_all(schema: Any, below: str, examples: int) -> int:
    found = [operation.ok() for operation in schema.get_all_operations()]
    operations = [operation for operation in found if operation.path.startswith(below)]
    for operation in operations:
        for mode in GenerationMode:

            @settings(thorough, max_examples=examples)
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Case) -> None:
                case.call_and_validate(checks=CHECKS)

            with contextlib.suppress(Unsatisfiable):  # nothing to say wrong in a GET without words
                ask()
    return len(operations)


@pytest.fixture
def central(open_central: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One that asks its customers who they are, and lets everybody ask as often as they like."""
    unbounded = Pace(per_s=1, burst=10**9)
    monkeypatch.setattr("disbursement.api.pace.ADDRESS", unbounded)
    monkeypatch.setattr("disbursement.api.signed.SPEAKER", unbounded)
    tier = TierSection(day_minor=100_000, month_minor=100_000)
    rules = CustomersSection(region="US", anonymous=tier, phone=tier, reviewed=tier)
    return open_central(tmp_path, desk=Desk(rules, Codes(Phones(), bytes(32))))


def test_strangers_get_the_answers_that_are_documented(central: Any) -> None:
    assert ask_everything(central.client.app, examples=4) == OPERATIONS


def test_who_signs_with_a_wrong_key_gets_the_answers_that_are_documented(
    central: Any, kiosk: Any
) -> None:
    kiosk.key = Ed25519PrivateKey.generate()
    assert ask_everything(Signing(central.client.app, kiosk), examples=3) == OPERATIONS
    assert central.all(QuoteRow) == []


def test_channels_get_the_answers_that_are_documented(central: Any) -> None:
    shop = central.channel(limit_minor=10**9)
    assert ask_running(Signing(central.client.app, shop), examples=4) == OPERATIONS
    central.demand_sound_books()


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("who", ["stranger", "wrong key", "kiosk", "channel"])
def test_everybody_asks_for_long(central: Any, kiosk: Any, who: str) -> None:
    app: ASGIApp = central.client.app
    if who == "wrong key":
        kiosk.key = Ed25519PrivateKey.generate()
    if who in ("wrong key", "kiosk"):
        app = Signing(app, kiosk)
    if who == "channel":
        app = Signing(app, central.channel(limit_minor=10**9))
    assert ask_running(app, examples=200) == OPERATIONS
    central.demand_sound_books()


def test_every_operation_has_a_name_a_tag_a_gate_and_examples_that_are_good(
    central: Any,
) -> None:
    document = build_app(central.house).openapi()
    every = [op for operations in document["paths"].values() for op in operations.values()]
    names = [operation["operationId"] for operation in every]
    assert len(set(names)) == len(names) == OPERATIONS
    assert all(operation["tags"] for operation in every)
    assert sum("security" in operation for operation in every) == OPERATIONS - 2
    good = {
        "post_quote": QuoteRequest,
        "post_transfer": PrepareRequest,
        "finalize_transfer": FinalizeRequest,
        "post_transfers": TransferBatch,
        "post_request": DisburseRequest,
    }
    assert good.keys() == EXAMPLES.keys()
    for name, model in good.items():
        model.model_validate(EXAMPLES[name])


def test_kiosks_get_the_answers_that_are_documented(central: Any, kiosk: Any) -> None:
    assert ask_everything(Signing(central.client.app, kiosk), examples=5) == OPERATIONS
    central.demand_sound_books()


def test_parties_get_the_answers_that_are_documented(central: Any) -> None:
    """One that speaks for all ids, so that what is asked at random is done, or refused by the rules."""
    with central.house.db.begin() as session:
        open_debtor(session, 0, Terms(), central.clock())
    everybody = {
        "debtors": (f"{RESERVED_DEBTORS_MAX + 1}..{2**63 - 1}",),
        "creditors": (f"{2**32}..{2**63 - 1}",),
    }
    party = Party.added(central.house.db, central.client, central.clock, "party-1", **everybody)
    signing = Signing(central.client.app, party)
    assert ask_everything(signing, PREFIX, examples=8) == ACCOUNTS_OPERATIONS
    central.demand_sound_books()
