"""`kiosk device printer`: one printer alone, how it is and what it prints.

Responsible for: trying a printer or a simulator by hand, without a kiosk around it.
"""

import json
import queue
import sys
from collections.abc import Iterator

import click

from drivers.clock import SystemClock
from drivers.printer.document import Document, Heading, Line, Pair, QrCode, Rule
from drivers.printer.events import (
    PrinterEvent,
    PrinterStatus,
    PrintReceipt,
    ReceiptFailed,
    ReceiptPrinted,
)
from drivers.printer.printer import Kind, Printer
from drivers.printer.status import STILL_PRINTS

EVENT_LIMIT_S = 30.0  # the driver itself gives up sooner

SAMPLE = Document(
    (
        Heading("Stater"),
        Line("A sample receipt. It is worth nothing.", align="centre"),
        Rule(),
        Pair("Letters", "ñ á é í ó ú ü ¿ ¡ €"),
        Pair("Bold", "as amounts are", bold=True),
        Pair("Wallet", "bcrt1qexampleexampleexampleexampleexampleexample"),
        Rule(),
        QrCode("https://example.com/a-sample-receipt"),
        Line(
            "If this line is whole and the paper is cut after it, the printer is fit.",
            align="centre",
        ),
    )
)


@click.command()
@click.option(
    "--port",
    "path",
    metavar="PATH",
    required=True,
    help="The printer's device, best a link that survives re-plugging: /dev/serial/by-id/...",
)
@click.option(
    "--kind",
    type=click.Choice(["serial", "file"]),
    default="serial",
    show_default=True,
    help="serial: it answers when asked how it is. file: it is only written to, as /dev/usb/lp0 is.",
)
@click.option("--status", "only_status", is_flag=True, help="Only ask how it is; print nothing.")
@click.option("--sample", "only_sample", is_flag=True, help="Only print a sample receipt.")
def printer(path: str, kind: Kind, *, only_status: bool, only_sample: bool) -> None:
    """Try a receipt printer by hand.

    Prints its status and then what became of a sample receipt, each as one line of JSON. Ends with
    1 when the printer cannot print or the receipt did not come out.
    """
    queued: queue.Queue[PrinterEvent | BaseException] = queue.Queue()
    device = Printer(path, kind, SystemClock(), queued.put, on_crash=queued.put)
    events = _each(queued)
    device.start()
    try:
        status = next(event for event in events if isinstance(event, PrinterStatus))
        if only_status or not only_sample:
            _say(status)
        is_well = not status.faults - STILL_PRINTS
        if only_sample or not only_status:
            device.send(PrintReceipt("sample", SAMPLE))
            outcome = next(event for event in events if not isinstance(event, PrinterStatus))
            _say(outcome)
            is_well = isinstance(outcome, ReceiptPrinted)
    finally:
        device.stop()
    sys.exit(0 if is_well else 1)


def _each(queued: "queue.Queue[PrinterEvent | BaseException]") -> Iterator[PrinterEvent]:
    while True:
        event = queued.get(timeout=EVENT_LIMIT_S)
        if isinstance(event, BaseException):
            raise event
        yield event


def _say(event: PrinterEvent) -> None:
    match event:
        case PrinterStatus(faults):
            body: dict[str, object] = {"faults": sorted(faults)}
        case ReceiptFailed(_, code):
            body = {"fault": code}
        case _:
            body = {}
    click.echo(json.dumps({"event": type(event).__name__, **body}))
