"""What OpenAPI says of the service is true: schemathesis asks it all it can think of, signed and unsigned."""

import contextlib
from typing import Any

import httpx2
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

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
OPERATIONS = 6  # of the API
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


def ask_everything(app: ASGIApp) -> int:
    """How many operations there are. Each is asked what its schema allows, and what it forbids."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        for mode in GenerationMode:

            @thorough
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Case) -> None:
                case.call_and_validate(checks=CHECKS)

            with contextlib.suppress(Unsatisfiable):  # nothing to say wrong in a GET without words
                ask()
    return len(operations)


def test_strangers_get_the_answers_that_are_documented(central: Any) -> None:
    assert ask_everything(central.client.app) == OPERATIONS


def test_kiosks_get_the_answers_that_are_documented(central: Any, kiosk: Any) -> None:
    assert ask_everything(Signing(central.client.app, kiosk)) == OPERATIONS
    central.demand_sound_books()
