"""No request waits, grows or multiplies without end: strangers on real sockets, against the service as it serves."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from disbursement.api import pace
from disbursement.api.app import build_app
from disbursement.api.bounds import Bounds
from disbursement.api.pace import ADDRESS, Buckets, Pace
from disbursement.api.signed import BODY_BYTES_MAX
from kiosk_wire.messages import Refusal
from raw_http import PATIENCE_S, answer_on, get, read_all, serving

SHORT = Bounds(head_s=0.5, body_s=0.5, answer_s=0.7, requests=3, connections=12)


@pytest.fixture
def address(central: Any) -> Iterator[tuple[str, int]]:
    with serving(central.client.app, SHORT) as place:
        yield place


@pytest.fixture
def connect(address: tuple[str, int]) -> Iterator[Callable[[], socket.socket]]:
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(socket.create_connection(address, PATIENCE_S))


def post(line: socket.socket, length: int, sent: bytes = b"") -> None:
    head = f"POST /v1/quotes HTTP/1.1\r\nHost: central\r\nContent-Length: {length}\r\n\r\n"
    line.sendall(head.encode() + sent)


def drip(line: socket.socket, piece: bytes, for_s: float) -> bool:
    """Whether the other side still listens after that."""
    until_s = time.monotonic() + for_s
    with contextlib.suppress(ConnectionError):
        while time.monotonic() < until_s:
            line.sendall(piece)
            time.sleep(0.05)  # as slow as the attack is
        return True
    return False


def is_well(connect: Callable[[], socket.socket]) -> bool:
    line = connect()
    get(line)
    return b" 200 OK" in read_all(line)


def test_a_head_that_drips_and_a_silent_connection_are_ended(connect: Any) -> None:
    silent, slow = connect(), connect()
    slow.sendall(b"GET /healthz HTTP/1.1\r\n")
    assert not drip(slow, b"X-A: b\r\n", PATIENCE_S)
    assert read_all(silent) == b""
    assert is_well(connect)


def test_so_is_a_second_head_on_the_same_connection(connect: Any) -> None:
    line = connect()
    get(line, more="")
    assert b" 200 OK" in line.recv(65_536)
    assert not drip(line, b"G", PATIENCE_S)


def test_a_body_that_drips_is_refused_and_its_connection_ended(connect: Any) -> None:
    line = connect()
    post(line, 1_000, b"{")
    assert answer_on(line)[:2] == (408, "out_of_time")
    line = connect()
    post(line, 1_000)
    assert not drip(line, b" ", PATIENCE_S)


def test_a_body_that_would_be_too_large_is_refused_before_it_is_sent(connect: Any) -> None:
    line = connect()
    post(line, BODY_BYTES_MAX + 1)
    assert answer_on(line)[:2] == (413, "bad_request")


def test_a_long_head_a_long_url_and_what_is_no_http_are_refused(connect: Any) -> None:
    line = connect()
    get(line, more=f"X-A: {'b' * SHORT.head_bytes}\r\n")
    assert answer_on(line)[:2] == (431, "bad_request")
    line = connect()
    line.sendall(b"GET /healthz HTTP/1.1\r\nX-A: " + b"b" * SHORT.head_bytes)  # and no end of it
    assert answer_on(line)[:2] == (400, "bad_request")
    line = connect()
    get(line, "/" + "a" * SHORT.url_bytes)
    assert answer_on(line)[:2] == (414, "bad_request")
    line = connect()
    line.sendall(b"\x16\x03\x01\x02\x00 TLS, but not here\r\n\r\n")
    assert answer_on(line)[:2] == (400, "bad_request")


@pytest.mark.parametrize(
    ("first", "then"),
    [(b"", b"1;" + b"x" * 1_000 + b"\r\n \r\n"), (b"0\r\nX: ", b"x" * 1_000)],
    ids=["chunks that are frame", "a trailer"],
)
def test_what_is_no_body_and_has_no_end_is_cut_off(
    connect: Any, first: bytes, then: bytes
) -> None:
    line = connect()
    line.sendall(
        b"POST /v1/quotes HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\n" + first
    )
    sent_bytes = 0
    with contextlib.suppress(ConnectionError):
        while sent_bytes < 8 * BODY_BYTES_MAX:
            line.sendall(then * 100)
            sent_bytes += len(then) * 100
    assert sent_bytes < 4 * BODY_BYTES_MAX
    assert is_well(connect)


def test_no_more_connections_than_are_allowed_and_room_again_when_they_go(connect: Any) -> None:
    lines = [connect() for _ in range(SHORT.connections + 5)]
    ended = [line for line in lines[SHORT.connections :] if read_all(line) == b""]
    assert len(ended) == 5
    for line in lines:
        assert read_all(line) == b""  # silent, so ended as well
    assert is_well(connect)


def test_a_flood_of_strangers_is_slowed_down_and_no_speaker_with_it(
    central: Any, kiosk: Any
) -> None:
    """The kiosk spoke from that address before: what strangers send from it does not count against it."""
    assert kiosk.quote().status_code == 200
    statuses = [central.client.post("/v1/quotes", json={}).status_code for _ in range(250)]
    assert statuses == [401] * ADDRESS.burst + [429] * (250 - ADDRESS.burst)
    refused = central.client.get("/healthz")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert Refusal.model_validate_json(refused.content).code == "too_often"
    assert kiosk.quote().status_code == 200
    central.clock.ms += 1_000
    assert central.client.get("/healthz").status_code == 200


def test_a_speaker_that_asks_too_often_is_told_when_to_ask_again(
    central: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("disbursement.api.signed.SPEAKER", Pace(per_s=0.5, burst=3))
    kiosk.client = type(kiosk.client)(build_app(central.house))
    assert [kiosk.quote().status_code for _ in range(4)] == [200, 200, 200, 429]
    assert kiosk.quote().headers["retry-after"] == "2"
    central.clock.ms += 2_000
    assert kiosk.quote().status_code == 200
    assert central.kiosk("kiosk-2").quote("2").status_code == 200


def test_a_bucket_holds_no_more_than_its_burst_whatever_the_clock_does() -> None:
    now_ms = [1_000_000]
    buckets = Buckets(Pace(per_s=2, burst=4), lambda: now_ms[0])

    def taken() -> int:
        count = 0
        while not buckets.wait_s("one"):
            buckets.take("one")
            count += 1
        return count

    assert taken() == 4
    now_ms[0] -= 500_000
    assert taken() == 0
    now_ms[0] += 1_000
    assert taken() == 2
    now_ms[0] += 10**9
    assert taken() == 4


def test_the_memory_of_the_buckets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "BUCKETS_MAX", 10)
    buckets = Buckets(Pace(per_s=1, burst=1), lambda: 0)
    for number in range(100):
        buckets.take(str(number))
    assert len(buckets._filled) == 10


def test_the_running_service_withstands_a_flood_and_slow_strangers(serve: Any) -> None:
    """`central serve` itself: three hundred silent connections and eight hundred requests, and a kiosk beside them."""
    running = serve()
    kiosk = running.kiosk()
    host, _, port = running.ready["url"].removeprefix("http://").partition(":")
    with contextlib.ExitStack() as opened:
        for _ in range(300):
            line = opened.enter_context(socket.create_connection((host, int(port)), PATIENCE_S))
            line.sendall(b"POST /v1/quotes HTTP/1.1\r\nHost: central\r\nContent-Length: 9\r\n")
        statuses: list[int] = []

        def flood() -> None:
            with httpx2.Client(base_url=running.ready["url"], timeout=PATIENCE_S) as stranger:
                statuses.extend(stranger.post("/v1/quotes").status_code for _ in range(100))

        threads = [threading.Thread(target=flood) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert kiosk.quote().status_code == 200
        for thread in threads:
            thread.join()
        assert kiosk.quote("2").status_code == 200
    assert set(statuses) == {401, 429}
