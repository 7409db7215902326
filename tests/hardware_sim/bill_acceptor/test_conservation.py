"""Whatever hosts send and people do, the machine neither breaks nor makes nor loses a bill."""

from collections import Counter
from contextlib import suppress
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.bill_acceptor.hands import Hands, Impossible
from hardware_sim.bill_acceptor.id003.frames import frame
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Part
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.link import LineFaults, memory_links

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
hands = st.sampled_from(
    [
        *(("insert", value) for value in (1, 5, 20, 100, 7)),
        *(("jam", part) for part in (None, Part.ACCEPTOR, Part.STACKER)),
        ("refuse_next", "71"),
        ("cheat",),
        ("fail", 0xA2),
        ("clear", False),
        ("clear", True),
        ("fill_cashbox",),
        ("remove_cashbox",),
        ("replace_cashbox",),
        ("power_off",),
        ("power_on",),
    ]
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("host"), frames),
        st.tuples(st.just("noise"), st.binary(max_size=20)),
        st.tuples(st.just("wait"), st.sampled_from([0.05, 0.3, 0.7, 1.1, 2.0, 4.0, 12.0, 70.0])),
        st.tuples(st.just("hands"), hands),
        # The way a bill is stacked, so that chance alone need not find it.
        st.tuples(st.just("cycle"), st.booleans()),
    ),
    max_size=60,
)
line_faults = st.sampled_from(
    [LineFaults(), LineFaults(lose=0.2, corrupt=0.2, split=0.3, delay_s=0.2)]
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


def spelled_out(step: tuple[str, object]) -> list[tuple[str, object]]:
    kind, with_acknowledgement = step
    if kind != "cycle":
        return [step]
    return [*CYCLE, *ACKNOWLEDGED] if with_acknowledgement else CYCLE


def act(hand: Hands, name: str, *words: object) -> None:
    with suppress(Impossible):
        if name == "clear":
            hand.clear(into_cashbox=bool(words[0]))
        else:
            getattr(hand, name)(*words)


def everywhere(acceptor: Acceptor) -> Counter[int]:
    tally = acceptor.tally
    inside = [] if acceptor.bill is None else [acceptor.bill.value]
    if acceptor.second_bill is not None:
        inside.append(acceptor.second_bill)
    return (
        acceptor.cashbox.contents
        + tally.collected
        + tally.given_back
        + tally.taken_out
        + Counter(inside)
    )


@given(steps, line_faults, st.integers(0, 5))
def test_no_bill_is_made_or_lost(script, faults, seed) -> None:
    now_s = 0.0
    device, host = memory_links(lambda: now_s, faults, seed)
    events: list[tuple[str, object]] = []
    simulator = Simulator(
        device,
        lambda: now_s,
        lambda event, /, **facts: events.append((event, facts.get("value"))),
        Specification(),
    )
    acceptor = simulator.acceptor
    host.write(frame(0x40))
    for kind, what in chain.from_iterable(map(spelled_out, script)):
        if kind == "wait":
            now_s += what
        elif kind == "hands":
            act(simulator.hands, *what)
        else:
            host.write(what)
        simulator.pump()
        assert everywhere(acceptor) == acceptor.tally.inserted
    inserted = [value for event, value in events if event == "inserted"]
    left = [value for event, value in events if event in ("returned", "cheated", "stacked")]
    assert Counter(inserted) == acceptor.tally.inserted
    assert not Counter(left) - Counter(inserted)
    assert most_credits_of_one_bill(events) <= 1


def most_credits_of_one_bill(events: list[tuple[str, object]]) -> int:
    most = so_far = 0
    went_down = False
    for event, _ in events:
        if event == "accepting":
            so_far, went_down = 0, False
        went_down = went_down or event == "stacking"
        if event == "credit_acknowledged":
            assert went_down, "a credit for a bill that was never sent down"
            so_far += 1
        most = max(most, so_far)
    return most
