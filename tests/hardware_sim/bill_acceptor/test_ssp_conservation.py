"""Whatever hosts send and people do, an SSP validator neither makes nor loses a bill, nor a credit."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation import hold_to_conservation, line_faults, steps
from hardware_sim.link import LineFaults
from ssp_host import packet

SENSIBLE = [
    "11",
    "01",
    "07",
    "07",
    "56",
    "57",
    "08",
    "18",
    "0A",
    "09",
    "02 FF FF",
    "02 00",
    "06 07",
]

commands = st.one_of(st.sampled_from(SENSIBLE), st.binary(min_size=1, max_size=6).map(bytes.hex))
packets = st.builds(packet, commands, st.sampled_from([0x00, 0x80]))


def cycle(poll: str):
    """A session from its first byte to the credit, the last command of which has sequence 0."""
    commands = ["02 FF FF", "0A", poll]
    yield "wait", 0.0  # it may have to start first
    yield "wait", 5.0
    yield "host", packet("11", 0x80)
    for at, command in enumerate(commands):
        yield "host", packet(command, 0x80 * (at % 2))
    yield "hands", ("insert", 20)
    yield "wait", 1.1
    yield "host", packet(poll, 0x80)
    yield "host", packet(poll, 0x00)
    yield "wait", 2.0
    yield "host", packet("0C", 0x80)
    yield "host", packet(poll, 0x00)


ACKNOWLEDGED = [("host", packet("57", 0x80)), ("wait", 1.0)]


def spelled_out(step):
    kind, with_acknowledgement = step
    if kind != "cycle":
        return [step]
    poll = "56" if with_acknowledgement else "07"
    return [*cycle(poll), *(ACKNOWLEDGED if with_acknowledgement else [])]


@given(
    st.sampled_from(["ssp", "ssp-basic"]),
    steps(packets, "0E", 0xE0),
    line_faults,
    st.integers(0, 5),
)
def test_no_bill_is_made_or_lost(protocol, script, faults, seed) -> None:
    hold_to_conservation(protocol, chain.from_iterable(map(spelled_out, script)), faults, seed)


@pytest.mark.parametrize("poll", ["07", "56"])
def test_the_cycle_of_this_test_credits_a_bill(poll) -> None:
    acceptor = hold_to_conservation("ssp", [*cycle(poll), *ACKNOWLEDGED], LineFaults(), 0)
    assert acceptor.cashbox.contents == {20: 1}
    assert acceptor.credit is not None
    assert acceptor.credit.acknowledged
