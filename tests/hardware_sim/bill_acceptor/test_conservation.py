"""Whatever hosts send and people do, an ID-003 acceptor neither makes nor loses a bill."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from conservation import hold_to_conservation, line_faults, steps
from hardware_sim.bill_acceptor.id003.frames import frame

SENSIBLE = [
    b"\x11",
    b"\x40",
    b"\x41",
    b"\x42",
    b"\x43",
    b"\x44\x03",
    b"\x45",
    b"\x50",
    b"\xc3\x00",
]
RECOVERY = b"\xc5\x02\x00"

requests = st.sampled_from([*SENSIBLE, RECOVERY, b"\xc5\x00\x00", b"\xc0\x10\x00", b"\xc3\x01"])
frames = st.one_of(requests, st.binary(min_size=1, max_size=6)).map(
    lambda content: frame(content[0], content[1:])
)
CYCLE = [
    ("wait", 5.0),
    ("host", frame(0xC3, b"\x00")),
    ("hands", ("insert", 20)),
    ("wait", 1.1),
    ("host", frame(0x42)),
    ("wait", 1.1),
    ("host", frame(0x11)),
]
ACKNOWLEDGED = [("host", frame(0x50)), ("wait", 1.0)]


def spelled_out(step):
    kind, with_acknowledgement = step
    if kind != "cycle":
        return [step]
    return [*CYCLE, *ACKNOWLEDGED] if with_acknowledgement else CYCLE


@given(steps(frames, "71", 0xA2), line_faults, st.integers(0, 5))
def test_no_bill_is_made_or_lost(script, faults, seed) -> None:
    whole = [("host", frame(0x40)), *chain.from_iterable(map(spelled_out, script))]
    hold_to_conservation("id003", whole, faults, seed)
