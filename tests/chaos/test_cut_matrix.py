"""The cut matrix: a sample of its cells is lived again, and it fails when a rule is broken or a cell has changed."""

import pytest

from drivers.bill_acceptor.events import BillEscrowed
from kiosk.session import bill_actions
from kiosk.session import guards as when
from kiosk.session.machine import SessionMachine
from kiosk.session.states import State
from kiosk.session.table import ROWS
from stater_chaos.cut_matrix import PAGE, broken, changed
from stater_chaos.cut_page import Cell, cells_of, draw
from stater_chaos.cut_phases import PHASES, Cut, Phase
from stater_chaos.cut_shop import Row, live

PHASE = {phase.name: phase for phase in PHASES}
DECIDED = PHASE["decided, nothing sent"]


def _lived(protocol: str, cut: Cut, *phases: Phase) -> dict[Cell, Row]:
    rows = live(protocol, cut, phases)
    return {Cell(protocol, phase, cut): row for phase, row in rows.items()}


@pytest.mark.parametrize(
    ("protocol", "cut", "phase"),
    [
        ("id003", Cut.MAINS, "past the point of no return"),
        ("ebds", Cut.CABLE, "command half sent"),
        ("ssp-basic", Cut.CORE, "reported, not credited"),
        ("cctalk", Cut.DEVICE, "going back"),
    ],
)
def test_a_cell_is_as_the_page_says(protocol: str, cut: Cut, phase: str) -> None:
    ((cell, row),) = _lived(protocol, cut, PHASE[phase]).items()
    assert row.violations == ()
    written = cells_of(PAGE.read_text(encoding="utf-8"))[cell]
    assert written.partition(" [")[0] == f"{row.booked}, {row.place}"


def test_the_page_has_every_moment_of_every_protocol_under_every_cut() -> None:
    cells = cells_of(PAGE.read_text(encoding="utf-8"))
    assert len(cells) == 7 * len(PHASES) * len(Cut)
    assert all(cells.values())


def test_credit_given_at_escrow_breaks_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(
        row._replace(actions=(*row.actions, bill_actions.credit_bill))
        if (row.event, row.guard) == (BillEscrowed, when.bill_fits)
        else row
        for row in ROWS
    )
    monkeypatch.setattr(SessionMachine.__init__, "__defaults__", (State.IDLE, rows))
    (words,) = broken(_lived("ccnet", Cut.DEVICE, DECIDED))
    assert words.startswith("ccnet, decided, nothing sent, device without power: ")
    assert "claimed" in words


def test_a_changed_cell_is_named_with_what_it_was_and_what_it_is() -> None:
    row = Row("returned", "customer", "cancelled", (), (), ("12.000 s  the cut",))
    every = [
        Cell(protocol, phase.name, cut)
        for protocol in ("ccnet", "ebds", "id003", "cctalk", "cctalk-crc16", "ssp", "ssp-basic")
        for phase in PHASES
        for cut in Cut
    ]
    before = dict.fromkeys(every, row)
    after = before | {every[3]: Row("credited", "cashbox", "paid", (), (), ("12.000 s  the cut",))}
    assert list(changed(draw(before), before)) == []
    assert list(changed(draw(before), after)) == [
        "ccnet, drawn in, cable pulled: was 'returned, customer', is 'credited, cashbox'",
        "    12.000 s  the cut",
    ]


def test_a_moment_that_never_comes_is_no_cell() -> None:
    with pytest.raises(LookupError, match="never came"):
        live("id003", Cut.CORE, (Phase("x", "", PHASE["rejected"].plan, DECIDED.moment),))
