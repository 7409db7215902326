"""How often somebody may ask: a token bucket for each speaker, and for each address that nobody vouches for.

In memory, for each process. Who asks too often is told when to ask again (429); nothing is counted against a speaker that
strangers send in its name, except from the very address it last spoke from.
"""

import ipaddress
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from disbursement.api.refusals import answer
from disbursement.errors import Refused
from disbursement.house import House
from kiosk_wire.messages import RefusalCode

BUCKETS_MAX = 10_000  # the one that was idle longest gives way
KEY_ID = re.compile(r';\s*keyid="([^"]{1,64})"')
STRANGERS = frozenset({401, 403})  # the answers to who is not vouched for
GATED = ("/v1/", "/accounts/v1/")
IPV6_NETWORK_BITS = 64  # what one subscriber has


@dataclass(frozen=True)
class Pace:
    per_s: float
    burst: int


SPEAKER = Pace(per_s=50, burst=500)  # a kiosk asks once a second; a channel has its batches
ADDRESS = Pace(per_s=20, burst=200)  # a shop's kiosks ask the time every 15 seconds each


class Buckets:
    """Full when nobody has asked for long."""

    def __init__(self, pace: Pace, now_ms: Callable[[], int]) -> None:
        self._pace = pace
        self._now_ms = now_ms
        self._filled: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_s(self, name: str) -> int:
        """How long until there is a token; 0 when there is one."""
        short = 1 - self._tokens(name)
        return 0 if short <= 0 else max(1, -int(-short // self._pace.per_s))

    def take(self, name: str) -> None:
        self._filled[name] = (self._tokens(name) - 1, self._now_ms())
        self._filled.move_to_end(name)
        if len(self._filled) > BUCKETS_MAX:
            self._filled.popitem(last=False)

    def _tokens(self, name: str) -> float:
        now_ms = self._now_ms()
        tokens, at_ms = self._filled.get(name, (float(self._pace.burst), now_ms))
        if at_ms > now_ms:  # the clock was set back: nobody waits until it is where it was
            self._filled[name], at_ms = (tokens, now_ms), now_ms
        return min(self._pace.burst, tokens + (now_ms - at_ms) / 1_000 * self._pace.per_s)

    def demand(self, name: str) -> None:
        """Take one. Raises Refused."""
        wait_s = self.wait_s(name)
        if wait_s:
            raise Refused(429, RefusalCode.TOO_OFTEN, "asked too often", retry_after_s=wait_s)
        self.take(name)


class Paced:
    """Before the gate: no signature of a stranger is looked at who has sent too many bad ones."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._addresses = Buckets(ADDRESS, lambda: house.now_ms())  # noqa: PLW0108  # whichever it is then
        self._spoke_from: OrderedDict[str, str] = OrderedDict()  # speakers, and their address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address, key_id = _address(scope), _key_id(scope)
        name = address
        if key_id and self._spoke_from.get(key_id) == address:
            name = f"{address} {key_id}"
        wait_s = self._addresses.wait_s(name)
        if wait_s:
            refused = Refused(429, RefusalCode.TOO_OFTEN, "asked too often", retry_after_s=wait_s)
            await answer(refused)(scope, receive, send)
            return

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"], name, address, key_id)
            await send(message)

        await self._app(scope, receive, noting)

    def _note(self, scope: Scope, status: int, name: str, address: str, key_id: str) -> None:
        if status in STRANGERS or not scope["path"].startswith(GATED):
            self._addresses.take(name)
        elif key_id and status < 400:
            self._spoke_from[key_id] = address
            self._spoke_from.move_to_end(key_id)
            if len(self._spoke_from) > BUCKETS_MAX:
                self._spoke_from.popitem(last=False)


def _key_id(scope: Scope) -> str:
    found = KEY_ID.search(Headers(scope=scope).get("signature-input", ""))
    return found.group(1) if found else ""


def _address(scope: Scope) -> str:
    return _network(scope["client"][0] if scope.get("client") else "")


@lru_cache(maxsize=BUCKETS_MAX)
def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # of a socket that has none
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
