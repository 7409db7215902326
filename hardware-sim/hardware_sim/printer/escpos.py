"""Cuts a stream of ESC/POS bytes into commands and runs of text.

Responsible for: the length of every command, so that an unknown one never turns into garbage on paper.
Not responsible for: what a command does (`typesetter.py`, `model.py`).

Source: Epson, "ESC/POS Command Reference"; commands bear the names they have there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

_NAMES = {
    "NUL": 0x00, "EOT": 0x04, "ENQ": 0x05, "HT": 0x09, "LF": 0x0A, "FF": 0x0C, "CR": 0x0D, "DLE": 0x10,
    "DC4": 0x14, "CAN": 0x18, "ESC": 0x1B, "FS": 0x1C, "GS": 0x1D, "SP": 0x20,
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """A command by its vendor's name and the bytes after it; `TEXT` is a run of characters."""

    name: str
    data: bytes = b""
    known: bool = True


Size = Callable[
    [bytes], int | None
]  # bytes after the name -> how many belong to it; None: not here yet


def _fixed(size: int) -> Size:
    return lambda _: size


def _counted(at: int, per_unit: int = 1, width: int = 2) -> Size:
    """A little-endian count at `at`, then that many units."""

    def size(data: bytes) -> int | None:
        if len(data) < at + width:
            return None
        return at + width + per_unit * int.from_bytes(data[at : at + width], "little")

    return size


def _until_nul(start: int = 0) -> Size:
    def size(data: bytes) -> int | None:
        end = data.find(0, start)
        return None if end < 0 else end + 1

    return size


def _raster(header: int) -> Size:
    """xL xH yL yH end a header, then x bytes in each of y rows: GS v 0 and GS Q 0."""

    def size(data: bytes) -> int | None:
        if len(data) < header:
            return None
        x, y = (int.from_bytes(data[at : at + 2], "little") for at in (header - 4, header - 2))
        return header + x * y

    return size


def _bit_image(data: bytes) -> int | None:
    if len(data) < 3:
        return None
    bytes_per_column = 3 if data[0] in (32, 33) else 1
    return 3 + bytes_per_column * int.from_bytes(data[1:3], "little")


def _downloaded_image(data: bytes) -> int | None:
    return None if len(data) < 2 else 2 + data[0] * data[1] * 8


def _barcode(data: bytes) -> int | None:
    if not data:
        return None
    return _until_nul(1)(data) if data[0] <= 6 else _counted(1, width=1)(data)


def _cut(data: bytes) -> int | None:
    if not data:
        return None
    return 1 if data[0] in (0, 1, 48, 49) else 2


def _pulse(data: bytes) -> int | None:
    if not data:
        return None
    return {1: 3, 2: 3, 8: 8}.get(data[0], 1)


def _user_characters(data: bytes) -> int | None:
    if len(data) < 3:
        return None
    rows, first, last = data[:3]
    end = 3
    for _ in range(first, last + 1):
        if len(data) <= end:
            return None
        end += 1 + rows * data[end]
    return end


def _stored_images(data: bytes) -> int | None:
    if not data:
        return None
    end = 1
    for _ in range(data[0]):
        if len(data) < end + 4:
            return None
        x, y = (int.from_bytes(data[at : at + 2], "little") for at in (end, end + 2))
        end += 4 + x * y * 8
    return end


def _sizes() -> dict[bytes, tuple[str, Size]]:
    by_count = {
        0: "HT|LF|FF|CR|CAN|ESC FF|ESC @|ESC 2|ESC <|ESC L|ESC S|ESC i|ESC m|GS :|GS c|FS &|FS .",
        1: "ESC SP|ESC !|ESC %|ESC -|ESC 3|ESC =|ESC ?|ESC E|ESC G|ESC J|ESC M|ESC R|ESC T|ESC U|ESC V"
        "|ESC a|ESC d|ESC e|ESC r|ESC t|ESC u|ESC v|ESC {|ESC c 0|ESC c 1|ESC c 3|ESC c 4|ESC c 5"
        "|GS !|GS /|GS B|GS E|GS H|GS I|GS T|GS a|GS b|GS f|GS h|GS j|GS r|GS w"
        "|FS !|FS -|FS C|FS W|DLE EOT|DLE ENQ",
        2: "GS z 0|ESC $|ESC \\|GS $|GS L|GS P|GS W|GS \\|FS S|FS p",
        3: "ESC p|GS ^|GS g 0|GS g 2",
        8: "ESC W",
    }
    sizes: dict[str, Size] = {}
    for count, names in by_count.items():
        sizes |= {name: _fixed(count) for name in names.split("|")}
    sizes |= {
        "ESC &": _user_characters,
        "ESC *": _bit_image,
        "ESC D": _until_nul(),
        "GS *": _downloaded_image,
        "GS V": _cut,
        "GS k": _barcode,
        "GS v 0": _raster(5),
        "GS Q 0": _raster(5),
        "FS 2": _fixed(2 + 72),  # one 24 x 24 character
        "FS g 1": _counted(5),
        "FS g 2": _fixed(7),
        "FS q": _stored_images,
        "DLE DC4": _pulse,
    }
    for kind in ("ESC (", "GS (", "FS ("):  # every member of these families counts its own bytes
        for function in map(chr, range(0x41, 0x7B)):
            sizes[f"{kind} {function}"] = _counted(0)
    for function in "LM":
        sizes[f"GS 8 {function}"] = _counted(0, width=4)
    return {_code(name): (name, size) for name, size in sizes.items()}


def _code(name: str) -> bytes:
    return bytes(_NAMES[word] if word in _NAMES else ord(word) for word in name.split(" "))


_SIZES = _sizes()
_LONGEST = max(map(len, _SIZES))
_PREFIXES = {code[:size] for code in _SIZES for size in range(1, len(code))}
_INTRODUCERS = {_NAMES[name] for name in ("DLE", "ESC", "FS", "GS")}


@dataclass
class CommandReader:
    """The receive buffer: bytes go in as they come, whole commands come out."""

    _buffer: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def clear(self) -> None:
        self._buffer.clear()

    def next(self) -> Command | None:
        """The next command, or None until more bytes have come."""
        if not self._buffer:
            return None
        if self._buffer[0] >= 0x20:
            return Command("TEXT", self._take(self._text_length()))
        for length in range(1, _LONGEST + 1):
            code = bytes(self._buffer[:length])
            if found := _SIZES.get(code):
                return self._sized(len(code), *found)
            if code not in _PREFIXES or len(code) < length:
                break
        return self._unknown(code)

    def _sized(self, prefix: int, name: str, size: Size) -> Command | None:
        length = size(bytes(self._buffer[prefix:]))
        if length is None or len(self._buffer) < prefix + length:
            return None
        return Command(name, self._take(prefix + length)[prefix:])

    def _unknown(self, code: bytes) -> Command | None:
        if code in _PREFIXES and len(code) == len(self._buffer):
            return None
        length = 2 if code[0] in _INTRODUCERS else 1
        return Command(self._take(length).hex(" ").upper(), known=False)

    def _text_length(self) -> int:
        return next((at for at, byte in enumerate(self._buffer) if byte < 0x20), len(self._buffer))

    def _take(self, length: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken
