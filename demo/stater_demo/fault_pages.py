"""`docs/faults/`: a page for each fault, drawn from the catalogue, the vendors' tables and the screen's words.

    python -m stater_demo.fault_pages [--check]

It stands here because it reads what no other room may: the kiosk's catalogue, the drivers' tables and the screen's words.
"""

import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.faults import RejectReason
from kiosk.faults import CATALOGUE, Fault
from ui.words.faults import fault_text
from ui.words.notices import NOTICES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "faults"
SPANISH = ROOT / "ui" / "translations" / "stater_es.ts"
NOTE = "Drawn by `python -m stater_demo.fault_pages`; do not edit by hand.\n"

REJECT_MEANING: Mapping[RejectReason, str] = {
    RejectReason.INSERTED_BADLY: "The bill was crooked, moved while it was read, or was not alone.",
    RejectReason.NOT_RECOGNISED: "The bill is worn, foreign or false, or the device cannot tell.",
    RejectReason.NOT_TAKEN_NOW: "The device was told to take none, or nobody decided in time.",
    RejectReason.MACHINE: "The device's own doing: a residue, a motor, a sensor. Clean it when it recurs.",
    RejectReason.OTHER: "The device gives no reason that its tables know.",
}


def pages() -> dict[str, str]:
    """Text by file name."""
    vendors = _vendor_codes()
    spanish = _spanish()
    made = {
        f"{code}.md": _fault(code, fault, vendors, spanish) for code, fault in CATALOGUE.items()
    }
    made |= {f"rejected-{r.value}.md": _reject(r, vendors, spanish) for r in RejectReason}
    return made | {"README.md": _index()}


def _vendor_codes() -> dict[str, list[str]]:
    """Rows of (protocol, vendor's code, vendor's words) by our code."""
    rows: dict[str, list[str]] = defaultdict(list)
    for name, kind in PROTOCOLS.items():
        for vendor_code, (words, ours) in kind.vendor_codes.items():
            rows[ours].append(f"| {name} | `{vendor_code}` | {words} |")
    return rows


def _spanish() -> dict[str, str]:
    """The screen's own translation, by its English text."""
    messages = ET.parse(SPANISH).getroot().iter("message")  # noqa: S314  # our own file
    return {m.findtext("source", ""): m.findtext("translation", "") for m in messages}


def _fault(
    code: str, fault: Fault, vendors: Mapping[str, list[str]], es: Mapping[str, str]
) -> str:
    words = fault_text(code, lambda _context, text: text)
    head = [f"# {code}", "", NOTE, f"**Severity**: {fault.severity.value}.", ""]
    body = ["## What it means", "", fault.meaning, "", "## What to do", "", fault.action, ""]
    return "\n".join([*head, *body, *_customer(words, es), *_table(vendors.get(code, []))])


def _reject(reason: RejectReason, vendors: Mapping[str, list[str]], es: Mapping[str, str]) -> str:
    words = NOTICES[f"bill_rejected_{reason.value.replace('-', '_')}"]
    head = [f"# A bill given back: {reason.value}", "", NOTE, REJECT_MEANING[reason], ""]
    return "\n".join([*head, *_customer(words, es), *_table(vendors.get(reason, []))])


def _customer(words: str, es: Mapping[str, str]) -> list[str]:
    return ["## What the customer reads", "", f"- {words}", f"- {es.get(words, '')}", ""]


def _table(rows: list[str]) -> list[str]:
    if not rows:
        return []
    head = ["## What the devices call it", "", "| protocol | code | in the vendor's words |"]
    return [*head, "| --- | --- | --- |", *rows, ""]


def _index() -> str:
    faults = [
        f"| [{code}]({code}.md) | {fault.severity.value} | {fault.meaning} |"
        for code, fault in CATALOGUE.items()
    ]
    rejects = [
        f"| [{r.value}](rejected-{r.value}.md) | {REJECT_MEANING[r]} |" for r in RejectReason
    ]
    return "\n".join(
        [
            "# Faults",
            "",
            NOTE,
            "| code | severity | what it means |",
            "| --- | --- | --- |",
            *faults,
            "",
            "## Why a bill is given back",
            "",
            "| reason | what it means |",
            "| --- | --- |",
            *rejects,
            "",
        ]
    )


def stale(made: Mapping[str, str]) -> Iterator[str]:
    for name, text in made.items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield name
    yield from sorted({path.name for path in FOLDER.glob("*.md")} - made.keys())


def main() -> int:
    made = pages()
    if "--check" in sys.argv:
        names = list(stale(made))
        if names:
            sys.stderr.write(f"stale in docs/faults: {', '.join(names)}\n")
            sys.stderr.write("run: uv run python -m stater_demo.fault_pages\n")
        return 1 if names else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale(made):
        if name not in made:
            (FOLDER / name).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
