"""Sets lines as ESC/POS standard mode does, and says what must move: the paper, or the blade.

Responsible for: text styles, alignment, spacing, pictures and QR symbols.
Not responsible for: status, the roll of paper, or time (`model.py`).

Source: Epson, "ESC/POS Command Reference", standard mode, at 203 dots an inch.
"""

from dataclasses import dataclass, field, replace

from PIL import Image

from hardware_sim.printer import code_tables
from hardware_sim.printer.actions import Action, Advance, Cut, NotDone
from hardware_sim.printer.dots import (
    HEAD_DOTS,
    HEAD_TO_BLADE_DOTS,
    Style,
    columns,
    glyph,
    qr_symbol,
    raster,
)
from hardware_sim.printer.escpos import Command
from hardware_sim.printer.line import Area, Line

_DEFAULT_SPACING = 30  # 1/6 inch, rounded to a dot as the printers do
_NARROWEST = 48  # the widest character fits
_BIT_IMAGE = {0: (1, (2, 3)), 1: (1, (1, 3)), 32: (3, (2, 1)), 33: (3, (1, 1))}  # ESC * m
_RASTER_SCALE = {0: (1, 1), 1: (2, 1), 2: (1, 2), 3: (2, 2)}  # GS v 0 m


@dataclass
class _Settings:
    """Everything that ESC @ puts back."""

    style: Style = field(default_factory=Style)
    table: int = code_tables.DEFAULT
    area: Area = field(default_factory=Area)
    spacing: int = _DEFAULT_SPACING
    right_gap: int = 0
    tabs: tuple[int, ...] = tuple(range(8, 48, 8))  # in characters
    qr_module: int = 3
    qr_level: str = "L"
    qr_data: bytes = b""
    graphics: Image.Image | None = None


