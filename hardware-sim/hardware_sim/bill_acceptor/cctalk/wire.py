"""A ccTalk bill validator's half of the dialogue: each request in, at most one reply out.

Responsible for: what each header asks for, sets or does. A header that it does not have, or data of
a length that the header does not take, is ignored like a damaged frame: no reply.

Source: ccTalk Generic Specification v4.7, Part 2.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from hardware_sim.bill_acceptor.cctalk.frames import HOST, Framing, Request, RequestReader
from hardware_sim.bill_acceptor.cctalk.tables import (
    ACK,
    BILL_TYPES,
    CURRENCIES,
    NAK,
    ROUTE_ESCROW_EMPTY,
    ROUTE_FAILED,
    TEXTS,
    Header,
    Route,
)
from hardware_sim.bill_acceptor.cctalk.validator import Validator
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion
from hardware_sim.link import Clock

Reply = tuple[int, bytes]
_DONE: Reply = (ACK, b"")
_REFUSED: Reply = (NAK, b"")
_MASK_BYTES = BILL_TYPES // 8
_MODES = 0x03


def _said(data: bytes) -> Reply:
    return ACK, data


def _count(bills: Counter[int]) -> Reply:
    return _said((bills.total() & 0xFFFFFF).to_bytes(3, "little"))


class CcTalk:
    def __init__(self, framing: Framing, acceptor: Acceptor, currency: str, clock: Clock) -> None:
        self._framing = framing
        self._acceptor = acceptor
        self._currency = CURRENCIES[currency]
        self._clock = clock
        self._validator = Validator(acceptor, self._currency, clock)
        self._reader = RequestReader(framing)
        self._asked: dict[int, Callable[[], Reply]] = {
            Header.SIMPLE_POLL: lambda: _DONE,
            Header.RESET: self._reset,
            Header.READ_EVENTS: lambda: _said(self._validator.read_events()),
            Header.PERFORM_SELF_CHECK: lambda: _said(bytes([self._validator.fault()])),
            Header.REQUEST_INHIBITS: lambda: _said(self._mask(self._acceptor.enabled)),
            Header.REQUEST_MASTER_INHIBIT: lambda: _said(bytes([self._acceptor.slot_open])),
            Header.REQUEST_OPERATING_MODE: lambda: _said(bytes([self._validator.mode])),
            Header.REQUEST_INSERTIONS: lambda: _count(self._acceptor.tally.inserted),
            Header.REQUEST_ACCEPTANCES: self._count_acceptances,
            Header.REQUEST_CURRENCY_REVISION: lambda: _said(self._currency.revision),
            Header.PERFORM_STACKER_CYCLE: lambda: _DONE,
        }
        self._told: dict[tuple[int, int], Callable[[bytes], Reply]] = {
            (Header.MODIFY_INHIBITS, 2): self._set_inhibits,
            (Header.MODIFY_INHIBITS, 8): self._set_inhibits,
            (Header.MODIFY_MASTER_INHIBIT, 1): self._set_master_inhibit,
            (Header.MODIFY_OPERATING_MODE, 1): self._set_operating_mode,
            (Header.ROUTE_BILL, 1): self._route,
            (Header.REQUEST_BILL_ID, 1): self._identify_bill,
            (Header.REQUEST_SCALING, 2): self._scale,
            (Header.REQUEST_BILL_POSITIONS, 2): self._find_bills,
            (Header.REQUEST_CURRENCY_REVISION, 2): self._revise,
        }

    def hear(self, data: bytes) -> Iterator[bytes]:
        """The replies to what has just come, frame by frame; call it also when nothing came."""
        self._validator.tick()
        if self._acceptor.motion is Motion.OFF:
            self._reader = RequestReader(self._framing)
            return
        for request in self._reader.feed(data, self._clock()):
            reply = self._answer(request)
            if reply is not None:
                yield self._framing.close(HOST, *reply)

    def _answer(self, request: Request) -> Reply | None:
        header, data = request.header, request.data
        if not data and header in TEXTS:
            return _said(TEXTS[header])
        if not data and header in self._asked:
            return self._asked[header]()
        tell = self._told.get((header, len(data)))
        return None if tell is None else tell(data)

    def _reset(self) -> Reply:
        self._validator.restart()
        return _DONE

    def _count_acceptances(self) -> Reply:
        return _count(self._acceptor.cashbox.contents + self._acceptor.tally.collected)

    def _set_inhibits(self, data: bytes) -> Reply:
        self._acceptor.enabled = self._currency.allowed(int.from_bytes(data, "little"))
        return _DONE

    def _set_master_inhibit(self, data: bytes) -> Reply:
        self._acceptor.slot_open = bool(data[0] & 1)
        return _DONE

    def _set_operating_mode(self, data: bytes) -> Reply:
        self._validator.mode = data[0] & _MODES
        return _DONE

    def _route(self, data: bytes) -> Reply:
        acceptor, route = self._acceptor, data[0]
        if route not in tuple(Route):
            return _REFUSED
        if acceptor.motion is not Motion.ESCROWED:
            return _said(bytes([ROUTE_ESCROW_EMPTY]))
        if acceptor.second_bill is not None:
            return _said(bytes([ROUTE_FAILED]))
        if route == Route.STACK:
            acceptor.stack(credit_at_lever=False)
        elif route == Route.RETURN:
            acceptor.give_back()
        else:
            self._validator.extend_escrow()
        return _DONE

    def _identify_bill(self, data: bytes) -> Reply:
        if not 1 <= data[0] <= BILL_TYPES:
            return _REFUSED
        return _said(self._currency.bill_id(data[0]))

    def _scale(self, country: bytes) -> Reply:
        return _said(self._currency.scaling if country == self._currency.country else bytes(3))

    def _find_bills(self, country: bytes) -> Reply:
        known = country == self._currency.country
        return _said(self._mask(self._acceptor.denominations if known else frozenset()))

    def _revise(self, country: bytes) -> Reply:
        return _said(self._currency.revision) if country == self._currency.country else _REFUSED

    def _mask(self, values: frozenset[int]) -> bytes:
        bits = sum(1 << (self._currency.bill_type(value) - 1) for value in values)
        return bits.to_bytes(_MASK_BYTES, "little")
