"""The session machine: the table, run by pytransitions, behind one typed door.

Responsible for: picking the row, moving the state, and letting go of what belonged to the old one.
Not responsible for: writing or acting; what a decision asks for comes back in the `Turn`.
"""

from collections.abc import Callable
from typing import cast

from transitions import EventData, Machine

from kiosk.errors import ensure
from kiosk.session.events import MONEY_FACTS
from kiosk.session.states import State
from kiosk.session.table import ROWS, Row
from kiosk.session.turn import Turn


class _Model:
    """What pytransitions binds its triggers to."""

    state: State


class SessionMachine:
    def __init__(self, state: State = State.IDLE, rows: tuple[Row, ...] = ROWS) -> None:
        self._model = _Model()
        self._machine = Machine(
            self._model,
            states=State,
            initial=state,
            auto_transitions=False,  # to_<state>() would go around the table
            queued=True,
            send_event=True,
            ignore_invalid_triggers=False,  # dispatch asks first
        )
        self._has_row: set[tuple[State, str]] = set()
        for row in rows:
            sources = row.source if isinstance(row.source, tuple) else (row.source,)
            self._has_row |= {(source, row.event.__name__) for source in sources}
            self._machine.add_transition(
                row.event.__name__,
                list(sources),
                row.target,
                conditions=[_as_condition(row)] if row.guard else None,
                before=[_as_callback(row)],
            )

    @property
    def state(self) -> State:
        return self._model.state

    def dispatch(self, turn: Turn) -> bool:
        """Decide one event; the turn gathers what it asks for. False when no row took it.
        Raises Bug when a money fact finds no row; any exception leaves the machine unusable."""
        before = self.state
        name = type(turn.event).__name__
        has_row = (before, name) in self._has_row
        taken = has_row and bool(self._machine.events[name].trigger(self._model, turn))
        ensure(taken or not isinstance(turn.event, MONEY_FACTS), f"{before}: {name} was refused")
        if self.state is not before:
            turn.remember(notice=turn.notice)
            if self.state not in (State.JAMMED, State.RECOVERING):
                turn.remember(jam_code=None)
        elif turn.notice is not None:
            turn.remember(notice=turn.notice)
        return taken


def _as_condition(row: Row) -> Callable[[EventData], bool]:
    def condition(data: EventData) -> bool:
        return row.guard is None or row.guard(_turn(data))

    return condition


def _as_callback(row: Row) -> Callable[[EventData], None]:
    def run(data: EventData) -> None:
        for action in row.actions:
            action(_turn(data))

    return run


def _turn(data: EventData) -> Turn:
    (turn,) = data.args
    ensure(isinstance(turn, Turn), "the machine is entered through dispatch alone")
    return cast(Turn, turn)
