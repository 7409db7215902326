"""`kiosk device probe`: which bill acceptor answers on which port, and the lines to configure it."""

import glob
import json
import sys

import click

from drivers.bill_acceptor.probe import probe as protocols_at
from drivers.clock import SystemClock
from drivers.errors import LinkLost
from drivers.port import SerialPort

LIKELY_PORTS = ("/dev/serial/by-id/*", "/dev/serial/by-path/*", "/dev/ttyUSB*", "/dev/ttyACM*")


@click.command()
@click.argument("ports", nargs=-1)
@click.option(
    "--parity/--no-parity",
    default=True,
    help="Open lines with their protocol's parity. Simulators' pseudo-terminals may need --no-parity.",
)
def probe(ports: tuple[str, ...], *, parity: bool) -> None:
    """Find the bill acceptors on these PORTS, or on every likely one of this machine.

    Asks each protocol's harmless question and listens for a whole, checked answer. Prints a line of JSON
    for each port and, where a device answered, the lines for the kiosk's configuration. Stop the kiosk's
    core first: a port is opened by one program at a time.
    """
    paths = list(ports) or _likely_ports()
    if not paths:
        raise click.ClickException("no serial port found; name one: kiosk device probe /dev/ttyS0")
    found = [_tell(path, parity=parity) for path in paths]
    sys.exit(0 if any(found) else 1)


def _tell(path: str, *, parity: bool) -> bool:
    try:
        names = list(protocols_at(path, SystemClock(), SerialPort, parity=parity))
    except LinkLost as error:
        click.echo(json.dumps({"port": path, "protocols": [], "error": str(error)}))
        return False
    click.echo(json.dumps({"port": path, "protocols": names, "error": None}))
    for name in names:
        click.echo(f'\n[bill_acceptor]\nprotocol = "{name}"\nport = "{path}"')
        if not parity:
            click.echo('parity = "none"')
    return bool(names)


def _likely_ports() -> list[str]:
    """By a name that survives re-plugging, where there is one."""
    for pattern in LIKELY_PORTS:
        if found := sorted(glob.glob(pattern)):  # noqa: PTH207  # absolute patterns
            return found
    return []
