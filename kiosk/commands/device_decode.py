"""`kiosk device decode`: a trace of a bill acceptor's line, in words."""

import dataclasses
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import click

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.protocols import PROTOCOLS

_SIGNS = {">": "host", "<": "device"}
_TRACE_LINE = re.compile(r"^(?:\S*T\S*\s+)?([<>])?\s*(.*)$")


@click.command()
@click.option(
    "--protocol", type=click.Choice(sorted(PROTOCOLS)), required=True, help="What the line speaks."
)
@click.option(
    "--direction",
    type=click.Choice(["host", "device"]),
    default="device",
    show_default=True,
    help="Who sent a line that does not say so itself.",
)
def decode(protocol: str, direction: str) -> None:
    """Explain a trace in words: hex on standard input, a line a read.

    A line may begin with a time and with > (from the host) or < (from the device), as the traces of
    disputed bills do. For each frame, and for each read in which nothing could be read, a line of JSON:
    ok, frame, meaning, bytes (the frame encoded again), error.
    """
    dialect = PROTOCOLS[protocol].dialect
    ears = {"host": dialect.host(), "device": dialect.device()}
    for line in sys.stdin:
        if line.strip():
            _explain(line, direction, dialect, ears)


def _explain(line: str, direction: str, dialect: Dialect, ears: dict[str, Any]) -> None:
    match = _TRACE_LINE.match(line.strip())
    sign, text = match.groups() if match else (None, line)
    try:
        data = bytes.fromhex(text)
    except ValueError:
        _say(ok=False, error=f"not hex: {text!r}")
        return
    frames = list(ears[_SIGNS.get(sign or "", direction)].feed(data))
    for frame in frames:
        _say(**_told(frame, dialect))
    if not frames:
        _say(ok=False, error=f"no whole frame with a good check in {data.hex(' ')}")


def _told(frame: Any, dialect: Dialect) -> dict[str, Any]:
    told = {"ok": True, "frame": dict(_fields(frame)), "meaning": dialect.describe(frame)}
    try:
        return told | {"bytes": dialect.encode(frame).hex()}
    except ValueError as error:
        return told | {"error": str(error)}


def _fields(frame: Any) -> Iterator[tuple[str, Any]]:
    yield "type", type(frame).__name__
    for field in dataclasses.fields(frame):
        value = getattr(frame, field.name)
        yield field.name, value.hex() if isinstance(value, bytes) else value


def _say(**told: Any) -> None:
    blank = {"ok": False, "frame": None, "meaning": None, "bytes": None, "error": None}
    click.echo(json.dumps(blank | told, default=str))