class Typesetter:
    """The print buffer: one line, not yet on paper, and the settings for what comes next."""

    def __init__(self) -> None:
        self._now = _Settings()
        self._line = Line()

    def reset(self) -> None:
        self._now = _Settings()
        self._line = Line()

    def discard_line(self) -> None:
        self._line = Line()

    def obey(self, command: Command) -> list[Action]:
        data = command.data
        match command.name:
            case "TEXT":
                return self._text(data)
            case "LF":
                return self._print_line(self._now.spacing)
            case "ESC J":
                return self._print_line(data[0])
            case "ESC d":
                return self._print_and_feed(data[0])
            case "ESC *":
                return self._bit_image(data)
            case "GS v 0":
                return self._raster_image(data)
            case "GS ( L":
                return self._graphics(data[2:])
            case "GS 8 L":
                return self._graphics(data[4:])
            case "GS ( k":
                return self._symbol(data[2:])
            case "GS V":
                return self._cut(data)
            case "ESC i" | "ESC m":
                return [Cut(partial=command.name == "ESC m")]
        return [] if self._adjust(command) else [NotDone(command.name)]

    def _adjust(self, command: Command) -> bool:
        """The settings for what comes next; whether this was one of them."""
        value = int.from_bytes(command.data, "little")
        match command.name:
            case "ESC @":
                self.reset()
            case "ESC t":
                self._set(table=value)
            case "ESC a":
                if not self._line.pieces:  # only at the beginning of a line
                    self._area(align=value % 48 % 3)
            case "ESC 2":
                self._set(spacing=_DEFAULT_SPACING)
            case "ESC 3":
                self._set(spacing=value)
            case "ESC SP":
                self._set(right_gap=value)
            case "ESC D":
                self._set(tabs=tuple(command.data[:-1]))
            case "HT":
                self._tab()
            case "ESC $":
                self._move(value)
            case "ESC \\":
                self._move(self._line.x + int.from_bytes(command.data, "little", signed=True))
            case "GS L":
                self._area(margin=min(value, HEAD_DOTS - _NARROWEST))
            case "GS W":
                self._area(width=max(value, _NARROWEST))
            case "CR" | "GS b":
                pass  # automatic line feed is off as from the factory; smoothing has nothing to smooth
            case "ESC {":
                return not value & 1  # lines are never printed upside down
            case _:
                return self._restyle(command.name, value)
        return True

    def _restyle(self, name: str, value: int) -> bool:
        match name:
            case "ESC !":
                self._style(
                    font="AB"[value & 1],
                    bold=bool(value & 0x08),
                    height=2 if value & 0x10 else 1,
                    width=2 if value & 0x20 else 1,
                    underline=1 if value & 0x80 else 0,
                )
            case "GS !":
                self._style(width=(value >> 4 & 7) + 1, height=(value & 7) + 1)
            case "ESC E" | "ESC G":  # emphasized and double-strike look the same on thermal paper
                self._style(bold=bool(value & 1))
            case "ESC -":
                self._style(underline=value % 48 % 3)
            case "ESC M":
                self._style(font="AB"[value & 1])
            case "GS B":
                self._style(reverse=bool(value & 1))
            case _:
                return False
        return True

    def _set(self, **changes: object) -> None:
        self._now = replace(self._now, **changes)  # type: ignore[arg-type]  # names are checked by replace

    def _style(self, **changes: object) -> None:
        self._set(style=replace(self._now.style, **changes))  # type: ignore[arg-type]  # the same

    def _area(self, **changes: int) -> None:
        self._set(area=replace(self._now.area, **changes))

    def _move(self, x: int) -> None:
        self._line.x = min(max(x, 0), self._now.area.right)

    def _tab(self) -> None:
        cell = Style().cell[0] + self._now.right_gap
        ahead = [stop * cell for stop in self._now.tabs if stop * cell > self._line.x]
        if ahead and ahead[0] < self._now.area.right:
            self._line.words += " " * max((ahead[0] - self._line.x) // cell, 1)
            self._line.x = ahead[0]

    def _text(self, data: bytes) -> list[Action]:
        actions: list[Action] = []
        style = self._now.style
        gap = self._now.right_gap * style.width
        for character in code_tables.decode(data, self._now.table):
            if self._line.x + style.cell[0] > self._now.area.right and self._line.pieces:
                actions += self._print_line(self._now.spacing)
            self._line.put(glyph(character, style), character, gap)
        return actions

    def _bit_image(self, data: bytes) -> list[Action]:
        if data[0] not in _BIT_IMAGE or len(data) == 3:
            return [NotDone("ESC *")]
        bytes_per_column, scale = _BIT_IMAGE[data[0]]
        self._line.put(columns(data[3:], bytes_per_column, scale), "")
        return []

    def _raster_image(self, data: bytes) -> list[Action]:
        bytes_per_row = int.from_bytes(data[1:3], "little")
        if not bytes_per_row or data[0] % 48 not in _RASTER_SCALE:
            return [NotDone("GS v 0")]
        return self._picture(raster(data[5:], bytes_per_row, _RASTER_SCALE[data[0] % 48]))

    def _graphics(self, data: bytes) -> list[Action]:
        """GS ( L functions 112 (store one colour) and 50 (print what is stored)."""
        match tuple(data[:3]):
            case (48, 112, 48) if len(data) > 10 and any(data[6:8]):
                scale = (max(data[3], 1), max(data[4], 1))
                width = int.from_bytes(data[6:8], "little")
                self._now.graphics = raster(data[10:], (width + 7) // 8, scale)
                return []
            case (48, 2 | 50) if self._now.graphics is not None:
                return self._picture(self._now.graphics)
        return [NotDone("GS ( L")]

    def _symbol(self, data: bytes) -> list[Action]:
        """GS ( k for QR codes, cn 49; the functions are numbered as in the vendor's reference."""
        match tuple(data[:3]):
            case (49, 65, _):
                return []  # model 1 or 2: only model 2 is drawn
            case (49, 67, dots) if 1 <= dots <= 16:
                self._now.qr_module = dots
            case (49, 69, level) if 48 <= level <= 51:
                self._now.qr_level = "LMQH"[level - 48]
            case (49, 80, 48):
                self._now.qr_data = data[3:]
            case (49, 81, 48) if self._now.qr_data:
                return self._qr()
            case _:
                return [NotDone("GS ( k")]
        return []

    def _qr(self) -> list[Action]:
        symbol = qr_symbol(self._now.qr_data, self._now.qr_module, self._now.qr_level)
        if symbol is None or symbol.width > self._now.area.right:
            return [NotDone("GS ( k 81")]
        return self._picture(symbol, f"[QR] {self._now.qr_data.decode('utf-8', 'replace')}")

    def _picture(self, image: Image.Image, words: str = "[picture]") -> list[Action]:
        """A picture has lines of its own, and no space below it."""
        actions = self._print_line(0) if self._line.pieces else []
        self._line.put(image, words)
        return actions + self._print_line(0)

    def _print_and_feed(self, lines: int) -> list[Action]:
        actions = self._print_line(self._now.spacing) if lines else self._print_line(0)
        return actions + [Advance(self._now.spacing, text="") for _ in range(lines - 1)]

    def _print_line(self, feed: int) -> list[Action]:
        line, self._line = self._line, Line()
        return [*line.printed(self._now.area, feed)]

    def _cut(self, data: bytes) -> list[Action]:
        actions = self._print_line(0) if self._line.pieces else []
        if len(data) == 2:
            actions.append(Advance(HEAD_TO_BLADE_DOTS + data[1]))
        return [*actions, Cut(partial=data[0] in (1, 49, 66, 98, 104))]
