"""systemd's end of the notification socket, in the hand of a test."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Self


class Supervisor:
    """Hears what the processes started with `environment` tell."""

    def __init__(self, folder: Path) -> None:
        path = folder / "notify"
        self.environment: Mapping[str, str] = {"NOTIFY_SOCKET": str(path)}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hear(self, timeout_s: float) -> list[str]:
        """The assignments of the next message; none when nobody spoke in time."""
        self._socket.settimeout(timeout_s)
        try:
            return self._socket.recv(4096).decode().splitlines()
        except TimeoutError:
            return []

    def hear_until(self, assignment: str, timeout_s: float) -> list[str]:
        """The first message that has it; the patience is for each before."""
        while assignment not in (heard := self.hear(timeout_s)):
            assert heard, f"nobody says {assignment}"
        return heard
