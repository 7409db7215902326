"""Draws `docs/session.md` from the table: `python -m kiosk.session.diagram [--check]`."""

import sys
from pathlib import Path

from kiosk.session.states import State
from kiosk.session.table import ROWS, Row

PAGE = Path(__file__).parents[2] / "docs" / "session.md"

_HEAD = """# The session machine

Drawn from the rows of `kiosk/session/table.py` by `python -m kiosk.session.diagram`; do not edit by hand.

"""


def page() -> str:
    return f"{_HEAD}```mermaid\n{_diagram()}```\n\n{_table()}"


def _diagram() -> str:
    """Moves alone; what happens within a state stands in the table below."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        for source in _sources(row):
            if row.target is not None and row.target is not source:
                names = arrows.setdefault((source.value, row.target.value), [])
                if row.event.__name__ not in names:
                    names.append(row.event.__name__)
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in sorted(arrows.items())]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.IDLE.value}", *lines, ""])


def _table() -> str:
    lines = ["| in | event | if | to | doing | why |", "| --- | --- | --- | --- | --- | --- |"]
    for row in ROWS:
        guard = row.guard.__name__ if row.guard else ""
        target = row.target.value if row.target else "(stays)"
        doing = ", ".join(action.__name__ for action in row.actions)
        lines.append(
            f"| {_where(row)} | {row.event.__name__} | {guard} | {target} | {doing} | {row.why} |"
        )
    return "\n".join([*lines, ""])


def _where(row: Row) -> str:
    sources = _sources(row)
    return "any" if set(sources) == set(State) else ", ".join(s.value for s in sources)


def _sources(row: Row) -> tuple[State, ...]:
    return row.source if isinstance(row.source, tuple) else (row.source,)


def main() -> int:
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page():
        sys.stderr.write("docs/session.md is stale; run: uv run python -m kiosk.session.diagram\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
