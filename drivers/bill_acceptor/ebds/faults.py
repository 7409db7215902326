"""What EBDS calls a fault, in our words.

Source: EBDS protocol specification, standard reply, data bytes 0 to 3, as documented in decapod-atm/ebds
src/status.rs. It has no reasons of rejection: a rejected bill "could not be validated". Nor has a jam a
place; the protocol says where the bill was.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.ebds.frames import Condition, Misc, Notice, State, Status
from drivers.faults import FaultCode, RejectReason

REJECTED = (RejectReason.NOT_RECOGNISED, "d1 02 rejected: it could not be validated")


def is_broken(status: Status) -> bool:
    """Motors or hands: what the state says of a bill is not to be trusted now."""
    return bool(
        status.condition & (Condition.JAMMED | Condition.CALIBRATION)
        or status.notice & (Notice.FAILURE | Notice.TRANSPORT_OPEN)
        or status.misc & (Misc.STALLED | Misc.FLASH_DOWNLOAD)
    )


def is_cheated(status: Status) -> bool:
    """Not with STACKED: units say so that the cassette is nearly full (TerminalClient)."""
    return Condition.CHEATED in status.condition and not status.is_stacked_event


def is_cassette_out(status: Status) -> bool:
    return Condition.CASSETTE_ATTACHED not in status.condition


def is_stuck(status: Status) -> bool:
    """What a reset may cure."""
    return bool(
        Condition.JAMMED in status.condition
        or Notice.FAILURE in status.notice
        or Misc.STALLED in status.misc
    )


def is_out_of_order(status: Status) -> bool:
    is_full = Condition.CASSETTE_FULL in status.condition
    return is_broken(status) or is_cheated(status) or is_cassette_out(status) or is_full


def is_at_rest(status: Status) -> bool:
    """It holds no bill, and could take one if it were told to."""
    is_busy = status.state & ~(State.IDLING | State.STACKED | State.RETURNED)
    is_idle = State.IDLING in status.state and not is_busy
    return is_idle and not status.is_powering_up and not is_out_of_order(status)


def _is_out_of_service(status: Status) -> bool:
    return not status.state and not is_out_of_order(status) and not status.is_powering_up


@dataclass(frozen=True)
class _Cause:
    name: str
    code: FaultCode
    detail: str
    stands: Callable[[Status], bool]
    after_s: float = 0.0  # what is in order for a while; the times are a choice


JAM = "jam"
POWER_UP = "power-up"
_CAUSES = (
    _Cause(JAM, FaultCode.ACCEPTOR_JAM, "d1 04 jammed", lambda s: Condition.JAMMED in s.condition),
    _Cause("stalled", FaultCode.ACCEPTOR_JAM, "d3 01 stalled", lambda s: Misc.STALLED in s.misc),
    _Cause(
        "paused",
        FaultCode.ACCEPTOR_JAM,
        "d1 20 paused: a second bill waits in the slot",
        lambda s: Condition.PAUSED in s.condition,
        10.0,
    ),
    _Cause(
        "stacking",
        FaultCode.STACKER_JAM,
        "d0 08 stacking does not end",
        lambda s: State.STACKING in s.state,
        30.0,
    ),
    _Cause(
        "full",
        FaultCode.CASHBOX_FULL,
        "d1 08 cassette full",
        lambda s: Condition.CASSETTE_FULL in s.condition,
    ),
    _Cause("cassette", FaultCode.CASHBOX_REMOVED, "d1 10 cassette not attached", is_cassette_out),
    _Cause("cheated", FaultCode.CHEAT_SUSPECTED, "d1 01 cheated", is_cheated),
    _Cause(
        "calibration",
        FaultCode.ACCEPTOR_FAILURE,
        "d1 40 waits for a calibration sheet",
        lambda s: Condition.CALIBRATION in s.condition,
    ),
    _Cause(
        "failure",
        FaultCode.ACCEPTOR_FAILURE,
        "d2 04 failure",
        lambda s: Notice.FAILURE in s.notice,
    ),
    _Cause(
        "transport",
        FaultCode.ACCEPTOR_FAILURE,
        "d2 40 the path of the bills is open",
        lambda s: Notice.TRANSPORT_OPEN in s.notice,
    ),
    _Cause(
        "download",
        FaultCode.ACCEPTOR_FAILURE,
        "d3 02 waits for a firmware download",
        lambda s: Misc.FLASH_DOWNLOAD in s.misc,
    ),
    _Cause(
        "out of service",
        FaultCode.ACCEPTOR_FAILURE,
        "d0 00 out of service, without a reason",
        _is_out_of_service,
        10.0,
    ),
    _Cause(
        "refusal",
        FaultCode.ACCEPTOR_PROTOCOL,
        "d2 02 it refuses to be polled",
        lambda s: Notice.INVALID_COMMAND in s.notice,
        10.0,
    ),
    _Cause(
        POWER_UP,
        FaultCode.ACCEPTOR_FAILURE,
        "d2 01 powering up does not end",
        lambda s: s.is_powering_up,
        30.0,
    ),
)


@dataclass(frozen=True)
class Verdict:
    cause: str
    code: FaultCode | None  # None: it does not stand (any more)
    detail: str


class Watch:
    """What of the status stands for long enough to be a fault."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}

    def judge(self, status: Status, now_s: float) -> Iterator[Verdict]:
        """A device on its way up says nothing of its parts yet: they stay as they are."""
        for cause in _CAUSES:
            if status.is_powering_up and cause.name != POWER_UP:
                continue
            if not cause.stands(status):
                self._since_s.pop(cause.name, None)
                yield Verdict(cause.name, None, "")
            elif now_s - self._since_s.setdefault(cause.name, now_s) >= cause.after_s:
                yield Verdict(cause.name, cause.code, cause.detail)


def _bits(detail: str) -> str:
    """`d1 04` of `d1 04 jammed`."""
    return " ".join(detail.split()[:2])


def _words(detail: str) -> str:
    return " ".join(detail.split()[2:])


VENDOR_CODES: Mapping[str, tuple[str, FaultCode | RejectReason]] = {
    _bits(REJECTED[1]): (_words(REJECTED[1]), REJECTED[0]),
    **{_bits(cause.detail): (_words(cause.detail), cause.code) for cause in _CAUSES},
}
"""All that the document calls a fault or a reason: byte and bit, in its words and in ours."""
