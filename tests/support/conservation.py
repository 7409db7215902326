"""Whatever hosts send and people do, a simulated acceptor neither breaks nor makes nor loses a bill."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from hardware_sim.bill_acceptor.hands import Hands, Impossible
from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Part
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.link import LineFaults, memory_links

Step = tuple[str, Any]

line_faults = st.sampled_from(
    [LineFaults(), LineFaults(lose=0.2, corrupt=0.2, split=0.3, delay_s=0.2)]
)


def steps(
    frames: st.SearchStrategy[bytes], reject_code: str, failure_code: int
) -> st.SearchStrategy[list[Step]]:
    hands = st.sampled_from(
        [
            *(("insert", value) for value in (1, 5, 20, 100, 7)),
            *(("jam", part) for part in (None, Part.ACCEPTOR, Part.STACKER)),
            ("refuse_next", reject_code),
            ("cheat",),
            ("fail", failure_code),
            ("clear", False),
            ("clear", True),
            ("fill_cashbox",),
            ("remove_cashbox",),
            ("replace_cashbox",),
            ("power_off",),
            ("power_on",),
        ]
    )
    waits = st.sampled_from([0.05, 0.3, 0.7, 1.1, 2.0, 4.0, 12.0, 70.0])
    return st.lists(
        st.one_of(
            st.tuples(st.just("host"), frames),
            st.tuples(st.just("noise"), st.binary(max_size=20)),
            st.tuples(st.just("wait"), waits),
            st.tuples(st.just("hands"), hands),
            # The way a bill is stacked, so that chance alone need not find it.
            st.tuples(st.just("cycle"), st.booleans()),
        ),
        max_size=60,
    )


def hold_to_conservation(
    protocol: str,
    script: Iterable[Step],
    faults: LineFaults,
    seed: int,
    *,
    of_credits: bool = False,
) -> Acceptor:
    now_s = 0.0
    device, host = memory_links(lambda: now_s, faults, seed)
    events: list[tuple[str, object]] = []
    simulator = Simulator(
        device,
        lambda: now_s,
        lambda event, /, **facts: events.append((event, facts.get("value"))),
        Specification(protocol=protocol),
    )
    acceptor = simulator.acceptor
    for kind, what in script:
        if kind == "wait":
            now_s += what
        elif kind == "hands":
            _act(simulator.hands, *what)
        else:
            host.write(what)
        simulator.pump()
        assert _everywhere(acceptor) == acceptor.tally.inserted
    inserted = [value for event, value in events if event == "inserted"]
    left = [value for event, value in events if event in ("returned", "cheated", "stacked")]
    assert Counter(inserted) == acceptor.tally.inserted
    assert not Counter(left) - Counter(inserted)
    assert _most_credits_of_one_bill(events) <= 1
    if of_credits:
        _assert_that_no_credit_is_lost(acceptor, events)
    return acceptor


def _act(hand: Hands, name: str, *words: object) -> None:
    with suppress(Impossible):
        if name == "clear":
            hand.clear(into_cashbox=bool(words[0]))
        else:
            getattr(hand, name)(*words)


def _everywhere(acceptor: Acceptor) -> Counter[int]:
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


def _most_credits_of_one_bill(events: list[tuple[str, object]]) -> int:
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


def _assert_that_no_credit_is_lost(acceptor: Acceptor, events: list[tuple[str, object]]) -> None:
    """Each bill that the machine itself stacked was credited, or its credit is still due."""
    stacked = [value for event, value in events if event == "stacked"]
    credited = [value for event, value in events if event == "credit_acknowledged"]
    due = acceptor.credit_due
    assert stacked == credited + ([due.value] if due else [])
