"""Settings by six letters and a value, as Honeywell and Newland have them.

Responsible for: which there are, which values they take, and the mark behind each in the answer: ACK for a value
that is taken, NAK for one that is not, ENQ for a setting that the engine does not know.
"""

from collections.abc import Mapping

from hardware_sim.scanner.wire import ACK, ENQ, NAK

NAME_LETTERS = 6


class Settings:
    def __init__(
        self, delivered: Mapping[str, str], allowed: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._delivered = delivered
        self._allowed = allowed
        self.values = dict(delivered)

    def forget(self) -> None:
        self.values = dict(self._delivered)

    def answer(self, setting: str) -> bytes:
        name, value = setting[:NAME_LETTERS], setting[NAME_LETTERS:]
        if name not in self._allowed:
            return setting.encode() + ENQ
        if value not in self._allowed[name]:
            return setting.encode() + NAK
        self.values[name] = value
        if name == "ALLENA":  # every kind of code at once
            self.values["QRCENA"] = value
        return setting.encode() + ACK
