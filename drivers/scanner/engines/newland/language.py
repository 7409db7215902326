"""Newland's unified commands.

~ SOH 0000, `#` for a setting that is gone with the power (`@` would write the flash), settings joined by `;`,
and `;` ETX. The engine answers STX SOH 0000, and repeats each setting with ACK, ENQ or NAK behind it.
Sources: NLS-HR52 User Manual, "Use of Programming Command"; the trigger and the suffix, Sunmi's guide to its
serial scanners; the symbologies, public drivers. The older binary commands (7E 00) are not spoken: engines that
know no others are read as `text`.
"""

import re

from drivers.scanner.engines.language import EngineKind, Request
from drivers.scanner.engines.lines import Lines

SETTINGS = (
    "SCNMOD0",  # reads when it is told to
    "TSUENA1",  # behind a code comes
    "TSUSET0D",  # CR
    "ALLENA0",  # no kind of code
    "QRCENA1",  # but QR
)
_ANSWER = re.compile(rb"\x02\x01\d{4}[@#][^\x02\x03]{1,200}\x03")


def command(*settings: str) -> bytes:
    return b"~\x010000#" + ";".join(settings).encode() + b";\x03"


class Newland(Lines):
    setup = (Request(command(*SETTINGS)),)
    start = (Request(command("SCNTRG1")),)
    stop = (Request(command("SCNTRG0")),)

    def __init__(self) -> None:
        super().__init__(b"\r", _ANSWER)


KIND = EngineKind(Newland, baud=9_600)
