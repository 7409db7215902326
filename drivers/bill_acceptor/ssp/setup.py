"""The set-up of an SSP device, one command after the other.

A key is tried for whenever the line is set up: a device that agrees on one is spoken to in eSSP from then on,
one that refuses is spoken to plainly. HOLD comes before everything that a bill in escrow could not bear, and
finds out whether there is one: a poll would accept it. Source: ITL SSP Protocol Manual GA138 v2.2.
"""

from collections.abc import Mapping

from drivers.bill_acceptor.events import Bill
from drivers.bill_acceptor.ssp.dataset import enabled_channels
from drivers.bill_acceptor.ssp.encryption import GENERATOR, MODULUS, KeyExchange, Session, number
from drivers.bill_acceptor.ssp.frames import Command, CommandCode, Reply, ResponseCode

PROTOCOL_VERSION = (
    6  # countries and values for each channel; events still name a bill by its channel
)

_KEY_STEPS = (
    CommandCode.SET_GENERATOR,
    CommandCode.SET_MODULUS,
    CommandCode.REQUEST_KEY_EXCHANGE,
)
_SETTINGS = (
    CommandCode.HOST_PROTOCOL_VERSION,
    CommandCode.SETUP_REQUEST,
    CommandCode.SET_INHIBITS,
)
_STEPS = (CommandCode.SYNC, *_KEY_STEPS, CommandCode.HOLD, *_SETTINGS)
_REQUIRED = frozenset({CommandCode.SETUP_REQUEST, CommandCode.SET_INHIBITS})


class SetUp:
    """How far the set-up has come."""

    def __init__(self) -> None:
        self._at = 0
        self._exchange = KeyExchange()

    @property
    def is_done(self) -> bool:
        return self._at == len(_STEPS)

    def is_at(self, code: int) -> bool:
        return not self.is_done and _STEPS[self._at] == code

    def command(self, bills: Mapping[int, Bill]) -> Command:
        code = _STEPS[self._at]
        data = {
            CommandCode.SET_GENERATOR: number(GENERATOR),
            CommandCode.SET_MODULUS: number(MODULUS),
            CommandCode.REQUEST_KEY_EXCHANGE: number(self._exchange.host_inter_key),
            CommandCode.HOST_PROTOCOL_VERSION: bytes([PROTOCOL_VERSION]),
            CommandCode.SET_INHIBITS: enabled_channels(bills),
        }
        return Command(code, data.get(code, b""))

    def answered(self, code: int, *, is_obeyed: bool) -> bool:
        """Goes on to the next step; False when the device refuses one that is required."""
        if not is_obeyed and code in _REQUIRED:
            return False
        if not is_obeyed and code in _KEY_STEPS:
            self._at = _STEPS.index(CommandCode.HOLD)
        else:
            self._at += 1
        return True

    def session(self, reply: Reply) -> Session | None:
        """The key agreed on, when this is the reply that completes it."""
        if not self.is_at(CommandCode.REQUEST_KEY_EXCHANGE) or reply.code != ResponseCode.OK:
            return None
        return self._exchange.session(int.from_bytes(reply.data, "little"))

    def settings_lost(self) -> None:
        """The device started over, and still understands us."""
        self._at = min(self._at, _STEPS.index(CommandCode.HOST_PROTOCOL_VERSION))
