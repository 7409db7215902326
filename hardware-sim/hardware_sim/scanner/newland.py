"""A Newland engine: unified commands.

Delivered it reads by itself, every kind of code, and ends none with anything: so it shows whether its host sets it
up. Source: NLS-HR52 User Manual, "Use of Programming Command"; Sunmi's guide to serial scanners.
"""

import re

from hardware_sim.scanner.optics import Mode, Optics
from hardware_sim.scanner.settings import Settings

_COMMAND = re.compile(rb"~\x01(\d{4})([@#])([^\x03~]*);\x03")
_DELIVERED = {"SCNMOD": "2", "TSUENA": "0", "TSUSET": "0D0A", "ALLENA": "1", "QRCENA": "1"}
_ALLOWED = {
    "SCNMOD": ("0", "2"),
    "TSUENA": ("0", "1"),
    "TSUSET": ("0D", "0A", "0D0A"),
    "ALLENA": ("0", "1"),
    "QRCENA": ("0", "1"),
    "SCNTRG": ("0", "1"),
}
_BUFFER_BYTES = 1024


class Newland:
    def __init__(self, optics: Optics) -> None:
        self._optics = optics
        self._settings = Settings(_DELIVERED, _ALLOWED)
        self._heard = b""
        self.boot()

    def boot(self) -> None:
        self._settings.forget()
        self._heard = b""
        self._apply()

    def turn(self, heard: bytes) -> bytes:
        self._heard = (self._heard + heard)[-_BUFFER_BYTES:]
        said = b""
        while command := _COMMAND.search(self._heard):
            self._heard = self._heard[command.end() :]
            said += self._obey(*command.groups())
        if seen := self._optics.read():
            values = self._settings.values
            said += seen.as_sent + (
                bytes.fromhex(values["TSUSET"]) if values["TSUENA"] == "1" else b""
            )
        return said

    def _obey(self, address: bytes, table: bytes, listed: bytes) -> bytes:
        if table == b"@":
            self._optics.report("flash_written")
        settings = listed.decode("ascii", "replace").split(";")
        answer = b";".join(self._settings.answer(setting) for setting in settings)
        self._apply()
        if "SCNTRG1" in settings:
            self._optics.look()
        elif "SCNTRG0" in settings:
            self._optics.release()
        return b"\x02\x01" + address + table + answer + b";\x03"

    def _apply(self) -> None:
        values = self._settings.values
        mode = Mode.TRIGGERED if values["SCNMOD"] == "0" else Mode.BY_ITSELF
        self._optics.set_up(
            mode, reads_qr=values["QRCENA"] == "1", reads_others=values["ALLENA"] == "1"
        )
