"""What OpenAPI says of the service is true: schemathesis asks it all it can think of, signed and unsigned."""

import contextlib
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
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
from starlette.types import ASGIApp, Receive, Scope, Send

from disbursement.accounts.protocol.debtors import Terms, open_debtor
from disbursement.api.accounts import PREFIX
from disbursement.api.pace import Pace
from disbursement.config import CustomersSection, TierSection
from disbursement.customers.desk import Codes, Desk
from party import Party
from phones import Phones

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
    """Signs what passes, as a kiosk would: the application behind sees its own kiosk ask nonsense."""

    def __init__(self, app: ASGIApp, kiosk: Any) -> None:
        self._app = app
        self._kiosk = kiosk

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
        self._kiosk.sign(request, body)
        signed = [(name.lower(), value) for name, value in request.headers.raw]
        names = {name for name, _ in signed} - {b"host"}
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in names]
        headers = kept + [(name, value) for name, value in signed if name != b"host"]

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app({**scope, "headers": headers}, again, send)


def ask_everything(app: ASGIApp, below: str = "/", examples: int = 25) -> int:
    """How many operations there are below this path. Each is asked what its schema allows, and what it forbids."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
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
    assert ask_everything(central.client.app, examples=10) == OPERATIONS


def test_kiosks_get_the_answers_that_are_documented(central: Any, kiosk: Any) -> None:
    assert ask_everything(Signing(central.client.app, kiosk), examples=15) == OPERATIONS
    central.demand_sound_books()


def test_parties_get_the_answers_that_are_documented(central: Any) -> None:
    """One that speaks for all ids, so that what is asked at random is done, or refused by the rules."""
    with central.house.db.begin() as session:
        open_debtor(session, 0, Terms(), central.clock())
    everybody = {"debtors": (f"{-(2**63)}..{2**63 - 1}",), "creditors": (f"{2**32}..{2**63 - 1}",)}
    party = Party.added(central.house.db, central.client, central.clock, "party-1", **everybody)
    signing = Signing(central.client.app, party)
    assert ask_everything(signing, PREFIX, examples=15) == ACCOUNTS_OPERATIONS
    central.demand_sound_books()
