"""How the frames of a protocol are found in bytes, written, and read aloud: for tools and traces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class FrameFinder(Protocol):
    """Hears one direction of a line."""

    def feed(self, data: bytes) -> Sequence[Any]:
        """The frames that are complete now. Never raises on what a line brings."""
        ...

    def discard(self) -> None:
        """Forget a half frame: its rest did not come in time."""
        ...


@dataclass(frozen=True)
class Dialect:
    host: Callable[[], FrameFinder]  # hears what a host sends
    device: Callable[[], FrameFinder]  # hears what a device sends
    encode: Callable[[Any], bytes]  # a frame's bytes; raises ValueError when it has none
    describe: Callable[[Any], str]  # a frame in words
    hellos: tuple[
        bytes, ...
    ]  # each asks a device who it is; changes nothing, means nothing elsewhere
