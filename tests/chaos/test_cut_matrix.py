"""The cut matrix: a sample of its cells is lived again, and it fails when a rule is broken or a cell has changed."""

import sys
from pathlib import Path

import pytest

from drivers.bill_acceptor.events import BillEscrowed
from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from kiosk.session import bill_actions
from kiosk.session import guards as when
from kiosk.session.machine import SessionMachine
from kiosk.session.states import State
from kiosk.session.table import ROWS
from stater_chaos import cut_matrix
from stater_chaos.cut_matrix import PAGE, broken
from stater_chaos.cut_page import Cell, cells_of
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
    assert len(cells) == len(PROTOCOLS) * len(PHASES) * len(Cut)
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


def test_the_check_fails_on_a_page_that_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Row("returned", "customer", "cancelled", (), (), ())
    every = {Cell(p, phase.name, cut): row for p in PROTOCOLS for phase in PHASES for cut in Cut}
    page = tmp_path / "page.md"
    monkeypatch.setattr(cut_matrix, "PAGE", page)
    monkeypatch.setattr(cut_matrix, "lived", lambda: every)
    monkeypatch.setattr(sys, "argv", ["cut_matrix"])
    assert cut_matrix.main() == 0
    monkeypatch.setattr(sys, "argv", ["cut_matrix", "--check"])
    assert cut_matrix.main() == 0
    page.write_text(page.read_text().replace("| returned, customer", "| credited, cashbox ", 1))
    assert cut_matrix.main() == 1
    said = capsys.readouterr().err
    assert "core killed: was 'credited, cashbox', is 'returned, customer'" in said


def test_a_cell_that_breaks_a_rule_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Row("credited", "customer", "paid", (), ("claimed, and not there",), ())
    monkeypatch.setattr(cut_matrix, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(cut_matrix, "lived", lambda: {Cell("id003", "settled", Cut.CORE): row})
    monkeypatch.setattr(sys, "argv", ["cut_matrix"])
    assert cut_matrix.main() == 1
    assert not cut_matrix.PAGE.exists()
    assert "id003, settled, core killed: claimed" in capsys.readouterr().err


def test_a_moment_that_never_comes_is_no_cell() -> None:
    with pytest.raises(LookupError, match="never came"):
        live("id003", Cut.CORE, (Phase("x", "", PHASE["rejected"].plan, DECIDED.moment),))
