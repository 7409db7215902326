"""The table, held to its own rules."""

import pytest

from kiosk.session.events import MONEY_FACTS, DeadlinePassed
from kiosk.session.states import State
from kiosk.session.table import ROWS, Row


def rows_of(state: State, event: type) -> list[Row]:
    return [row for row in ROWS if row.event is event and state in _sources(row)]


def _sources(row: Row) -> tuple[State, ...]:
    return row.source if isinstance(row.source, tuple) else (row.source,)


@pytest.mark.parametrize("fact", MONEY_FACTS)
@pytest.mark.parametrize("state", State)
def test_every_money_fact_has_an_unguarded_row_in_every_state(state: State, fact: type) -> None:
    assert any(row.guard is None for row in rows_of(state, fact))


def test_every_state_is_reachable_from_idle() -> None:
    reached = {State.IDLE}
    while more := {
        row.target
        for row in ROWS
        if row.target and row.target not in reached and reached & set(_sources(row))
    }:
        reached |= more
    assert reached == set(State)


@pytest.mark.parametrize("state", [s for s in State if s is not State.IDLE])
def test_every_state_leads_back_to_idle(state: State) -> None:
    leading = {State.IDLE}
    while (
        more := {source for row in ROWS if row.target in leading for source in _sources(row)}
        - leading
    ):
        leading |= more
    assert state in leading


@pytest.mark.parametrize("state", [s for s in State if s is not State.IDLE])
def test_no_state_waits_for_ever(state: State) -> None:
    last = rows_of(state, DeadlinePassed)[-1]
    assert last.guard is None
    assert last.target not in (None, state)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_each_row_can_be_taken_somewhere(row: Row) -> None:
    def is_open(state: State) -> bool:
        rows = rows_of(state, row.event)
        return all(earlier.guard for earlier in rows[: rows.index(row)])

    assert any(is_open(state) for state in _sources(row))
