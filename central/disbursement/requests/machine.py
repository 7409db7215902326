"""The table, run by pytransitions: which state follows, or why none does.

Not responsible for: storing it; nothing here is connected to the books.
"""

from collections.abc import Callable

from transitions import EventData, Machine

from disbursement.errors import RequestRefused
from disbursement.requests.guards import WHY_NOT, Evidence
from disbursement.requests.states import State
from disbursement.requests.table import ROWS, Guard, Row, Trigger


class _Model:
    """What pytransitions binds its triggers to, for one step."""

    state: State


def next_state(state: State, trigger: Trigger, evidence: Evidence) -> State:
    """Raises RequestRefused: no row begins there, or a guard said no."""
    rows = [row for row in ROWS if state in row.source and row.trigger == trigger]
    if not rows:
        raise RequestRefused(f"it is {state}, and {trigger} has no way on from there")
    model = _Model()
    machine = Machine(
        model,
        states=State,
        initial=state,
        auto_transitions=False,  # to_<state>() would go around the table
        send_event=True,
    )
    for row in ROWS:
        machine.add_transition(
            row.trigger,
            list(row.source),
            row.target,
            conditions=[_as_condition(guard) for guard in row.guards],
        )
    if not machine.events[trigger].trigger(model, evidence):
        raise RequestRefused(_why_not(rows[0], evidence))
    return model.state


def _as_condition(guard: Guard) -> Callable[[EventData], bool]:
    return lambda data: guard(_evidence(data))


def _evidence(data: EventData) -> Evidence:
    (evidence,) = data.args
    return evidence if isinstance(evidence, Evidence) else Evidence()


def _why_not(row: Row, evidence: Evidence) -> str:
    said_no = next(guard for guard in row.guards if not guard(evidence))
    return WHY_NOT.get(said_no, f"not {said_no.__name__}")
