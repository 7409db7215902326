"""`kiosk device bill-acceptor`: one bill acceptor alone, its events on the screen, its commands typed.

Responsible for: trying a device or a simulator by hand, without a kiosk around it. It gives no one credit.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Iterable
from dataclasses import asdict

import click

from drivers.bill_acceptor.commands import (
    AcceptorCommand,
    AcknowledgeCredit,
    Disable,
    Enable,
    Hold,
    Return,
    Stack,
)
from drivers.bill_acceptor.device import AcceptorConfig, BillAcceptor
from drivers.bill_acceptor.events import AcceptorEvent, BillStacked
from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.clock import SystemClock
from drivers.port import Parity

EXIT_BUG = 70  # sysexits.h, EX_SOFTWARE

COMMANDS: dict[str, AcceptorCommand] = {
    "enable": Enable(),
    "disable": Disable(),
    "stack": Stack(),
    "return": Return(),
    "hold": Hold(),
}


@click.command()
@click.option(
    "--protocol",
    type=click.Choice(sorted(PROTOCOLS)),
    required=True,
    help="What the device speaks.",
)
@click.option(
    "--port",
    "path",
    metavar="PATH",
    required=True,
    help="Its serial device, best a link that survives re-plugging: /dev/serial/by-id/...",
)
@click.option(
    "--parity",
    type=click.Choice(["none", "even"]),
    help="By default the protocol's own, which real devices want. Simulators and other"
    " pseudo-terminals may need none.",
)
@click.option(
    "--currency",
    default="USD",
    show_default=True,
    metavar="ISO",
    help="Take bills of this currency only.",
)
def bill_acceptor(protocol: str, path: str, parity: Parity | None, currency: str) -> None:
    """Try a bill acceptor by hand.

    Prints each event as one line of JSON. Type enable, disable, stack, return, hold or quit. A stacked
    bill is acknowledged to the device as soon as its line is printed: this command gives nobody credit.
    """
    config = AcceptorConfig(protocol, path, currency.upper(), parity)
    printing = threading.Lock()

    def deliver(event: AcceptorEvent) -> None:
        with printing:
            click.echo(event_line(event))
            sys.stdout.flush()
        if isinstance(event, BillStacked):
            acceptor.send(AcknowledgeCredit())

    acceptor = BillAcceptor(config, SystemClock(), deliver, on_crash=_end_loudly)
    acceptor.start()
    try:
        obey(sys.stdin, acceptor)
    finally:
        acceptor.stop()


def event_line(event: AcceptorEvent) -> str:
    return json.dumps({"event": type(event).__name__, **asdict(event)})


def obey(lines: Iterable[str], acceptor: BillAcceptor) -> None:
    """Until `quit` or the end of the input."""
    for line in lines:
        word = line.strip().lower()
        if word == "quit":
            return
        if word in COMMANDS:
            acceptor.send(COMMANDS[word])
        elif word:
            known = ", ".join([*COMMANDS, "quit"])
            click.echo(f"unknown command {word!r}; known are: {known}", err=True)


def _end_loudly(error: BaseException) -> None:
    if isinstance(error, BrokenPipeError):
        os._exit(0)  # whoever read our output has gone, as `| head` does
    traceback.print_exception(error)
    click.echo("This is a bug in the driver; the lines above say where.", err=True)
    os._exit(EXIT_BUG)
