"""Which protocol answers on a port, without harming a device that speaks another.

Each protocol's hello is a question that changes nothing: a status or identification request with every
bill disabled. To a device of another protocol it is noise, which each of them ignores; a pause lets it
give up on what it took for the beginning of a frame.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.clock import Clock
from drivers.port import Line, Port

DEVICE = "bill acceptor"
ATTEMPTS = 3
ANSWER_S = 0.4  # the slowest answers within 300 ms: ID-003, EBDS
PAUSE_S = 0.15  # longer than any protocol's patience between two bytes: ccTalk's 50 ms

OpenPort = Callable[[str, str, Line], Port]


def probe(path: str, clock: Clock, open_port: OpenPort, *, parity: bool = True) -> Iterator[str]:
    """The names of the protocols that answer at `path`. Raises LinkLost when it cannot be opened.

    `parity` False opens every line without, for pseudo-terminals.
    """
    for name, kind in PROTOCOLS.items():
        line = kind.line if parity else replace(kind.line, parity="none", bits=8)
        port = open_port(DEVICE, path, line)
        try:
            hellos = kind.dialect.hellos * ATTEMPTS
            if any(_answers(port, kind.dialect, hello, clock) for hello in hellos):
                yield name
        finally:
            port.close()


def _answers(port: Port, dialect: Dialect, hello: bytes, clock: Clock) -> bool:
    """A whole frame with a good check, that is not our own echo."""
    _drain(port, clock)
    port.write(hello)
    heard = b""
    give_up_s = clock.monotonic_s() + ANSWER_S
    while (left_s := give_up_s - clock.monotonic_s()) > 0:
        heard += port.read(left_s)
        if dialect.device().feed(heard.removeprefix(hello)):
            return True
    return False


def _drain(port: Port, clock: Clock) -> None:
    quiet_at_s = clock.monotonic_s() + PAUSE_S
    while (left_s := quiet_at_s - clock.monotonic_s()) > 0:
        port.read(left_s)
