"""The outbox pump: facts to central in order, retried without end, until acknowledged."""

import logging
import time
from collections.abc import Callable

from kiosk.journal.outbox import OutboxReader
from kiosk.session.events import Event, OutboxAcknowledged, OutboxRefused
from kiosk.sync.backoff import wait_s
from kiosk.sync.client import (
    CentralAnsweredNonsense,
    CentralClient,
    CentralRefusedError,
    CentralUnreachable,
)
from kiosk_wire.messages import EVENTS_PER_BATCH_MAX, EventBatch

log = logging.getLogger(__name__)

IDLE_S = 60.0  # a look without a wake-up, in case one was missed
REST_S = 3.0  # after a failure, whatever wakes it; as long as the asker takes to see central again


class OutboxPump:
    """One turn sends one batch. Read-only on the database: the core books what was acknowledged."""

    def __init__(
        self,
        reader: OutboxReader,
        client: CentralClient,
        deliver: Callable[[Event], None],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = reader
        self._client = client
        self._deliver = deliver
        self._monotonic_s = monotonic_s
        self._rest_until_s = monotonic_s()
        self._after_seq = reader.acknowledged_seq()
        self._failures = 0

    def turn(self) -> float:
        """A wake-up shortens a back-off to a rest, no further: a burst of facts is not a burst of attempts."""
        rest_s = self._rest_until_s - self._monotonic_s()
        if rest_s > 0:
            return rest_s
        events = self._reader.after(self._after_seq, EVENTS_PER_BATCH_MAX)
        if not events:
            return IDLE_S
        try:
            ack = self._client.events(EventBatch(events=events))
        except CentralUnreachable as error:
            log.info("outbox: %s", error)  # the asker says so to the core
            return self._failed()
        except (CentralRefusedError, CentralAnsweredNonsense) as error:
            return self._refused(str(error))
        # Follow central's word, also backwards: if it has lost what it acknowledged, it gets it again.
        advanced = ack.through_seq > self._after_seq
        self._after_seq = min(ack.through_seq, events[-1].seq)
        if not advanced:
            return self._refused(f"acknowledged {ack.through_seq}, sent up to {events[-1].seq}")
        self._failures = 0
        self._deliver(OutboxAcknowledged(self._after_seq))
        return 0.0

    def _refused(self, detail: str) -> float:
        log.error("outbox: %s", detail)
        self._deliver(OutboxRefused(detail))
        return self._failed()

    def _failed(self) -> float:
        self._failures += 1
        back_off_s = wait_s(self._failures)
        self._rest_until_s = self._monotonic_s() + min(back_off_s, REST_S)
        return back_off_s
