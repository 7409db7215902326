"""Whatever hosts send and people do, an EBDS acceptor neither makes nor loses a bill, nor a credit."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from conservation import hold_to_conservation, line_faults, steps
from hardware_sim.bill_acceptor.ebds.frames import frame
from hardware_sim.link import LineFaults

SENSIBLE = [
    *((1, bytes([mask, mode, policy])) for mask in (0, 0x7F) for mode in (0x0C, 0x1C) for policy in (0, 4, 8, 0x14)),
    *((1, bytes([0x7F, mode, 0x04])) for mode in (0x3C, 0x5C, 0x7C)),
    (4, bytes(3)),
    (6, b"\x7f\x7f\x7f"),
    (6, b"\0\0\x05"),
    (7, b"\x04\0\0\0\x05\0"),
    (7, b"\x0b\0\0\0\x01"),
    (7, b"\x03\0\0\0" + bytes(8)),
]  # fmt: skip
anything = st.tuples(st.integers(0, 7), st.lists(st.integers(0, 0x7F), max_size=10).map(bytes))
frames = st.builds(
    lambda said, toggle: frame(said[0], toggle, said[1]),
    st.one_of(st.sampled_from(SENSIBLE), anything),
    st.integers(0, 1),
)


# A host that always says policy B, whatever else it says.
money_frames = st.builds(
    lambda mask, mode, options, toggle: frame(1, toggle, bytes([mask, mode, options | 0x04])),
    st.integers(0, 0x7F),
    st.sampled_from([0x0C, 0x1C, 0x3C, 0x5C, 0x7C]),
    st.sampled_from([0, 0x10, 0x30]),
    st.integers(0, 1),
)


def said(mode: int, toggle: int) -> bytes:
    return frame(1, toggle, bytes([0x7F, mode, 0x04]))


# Each request twice, once with either bit, so that it is new whatever came before.
CYCLE = [
    *(("host", said(0x1C, toggle)) for toggle in (0, 1)),
    ("wait", 5.0),
    *(("host", said(0x1C, toggle)) for toggle in (0, 1)),
    ("hands", ("insert", 20)),
    ("wait", 1.1),
    *(("host", said(0x3C, toggle)) for toggle in (0, 1)),
    ("wait", 1.1),
    ("host", said(0x1C, 0)),
]
ACKNOWLEDGED = [("host", said(0x1C, 1)), ("host", said(0x1C, 0)), ("wait", 1.0)]


def spelled_out(step):
    kind, with_acknowledgement = step
    if kind != "cycle":
        return [step]
    return [*CYCLE, *ACKNOWLEDGED] if with_acknowledgement else CYCLE


@given(steps(frames, "", 0), line_faults, st.integers(0, 5))
def test_no_bill_is_made_or_lost(script, faults, seed) -> None:
    hold_to_conservation("ebds", chain.from_iterable(map(spelled_out, script)), faults, seed)


@given(steps(money_frames, "", 0), line_faults, st.integers(0, 5))
def test_under_policy_b_no_credit_is_lost(script, faults, seed) -> None:
    whole = chain.from_iterable(map(spelled_out, script))
    hold_to_conservation("ebds", whole, faults, seed, of_credits=True)


def test_the_cycle_of_this_test_credits_a_bill() -> None:
    acceptor = hold_to_conservation("ebds", [*CYCLE, *ACKNOWLEDGED], LineFaults(), 0)
    assert acceptor.cashbox.contents == {20: 1}
    assert acceptor.credit is not None
    assert acceptor.credit.acknowledged
