"""Central over HTTP: each request signed, each answer checked against its schema.

Every way it can fail is one of three errors: it cannot be reached, it refused, or it answered nonsense.
A request refused for its signature may have been signed at a wrong time: central is asked for the time, once.
"""

from typing import TypeVar

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from kiosk.clock import KioskClock
from kiosk_wire.messages import (
    ASK_AGAIN,
    EventAck,
    EventBatch,
    Health,
    Message,
    PrepareRequest,
    Quote,
    QuoteRequest,
    Refusal,
    RefusalCode,
    Transfer,
)
from kiosk_wire.signing import sign_request

ANSWER_BYTES_MAX = 65_536
TIMEOUT_S = 8.0  # a shop's line at its worst; the caller's own deadline is longer
WORD_S_MAX = 24.0  # to connect, to write and to read
LONGEST_TURN_S = (
    90.0  # three requests, each to connect, write and read, and a name server's half minute
)

BUSY_WAIT_S_MAX = 60.0

_Answer = TypeVar("_Answer", bound=Message)


class CentralUnreachable(Exception):
    """The world: no line, no server, or a server that is not ready."""


class CentralBusy(CentralUnreachable):
    """It is there, and wants to be asked again later: until then nothing is sent."""

    def __init__(self, detail: str, wait_s: float) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class CentralRefusedError(Exception):
    """Central understood, and said no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code.value}: {refusal.detail}")
        self.refusal = refusal


class CentralAnsweredNonsense(Exception):
    """The peer broke the protocol; it is not asked to mean anything."""


class CentralClient:
    """Not shared between threads."""

    def __init__(
        self,
        url: str,
        kiosk_id: str,
        key: Ed25519PrivateKey,
        clock: KioskClock,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._kiosk_id = kiosk_id
        self._key = key
        self._clock = clock
        self._quiet_until_s = clock.monotonic_s()
        self._http = httpx2.Client(base_url=url, timeout=TIMEOUT_S, transport=transport)

    def quote(self, request: QuoteRequest) -> Quote:
        return self._post("/v1/quotes", request, Quote)

    def prepare(self, request: PrepareRequest) -> Transfer:
        return self._post("/v1/transfers", request, Transfer)

    def transfer(self, transfer_id: str) -> Transfer:
        return self._send("GET", f"/v1/transfers/{transfer_id}", b"", Transfer)

    def events(self, batch: EventBatch) -> EventAck:
        return self._post("/v1/events", batch, EventAck)

    def health(self) -> Health:
        """Also sets the kiosk's clock: central's word is as old as half the way there and back. One that was long
        on the way is no answer: whoever holds it back would set our clock."""
        asked_s = self._clock.monotonic_s()
        health = self._attempt("GET", "/healthz", b"", Health)
        heard_s = self._clock.monotonic_s()
        if heard_s - asked_s > WORD_S_MAX:
            raise CentralUnreachable(f"its answer took {heard_s - asked_s:.0f} s")
        self._clock.central_said(health.now_ms, (asked_s + heard_s) / 2)
        return health

    def close(self) -> None:
        self._http.close()

    def _post(self, path: str, message: Message, answer: type[_Answer]) -> _Answer:
        return self._send("POST", path, message.model_dump_json().encode(), answer)

    def _send(self, method: str, path: str, body: bytes, answer: type[_Answer]) -> _Answer:
        """Raises CentralUnreachable, CentralRefusedError, CentralAnsweredNonsense."""
        try:
            return self._attempt(method, path, body, answer)
        except CentralRefusedError as error:
            if error.refusal.code is not RefusalCode.BAD_SIGNATURE:
                raise
        self.health()
        return self._attempt(method, path, body, answer)

    def _attempt(self, method: str, path: str, body: bytes, answer: type[_Answer]) -> _Answer:
        rest_s = self._quiet_until_s - self._clock.monotonic_s()
        if rest_s > 0:
            raise CentralBusy(f"it is to be left alone for {rest_s:.0f} s more", rest_s)
        headers = {"content-type": "application/json"} if body else {}
        request = self._http.build_request(method, path, content=body or None, headers=headers)
        sign_request(
            request,
            key_id=self._kiosk_id,
            private_key=self._key,
            body=body,
            now_ms=self._clock.now_ms(),
        )
        try:
            response = self._http.send(request)
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise CentralUnreachable(f"no answer from {request.url}: {error}") from error
        try:
            return _read(response, answer)
        except CentralBusy as busy:
            self._quiet_until_s = self._clock.monotonic_s() + busy.wait_s
            raise


def _read(response: httpx2.Response, answer: type[_Answer]) -> _Answer:
    content = response.content
    if len(content) > ANSWER_BYTES_MAX:
        raise CentralAnsweredNonsense(f"an answer of {len(content)} bytes")
    try:
        if response.is_success:
            return answer.model_validate_json(content)
        refusal = Refusal.model_validate_json(content)
    except ValidationError as error:
        if response.is_server_error:  # a proxy's or a crash's own page: not central's word
            raise CentralUnreachable(f"HTTP {response.status_code}") from error
        raise CentralAnsweredNonsense(
            f"HTTP {response.status_code}, {error.error_count()} faults in the answer"
        ) from error
    if refusal.code in ASK_AGAIN:
        detail = f"{refusal.code.value}: {refusal.detail}"
        raise CentralBusy(detail, _wait_s(response.headers.get("retry-after", "")))
    raise CentralRefusedError(refusal)


def _wait_s(told: str) -> float:
    """Central says seconds; whatever else is said, nobody waits for ever."""
    return min(float(told), BUSY_WAIT_S_MAX) if told.isdecimal() else 0.0
