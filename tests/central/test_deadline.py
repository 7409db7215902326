"""What takes too long is refused, and nothing of it is done after that."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from disbursement import deadline
from disbursement.api.bounds import Bounds
from disbursement.errors import Refused
from disbursement.sales.models import TransferRow
from raw_http import PATIENCE_S, answer_on, get, read_all, serving

SHORT = Bounds(body_s=0.5, answer_s=0.7, requests=3)


@pytest.fixture
def connect(central: Any) -> Iterator[Callable[[], socket.socket]]:
    with serving(central.client.app, SHORT) as address, contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(socket.create_connection(address, PATIENCE_S))


def holding_the_books(central: Any) -> contextlib.AbstractContextManager[Any]:
    """Whoever would write waits."""
    db = central.house.db

    @contextlib.contextmanager
    def holding() -> Iterator[None]:
        with db.engine.begin() as connection:
            if db.is_postgres:
                connection.execute(sa.text("LOCK TABLE transfers, quotes, nonces"))
            yield

    return holding()


def test_what_takes_too_long_is_refused_and_leaves_nothing_behind(
    connect: Any, central: Any, kiosk: Any
) -> None:
    kiosk.quote()
    body = json.dumps(
        {
            "transfer_id": "transfer-1",
            "session_id": "session-1",
            "quote_id": "quote-0001",
            "address": "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
            "max_amount_minor": 50_000,
        }
    ).encode()
    request = kiosk.client.build_request("POST", "/v1/transfers", content=body)
    kiosk.sign(request, body)
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    asked = f"POST /v1/transfers HTTP/1.1\r\n{head}\r\n".encode() + body
    with holding_the_books(central):
        lines = [connect() for _ in range(SHORT.requests + 1)]
        for line in lines[:-1]:
            line.sendall(asked)
        time.sleep(0.3)  # until they are under way
        lines[-1].sendall(asked)
        busy = answer_on(lines[-1])
        assert busy[:2] == (503, "busy")
        assert busy[2]["retry-after"] == "1"
        assert {answer_on(line)[:2] for line in lines[:-1]} == {(504, "out_of_time")}
    until_s = time.monotonic() + PATIENCE_S
    healthy = b""
    while b" 200 OK" not in healthy and time.monotonic() < until_s:
        line = connect()
        get(line)
        healthy = read_all(line)  # once those that were late have ended
    assert b" 200 OK" in healthy
    assert central.all(TransferRow) == []
    assert kiosk.prepare().status_code == 200


def test_no_transaction_commits_after_its_deadline(central: Any, kiosk: Any) -> None:
    def work(session: Any) -> None:
        session.execute(sa.text("UPDATE speakers SET last_seen_ms = 7"))
        time.sleep(0.06)  # longer than there is

    with deadline.within(0.05), pytest.raises(Refused) as late:
        central.house.db.run(work)
    assert late.value.status == 504
    assert kiosk.quote().status_code == 200
