"""Whatever hosts send and people do, a CCNET validator neither makes nor loses a bill, nor a credit."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from conservation import hold_to_conservation, line_faults, steps
from hardware_sim.bill_acceptor.ccnet.frames import frame
from hardware_sim.link import LineFaults

POLL, ACK, RESET = frame(b"\x33"), frame(b"\x00"), frame(b"\x30")
ENABLE = frame(b"\x34" + b"\xff" * 6)
STACK = frame(b"\x35")
SENSIBLE = [
    b"\x33",
    b"\x00",
    b"\xff",
    b"\x30",
    b"\x31",
    b"\x34" + b"\xff" * 6,
    b"\x35",
    b"\x36",
    b"\x38",
]

requests = st.sampled_from([*SENSIBLE, b"\x34" + bytes(6), b"\x34" + b"\xff" * 3 + bytes(3)])
frames = st.one_of(requests, st.binary(min_size=1, max_size=8)).map(frame)
CYCLE = [
    ("host", RESET),
    ("wait", 5.0),
    ("host", ENABLE),
    ("hands", ("insert", 20)),
    ("wait", 1.1),
    ("host", STACK),
    ("wait", 1.1),
    ("host", POLL),
]
ACKNOWLEDGED = [("host", ACK), ("wait", 1.0)]


def spelled_out(step):
    kind, with_acknowledgement = step
    if kind != "cycle":
        return [step]
    return [*CYCLE, *ACKNOWLEDGED] if with_acknowledgement else CYCLE


@given(steps(frames, "61", 0x52), line_faults, st.integers(0, 5))
def test_no_bill_is_made_or_lost(script, faults, seed) -> None:
    whole = [("host", RESET), *chain.from_iterable(map(spelled_out, script))]
    hold_to_conservation("ccnet", whole, faults, seed, of_credits=True)


def test_the_cycle_of_this_test_credits_a_bill() -> None:
    acceptor = hold_to_conservation("ccnet", [*CYCLE, *ACKNOWLEDGED], LineFaults(), 0)
    assert acceptor.cashbox.contents == {20: 1}
    assert acceptor.credit is not None
    assert acceptor.credit.acknowledged
