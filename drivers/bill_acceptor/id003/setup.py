"""The set-up of an ID-003 device, one request after the other.

Source: JCM ID-003 protocol specification, start-up: RESET, then C0, C1, C4, C5, C6, C7, C3. A device may
refuse (4B) what is not required: some models have no barcode reader or no optional functions.
"""

from drivers.bill_acceptor.id003.frames import Request, RequestCode

TRIES_MAX = 3  # a choice: then silence to one request counts as a refusal

_STEPS = (
    RequestCode.GET_VERSION,
    RequestCode.GET_CURRENCY,
    RequestCode.SET_DENOMINATIONS,
    RequestCode.SET_SECURITY,
    RequestCode.SET_COMMUNICATION,
    RequestCode.SET_DIRECTION,
    RequestCode.SET_OPTIONS,
    RequestCode.SET_BARCODE,
    RequestCode.SET_BARCODE_INHIBIT,
    RequestCode.SET_INHIBIT,
)
_REQUIRED = frozenset(
    {RequestCode.GET_CURRENCY, RequestCode.SET_DENOMINATIONS, RequestCode.SET_INHIBIT}
)
_DATA = {
    RequestCode.SET_SECURITY: b"\x00\x00",  # every denomination at the normal level
    RequestCode.SET_COMMUNICATION: b"\x00",  # the host polls
    RequestCode.SET_DIRECTION: b"\x00",  # all four ways in
    RequestCode.SET_OPTIONS: b"\x02\x00",  # bit 1: report the credit again after a power loss
    RequestCode.SET_BARCODE: b"\x01\x12",  # the only kind there is: interleaved 2 of 5, 18 digits
    RequestCode.SET_BARCODE_INHIBIT: b"\xff",  # tickets are not money here
}


class SetUp:
    """How far the set-up has come."""

    def __init__(self) -> None:
        self._at = 0
        self._failures = 0
        self.needs_reset = False  # a step was refused; RESET may help
        self.was_reset = False  # and has been tried since the device was ready last

    @property
    def is_done(self) -> bool:
        return self._at == len(_STEPS)

    @property
    def may_skip(self) -> bool:
        return not self.is_done and _STEPS[self._at] not in _REQUIRED

    def is_at(self, code: int) -> bool:
        return not self.is_done and _STEPS[self._at] == code

    def request(self, denominations: bytes, *, inhibited: bool) -> Request:
        filled = {
            RequestCode.SET_DENOMINATIONS: denominations,
            RequestCode.SET_INHIBIT: bytes([inhibited]),
        }
        step = _STEPS[self._at]
        return Request(step, {**_DATA, **filled}.get(step, b""))

    def advance(self) -> None:
        self._at += 1
        self._failures = 0

    def unanswered(self) -> bool:
        """True when the step has been tried often enough."""
        self._failures += 1
        return self._failures >= TRIES_MAX

    def restart(self) -> None:
        self._at = self._failures = 0
        self.needs_reset = False
