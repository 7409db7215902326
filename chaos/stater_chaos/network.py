"""The line between a kiosk and central: slow, cut, forgetful, repeating itself and late."""

import random
from dataclasses import dataclass

import httpx2

from kiosk.sync.client import TIMEOUT_S
from stater_chaos.central_host import CentralHost
from stater_chaos.clockwork import Clockwork, Moment

QUICK_S = 0.3
CONNECTION_REFUSED_S = 0.01


@dataclass
class Network:
    clockwork: Clockwork
    chance: random.Random
    central: CentralHost
    is_cut: bool = False
    slowest_s: float = QUICK_S  # each way takes up to this long
    loses: float = 0.0  # the chance that a request, or an answer, is lost
    repeats: float = 0.0  # that a request arrives a second time, perhaps much later

    def transport(self) -> "Transport":
        return Transport(self)


class Transport(httpx2.BaseTransport):
    def __init__(self, network: Network) -> None:
        self._line = network

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        line, clockwork = self._line, self._line.clockwork
        give_up_s = clockwork.now_s + TIMEOUT_S
        clockwork.point(Moment.LINE)
        if line.is_cut:
            raise httpx2.ConnectError("the line is cut", request=request)
        self._travel(request, give_up_s)
        if not line.central.is_ready:
            raise httpx2.ConnectError("connection refused", request=request)
        asked = (
            request.method,
            request.url.path,
            request.content,
            [(name, value) for name, value in request.headers.items()],
        )
        if line.chance.random() < line.repeats:
            clockwork.after(line.chance.random() * 20, lambda: self._again(asked))
        pending = line.central.request(*asked)
        clockwork.wait(give_up_s - clockwork.now_s, pending.done)
        if pending.answer is None:
            raise httpx2.ReadTimeout("no answer", request=request)
        self._travel(request, give_up_s)
        clockwork.point(Moment.LINE)
        return httpx2.Response(
            pending.answer.status, headers=pending.answer.headers, content=pending.answer.body
        )

    def _again(self, asked: tuple[str, str, bytes, list[tuple[str, str]]]) -> None:
        if self._line.central.is_ready and not self._line.is_cut:
            self._line.central.request(*asked)

    def _travel(self, request: httpx2.Request, give_up_s: float) -> None:
        line = self._line
        if line.is_cut or line.chance.random() < line.loses:
            line.clockwork.wait(max(0.0, give_up_s - line.clockwork.now_s))
            raise httpx2.ReadTimeout("lost on the way", request=request)
        line.clockwork.wait(line.chance.random() * line.slowest_s)
        if line.clockwork.now_s >= give_up_s:
            raise httpx2.ReadTimeout("too late", request=request)
