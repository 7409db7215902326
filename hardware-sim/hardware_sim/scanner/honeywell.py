"""A Honeywell engine: menu commands, and the three bytes of its trigger.

Delivered it reads by itself, every kind of code, and ends none with anything: so it shows whether its host sets it
up. Source: N3680 Decoded Engine User Guide, "Serial Programming Commands" and "Trigger Commands".
"""

import re

from hardware_sim.scanner.optics import Mode, Optics
from hardware_sim.scanner.settings import Settings

_COMMAND = re.compile(rb"\x16(?:(?P<trigger>[TU])\r|M\r(?P<menu>[^!.\x16]*)(?P<table>[!.]))")
_DELIVERED = {"TRGMOD": "3", "ALLENA": "1", "QRCENA": "1", "SUFBK2": ""}
_ALLOWED = {
    "TRGMOD": ("0", "3"),
    "ALLENA": ("0", "1"),
    "QRCENA": ("0", "1"),
    "SUFBK2": ("990D", "990D0A"),
}
_BUFFER_BYTES = 1024


class Honeywell:
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
            said += self._obey(command)
        if seen := self._optics.read():
            said += seen.as_sent + bytes.fromhex(self._settings.values["SUFBK2"][2:])
        return said

    def _obey(self, command: re.Match[bytes]) -> bytes:
        if command["trigger"] == b"T":
            self._optics.look()
            return b""
        if command["trigger"] == b"U":
            self._optics.release()
            return b""
        if command["table"] == b".":
            self._optics.report("flash_written")
        settings = command["menu"].decode("ascii", "replace").upper().split(";")
        answer = b";".join(self._settings.answer(setting) for setting in settings)
        self._apply()
        return answer + command["table"]

    def _apply(self) -> None:
        values = self._settings.values
        mode = Mode.TRIGGERED if values["TRGMOD"] == "0" else Mode.BY_ITSELF
        self._optics.set_up(
            mode, reads_qr=values["QRCENA"] == "1", reads_others=values["ALLENA"] == "1"
        )
