"""A document as ESC/POS bytes, and as plain text.

Not responsible for: sending it, or for what the printer thinks of it.
"""

from drivers.printer.charset import CODE_PAGE
from drivers.printer.document import Document, QrCode
from drivers.printer.escpos import QR_ECLEVEL_M, Dummy
from drivers.printer.layout import Row, lay_out

COLUMNS = 48  # font A, 12 dots a letter, on the 576 dots of 80 mm paper
_PROFILE = (
    "TM-T20II"  # python-escpos' name for just that: 48 columns, 576 dots, draws QR codes itself
)

# ISO/IEC 18004: version 17 holds 504 bytes at level M and is 85 modules wide; with its quiet zone
# of 4 on each side, 93 modules of 6 dots fit the paper. Version 40, 185 modules with it, does at 3.
_QR_LARGE_BYTES, _QR_LARGE_DOTS, _QR_SMALL_DOTS = 504, 6, 3


def render(document: Document) -> bytes:
    """Begins by resetting the printer, ends with a partial cut: the receipt hangs on until it is taken."""
    escpos = Dummy(profile=_PROFILE)
    escpos.hw("INIT")
    escpos.charcode(CODE_PAGE)
    before: Row | None = None
    for piece in lay_out(document, COLUMNS):
        if isinstance(piece, QrCode):
            _draw(piece, escpos)
            before = None
            continue
        if before is None or piece.style != before.style:
            _set(piece, escpos)
        escpos.textln(piece.text)
        before = piece
    escpos.cut(mode="PART")
    return bytes(escpos.output)


def plain_text(document: Document, columns: int = COLUMNS) -> str:
    """As it would look on paper, a QR code as its text in brackets."""
    lines = [
        f"[{piece.text}]" if isinstance(piece, QrCode) else _as_text(piece, columns)
        for piece in lay_out(document, columns)
    ]
    return "".join(line + "\n" for line in lines)


def _as_text(row: Row, columns: int) -> str:
    return (row.text.center(columns) if row.centred else row.text).rstrip()


def _set(row: Row, escpos: Dummy) -> None:
    escpos.set(
        align="center" if row.centred else "left",
        bold=row.bold,
        normal_textsize=not row.double,
        double_width=row.double,
        double_height=row.double,
    )


def _draw(code: QrCode, escpos: Dummy) -> None:
    """By the printer itself: as a picture it would be ten thousand bytes on a slow line."""
    fits_large = len(code.text.encode()) <= _QR_LARGE_BYTES
    escpos.set(align="center", bold=False, normal_textsize=True)
    escpos.ln()  # the quiet zone above; below it the printer's own line feed and one more make it
    size = _QR_LARGE_DOTS if fits_large else _QR_SMALL_DOTS
    escpos.qr(code.text, ec=QR_ECLEVEL_M, size=size, native=True)
    escpos.ln()
