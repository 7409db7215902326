"""The asker: one open question at a time to central, its answer back as an event; a ping when there is none.

A question stands until the core replaces it: an unreachable central is asked again. Repeats are harmless,
since central is idempotent on the ids.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.session.events import (
    CentralConfused,
    CentralLost,
    CentralReached,
    CentralRefused,
    Event,
    QuoteReceived,
    TransferSeen,
)
from kiosk.sync.backoff import wait_s
from kiosk.sync.client import (
    CentralAnsweredNonsense,
    CentralClient,
    CentralRefusedError,
    CentralUnreachable,
)
from kiosk_wire.messages import PrepareRequest, QuoteRequest, Transfer

WATCH_S = 1.0
PING_S = 15.0
PING_WHEN_LOST_S = 3.0
RETRY_S_MAX = 3.0  # a customer waits


@dataclass(frozen=True)
class WatchTransfer:
    """Tell each change of this transfer."""

    transfer_id: str


Question = QuoteRequest | PrepareRequest | WatchTransfer


class Asker:
    def __init__(self, client: CentralClient, deliver: Callable[[Event], None]) -> None:
        self._client = client
        self._deliver = deliver
        self._lock = threading.Lock()
        self._question: Question | None = None
        self._answered: Question | None = None
        self._last_seen: Transfer | None = None
        self._failures = 0

    def ask(self, question: Question | None) -> bool:
        """Replace the open question. False when it is the one already open."""
        with self._lock:
            if question == self._question:
                return False
            self._question = question
            self._answered = None
            self._last_seen = None
            return True

    def turn(self) -> float:
        with self._lock:
            question = None if self._question == self._answered else self._question
        try:
            if question is None or self._failures:
                self._deliver(CentralReached(self._client.health().network))
                self._failures = 0
            return self._put(question) if question else PING_S
        except CentralUnreachable as error:
            return self._lost(str(error), question)
        except CentralRefusedError as error:
            return self._answer(
                question,
                CentralRefused(_request_id(question), error.refusal.code.value, str(error)),
            )
        except CentralAnsweredNonsense as error:
            return self._answer(question, CentralConfused(_request_id(question), str(error)))

    def _put(self, question: Question) -> float:
        match question:
            case QuoteRequest():
                return self._answer(question, QuoteReceived(self._client.quote(question)))
            case PrepareRequest():
                return self._answer(question, TransferSeen(self._client.prepare(question)))
            case WatchTransfer(transfer_id):
                transfer = self._client.transfer(transfer_id)
                if transfer != self._last_seen:
                    self._last_seen = transfer
                    self._deliver(TransferSeen(transfer))
                return WATCH_S

    def _answer(self, question: Question | None, event: Event) -> float:
        self._deliver(event)
        if question is None or isinstance(question, WatchTransfer):
            return WATCH_S if question else PING_WHEN_LOST_S
        with self._lock:
            self._answered = question
        return PING_S

    def _lost(self, detail: str, question: Question | None) -> float:
        self._failures += 1
        self._deliver(CentralLost(detail))
        return min(wait_s(self._failures), RETRY_S_MAX) if question else PING_WHEN_LOST_S


def _request_id(question: Question | None) -> str:
    match question:
        case QuoteRequest(quote_id=request_id):
            return request_id
        case PrepareRequest(transfer_id=request_id) | WatchTransfer(transfer_id=request_id):
            return request_id
        case None:
            return "ping"
