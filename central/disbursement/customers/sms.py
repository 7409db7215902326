"""Codes to phones, through the operator's own gateway: any that takes JSON over HTTP.

A code is sent under one idempotency key, its own name, however often it is tried; and tried a few times only, because
the customer waits. What went wrong is logged without number, code or text.
"""

import logging
import time
from typing import Any, Protocol

import httpx2

from disbursement.config import SmsSection
from disbursement.errors import without_number

TRIES = 2
TRY_TIMEOUT_S = 2.5  # twice, and the kiosk still waits for our answer
PAUSE_S = 0.3
BUSY = 429
log = logging.getLogger(__name__)


class Sms(Protocol):
    def send(self, name: str, phone: str, code: str) -> bool:
        """Whether the gateway has it. The same name again is the same message."""


class SmsGateway:
    def __init__(self, section: SmsSection, authorization: str | None) -> None:
        self._section = section
        self._headers = {"authorization": authorization} if authorization else {}

    def send(self, name: str, phone: str, code: str) -> bool:
        words = {"{phone}": phone, "{text}": self._section.text.replace("{code}", code)}
        body = _filled(self._section.body, words)
        for number in range(TRIES):
            if number:
                time.sleep(PAUSE_S)
            trouble, is_final = self._try(name, body)
            if trouble is None:
                return True
            log.warning("code %s could not be sent: %s", name, trouble)
            if is_final:
                break
        return False

    def _try(self, name: str, body: Any) -> tuple[str | None, bool]:
        """What went wrong, and whether it would go wrong again."""
        try:
            answer = httpx2.post(
                str(self._section.url),
                json=body,
                headers={**self._headers, "idempotency-key": name},
                timeout=TRY_TIMEOUT_S,
            )
        except httpx2.HTTPError as failure:
            return without_number(failure), False
        if answer.is_success:
            return None, True
        is_final = not answer.is_server_error and answer.status_code != BUSY
        return f"the gateway answers with status {answer.status_code}", is_final


def _filled(template: Any, words: dict[str, str]) -> Any:
    match template:
        case str():
            for name, value in words.items():
                template = template.replace(name, value)
            return template
        case dict():
            return {key: _filled(value, words) for key, value in template.items()}
        case list():
            return [_filled(value, words) for value in template]
        case _:
            return template
