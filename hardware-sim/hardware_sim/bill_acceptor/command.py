"""`hardware-sim bill-acceptor`: a bill acceptor on a pseudo-terminal, moved by typed words."""

import select
import time
from pathlib import Path

import click

from hardware_sim.bill_acceptor.protocols import PROTOCOLS
from hardware_sim.bill_acceptor.simulator import Simulator, Specification
from hardware_sim.bill_acceptor.words import Words
from hardware_sim.console import Console, until_stopped
from hardware_sim.link import PtyLink

_TICK_S = 0.01  # well below the 50 ms in which hosts expect a reply
_CURRENCIES = sorted(set().union(*(each.denominations for each in PROTOCOLS.values())))

_WORDS = """
\b
Type words on standard input, one line each; every event comes out as a line of JSON.
  insert N                 a person offers a bill of N (into a busy machine: a second bill)
  jam [acceptor|stacker]   the bill that moves there, or the next one, sticks
  clear [into-cashbox]     a person removes the stuck bill (or pushes it into the cashbox),
                           and mends a failure; the machine then starts anew
  cheat                    the bill on its way to the stacker, or the next, is pulled back
  reject [CODE]            the next bill is refused, with the protocol's reason code (hex)
  fail CODE                a part breaks, with the protocol's failure code (hex); EBDS has
                           no codes, and neither word has one there
  full                     the cashbox is full until it is changed
  remove-cashbox           the cashbox is taken out, with its bills
  replace-cashbox          an empty cashbox is put in
  power off | power on     bills stay where they are
  mute SECONDS             requests are heard and acted on, but no reply gets through
  corrupt N                one byte is damaged in each of the next N replies
  unplug | plug            the terminal goes away; it comes back as a new one
  status                   what is where
  quit                     ends, as does the end of the input
"""


@click.command(epilog=_WORDS)
@click.option(
    "--protocol",
    type=click.Choice(sorted(PROTOCOLS)),
    required=True,
    help="The protocol that the acceptor speaks. cctalk-crc16 is ccTalk with 16-bit checksums; "
    "ssp-basic is SSP of older firmware, without POLL WITH ACK.",
)
@click.option(
    "--link",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to put the link to its serial port, such as /tmp/acceptor.",
)
@click.option(
    "--currency",
    type=click.Choice(_CURRENCIES),
    default="USD",
    show_default=True,
    help="The bills that it knows.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    show_default=True,
    help="How much faster than life its motors run; time-outs stay as they are.",
)
def bill_acceptor(protocol: str, path: Path, currency: str, speed: float) -> None:
    """Simulate a bill acceptor that any host can open as a serial port."""
    if currency not in PROTOCOLS[protocol].denominations:
        raise click.BadParameter(f"{protocol} has no table for {currency}")
    try:
        link = PtyLink(path)
    except OSError as error:
        raise click.ClickException(
            f"no serial port could be made at {path}: {error.strerror}. "
            "Choose a path in a folder that exists, where no file stands in the way."
        ) from error
    with until_stopped(), link:
        specification = Specification(protocol=protocol, currency=currency, speed=speed)
        console = Console()
        simulator = Simulator(link, time.monotonic, console.tell, specification)
        words = Words(simulator, PROTOCOLS[protocol], link, console.tell, time.monotonic)
        console.tell("ready", link=str(path), pty=link.pty, protocol=protocol, currency=currency)
        _run(console, simulator, link, words)


def _run(console: Console, simulator: Simulator, link: PtyLink, words: Words) -> None:
    while not (console.ended or words.said_quit):
        ears: list[Console | PtyLink] = [console] if console.listening else []
        if link.plugged:
            ears.append(link)
        ready, _, _ = select.select(ears, [], [], _TICK_S)
        simulator.pump()
        for line in console.words() if console in ready else ():
            words.obey(line)
            if words.said_quit:
                return
