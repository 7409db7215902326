"""The characters of ESC t n: which code page the upper half of a byte means.

Source: Epson, "ESC/POS Command Reference", ESC t, the table of TM printers for Europe.
"""

DEFAULT = 0

CODE_TABLES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 32: "cp720", 33: "cp775", 34: "cp855",
    35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869", 39: "iso8859_2", 40: "iso8859_15",
    45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254", 49: "cp1255", 50: "cp1256", 51: "cp1257",
    52: "cp1258", 53: "kz1048",
}  # fmt: skip


def decode(data: bytes, table: int) -> str:
    """The lower half is ASCII in every table; a byte without a character prints as a space."""
    page = CODE_TABLES.get(table, CODE_TABLES[DEFAULT])
    return "".join(chr(byte) if byte < 0x7F else _upper(byte, page) for byte in data)


def _upper(byte: int, page: str) -> str:
    character = bytes([byte]).decode(page, errors="replace")
    return character if character.isprintable() and character != "\ufffd" else " "
