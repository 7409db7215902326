"""Whatever hosts send and people do, a ccTalk validator neither makes nor loses a bill, nor a credit."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctalk_host import POLL, frame
from conservation import hold_to_conservation, line_faults, steps
from hardware_sim.bill_acceptor.cctalk.frames import CRC, VALIDATOR
from hardware_sim.link import LineFaults

RESET, ALL, ESCROW, OPEN = "01", "E7 FF FF", "99 03", "E4 01"
STACK, RETURN = "9A 01", "9A 00"
SENSIBLE = [RESET, ALL, ESCROW, OPEN, STACK, RETURN, "9A FF", "9F", "99 01", "E7 04 00", "E4 00"]

frames = st.one_of(
    st.sampled_from(SENSIBLE), st.binary(min_size=1, max_size=6).map(bytes.hex)
).map(frame)
CYCLE = [
    ("wait", 0.0),  # it may have to start first
    ("wait", 4.0),
    *(("host", frame(words)) for words in (ALL, ESCROW, OPEN, "9F")),
    ("hands", ("insert", 20)),
    ("wait", 1.1),
    ("host", frame(STACK)),
    ("wait", 1.1),
    ("host", POLL),
]
READ_AGAIN = [("host", POLL), ("wait", 1.0)]


def spelled_out(step):
    kind, reads_again = step
    if kind != "cycle":
        return [step]
    return [*CYCLE, *READ_AGAIN] if reads_again else CYCLE


@given(steps(frames, "03", 0x25), line_faults, st.integers(0, 5))
def test_no_bill_is_made_or_lost(script, faults, seed) -> None:
    hold_to_conservation("cctalk", chain.from_iterable(map(spelled_out, script)), faults, seed)


def with_crc(step):
    kind, request = step
    if kind != "host":
        return step
    return kind, CRC.close(VALIDATOR, request[3], request[4:-1])


@pytest.mark.parametrize("protocol", ["cctalk", "cctalk-crc16"])
def test_the_cycle_of_this_test_credits_a_bill(protocol) -> None:
    script = [*CYCLE, *READ_AGAIN]
    if protocol == "cctalk-crc16":
        script = [with_crc(step) for step in script]
    acceptor = hold_to_conservation(protocol, script, LineFaults(), 0)
    assert acceptor.cashbox.contents == {20: 1}
    assert acceptor.credit is not None
    assert acceptor.credit.acknowledged
