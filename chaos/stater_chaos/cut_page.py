"""The page of the cut matrix, in words: drawn from the rows, and read back into cells for a comparison."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from stater_chaos.cut_phases import PHASES, Cut
from stater_chaos.cut_shop import OUT_S, Row

NONE = "no such moment"
USUALLY_SHOWN = {
    "not seen": "cancelled",
    "returned": "cancelled",
    "credited": "paid",
    "disputed": "claim code",
    "unattributed": "claim code",
}
INTRODUCTION = f"""# A cut at every moment of a bill

Drawn by `python -m stater_chaos.cut_matrix`, which lives every cell of these tables; do not edit by hand.

A customer puts in one bill. At one moment of its way something is cut, for {OUT_S:g} seconds. Then everything comes back,
nobody touches the machine but the customer, and this page says what became of the bill.

| the cut | what happens |
| --- | --- |
"""
CUTS = {
    Cut.CORE: "The kiosk's process is ended by SIGKILL; its supervisor starts it again. The acceptor goes on by itself.",
    Cut.DEVICE: "The bill acceptor alone loses its power, and with it what it does not keep. The kiosk goes on.",
    Cut.MAINS: "Both of them, at the same instant.",
    Cut.CABLE: "The acceptor's cable is out. Both go on, and cannot hear each other.",
}
HOW_TO_READ = """
A cell says what the kiosk's book says of the bill, and where the bill truly is. The customer of a *credited* bill was paid; of a
bill that was *returned*, or *not seen* (it never came into escrow, and no book knows it), the sale ended without cash; of a
*disputed* one, the screen showed the claim code, for a person to settle it. Where it was otherwise, a note says so.

*Disputed* means: the device cannot say where the bill is, and the kiosk does not guess. With every disputed bill the journal
keeps the last minutes of what passed on the wire, and central puts it before a person.

How a cell is made: the real core, driver, journal, sync and central run in one process on a virtual clock, against the
simulated acceptor, and are cut exactly there: round the commit, in the middle of the bytes on the wire, between two movements of
the motor. At the end a checker holds the books of kiosk and central against the cashbox, the customer's hands and the payments
on the network. A cell that breaks a rule would stop this page from being drawn. `bin/check` lives all cells again, and fails
when one has changed.

## The moments

| moment | exactly |
| --- | --- |
"""
# Why a device cannot say; from the vendors' documents, as the drivers' docstrings cite them.
WHY = {
    "cctalk": "A ccTalk validator keeps its five events and their counter in memory without power. After a power loss the counter"
    " is 0, which the specification calls a possible loss of credits (part 2, header 159), and nothing in it tells what"
    " became of a bill that was inside: whether it was stacked or given back while it started. No later word follows.",
    "ssp-basic": "The firmware knows no EVENT ACK: a poll's reply is told once (GA138, POLL). A process that is killed with the"
    " reply in its hands takes the credit with it, and the next one hears nothing of it. For the same reason a bill that"
    " the next process finds in escrow may be another one: it goes back, and ours is disputed.",
}
WHY["ebds"] = (
    "A device lets go of an answer when a message comes with the other acknowledgement bit, and a new process does not"
    " know which bit the one before it used: its first message may let go of a credit that nobody has seen."
)
WHY["cctalk-crc16"] = WHY["cctalk"]


class Cell(NamedTuple):
    protocol: str
    phase: str
    cut: str

    def __str__(self) -> str:
        return ", ".join(self)


def draw(rows: Mapping[Cell, Row]) -> str:
    """Raises LookupError when a protocol's disputes have no reason in WHY."""
    cuts = "".join(f"| {cut} | {words} |\n" for cut, words in CUTS.items())
    moments = "".join(f"| {phase.name} | {phase.words} |\n" for phase in PHASES)
    sections = "".join(_section(protocol, rows) for protocol in PROTOCOLS)
    return INTRODUCTION + cuts + HOW_TO_READ + moments + sections


def _section(protocol: str, rows: Mapping[Cell, Row]) -> str:
    notes: list[str] = []
    lines = [["moment", *Cut]]
    for phase in PHASES:
        if protocol in phase.why_not:
            cells = [NONE + _mark(phase.why_not[protocol], notes)] * len(Cut)
        else:
            cells = [_cell(rows[Cell(protocol, phase.name, cut)], notes) for cut in Cut]
        lines.append([phase.name, *cells])
    told = [f"{number}. {note}" for number, note in enumerate(notes, 1)]
    if any(row.reasons for cell, row in rows.items() if cell.protocol == protocol):
        told += ["", f"Why it cannot say: {WHY[protocol]}"]
    return "\n".join([f"\n## {protocol}\n", *_table(lines), "", *told, ""]).rstrip() + "\n"


def _cell(row: Row, notes: list[str]) -> str:
    marks = [_mark(f"The book's reason: *{reason}*.", notes) for reason in row.reasons]
    if row.shown != USUALLY_SHOWN.get(row.booked):
        marks.append(_mark(f"The last screen of the sale: *{row.shown}*.", notes))
    return f"{row.booked}, {row.place}{''.join(marks)}"


def _mark(note: str, notes: list[str]) -> str:
    if note not in notes:
        notes.append(note)
    return f" [{notes.index(note) + 1}]"


def _table(lines: list[list[str]]) -> Iterator[str]:
    """As wide as it must be, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    head, *rest = (f"| {' | '.join(map(str.ljust, line, widths))} |" for line in lines)
    yield head
    yield f"| {' | '.join('-' * width for width in widths)} |"
    yield from rest


def cells_of(page: str) -> dict[Cell, str]:
    """What the tables of a page say."""
    cells: dict[Cell, str] = {}
    phases = {phase.name for phase in PHASES}
    protocol = ""
    for line in page.splitlines():
        if line.startswith("## "):
            protocol = line.removeprefix("## ")
        phase, *found = (cell.strip() for cell in line.strip("|").split("|"))
        if protocol in PROTOCOLS and phase in phases:
            cells |= {
                Cell(protocol, phase, cut): cell for cut, cell in zip(Cut, found, strict=True)
            }
    return cells
