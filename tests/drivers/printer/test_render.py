"""Expected bytes by the ESC/POS reference: ESC @, ESC t n, ESC a n, ESC E n, ESC ! n, GS ( k, GS V m."""

import os
import string
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.charset import printable
from drivers.printer.document import Document, Element, Heading, Line, Pair, QrCode, Rule
from drivers.printer.render import COLUMNS, plain_text, render

ADDRESS = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"


def text_of(*elements: Element) -> list[str]:
    return plain_text(Document(elements)).splitlines()


def bytes_of(*elements: Element) -> bytes:
    return render(Document(elements))


def test_receipt_as_text() -> None:
    receipt = Document(
        (
            Heading("Stater"),
            Line("Thank you", align="centre"),
            Rule(),
            Pair("Inserted", "40.00 USD"),
            Pair("Wallet", ADDRESS),
            QrCode("https://example.com/c/1"),
        )
    )
    assert plain_text(receipt, 24) == (
        "         Stater\n"
        "       Thank you\n"
        "------------------------\n"
        "Inserted       40.00 USD\n"
        "Wallet\n"
        "bc1p0xlxvlhemja6c4dqv22u\n"
        "apctqupfhlxm9h8z3k2e72q4\n"
        "k9hcz7vqzk5jj0\n"
        "[https://example.com/c/1]\n"
    )


def test_pair_too_wide_for_one_line_takes_two() -> None:
    label, value = "Reference of this purchase", "0123456789abcdef-0123456789"
    assert text_of(Pair(label, value)) == [label, value.rjust(COLUMNS)]


def test_words_are_not_cut_and_codes_not_at_hyphens() -> None:
    line = "Quote this code when you call us about the sale: ABCD-EFGH-JKLM"
    assert text_of(Line(line)) == [
        "Quote this code when you call us about the sale:",
        "ABCD-EFGH-JKLM",
    ]


def test_empty_line_and_line_break_are_kept() -> None:
    assert text_of(Line("a"), Line(""), Line("b\nc")) == ["a", "", "b", "c"]


def test_heading_is_double_size_bold_centred_and_half_as_wide() -> None:
    sent = bytes_of(Heading("A heading of thirty letters ok"))
    first, second = sent.index(b"A heading of thirty"), sent.index(b"letters ok")
    assert b"\n" in sent[first:second]
    before = sent[:first]
    assert before.index(b"\x1b!\x30") < before.index(b"\x1bE\x01")  # ESC ! would clear the bold
    assert before.endswith(b"\x1ba\x01")


def test_style_ends_with_its_row() -> None:
    sent = bytes_of(Line("loud", bold=True), Line("calm"))
    assert b"\x1bE\x01" in sent[: sent.index(b"loud")]
    between = sent[sent.index(b"loud") : sent.index(b"calm")]
    assert between.endswith(b"\x1bE\x00\x1ba\x00")


def test_receipt_resets_the_printer_first_and_is_cut_last() -> None:
    sent = bytes_of(Line("x"))
    assert sent.startswith(b"\x1b@\x1bt\x10")  # ESC t 16: code page 1252
    assert sent.endswith(b"x\n\x1bd\x06\x1dV\x01")  # feed, partial cut


def test_spanish_and_the_euro_are_printed_as_code_page_1252() -> None:
    assert "¿Cuánto? ñ Ñ á é í ó ú ü ¡ 5 €".encode("cp1252") in bytes_of(
        Line("¿Cuánto? ñ Ñ á é í ó ú ü ¡ 5 €")
    )


@pytest.mark.parametrize(
    ("text", "prints"),
    [
        ("0.001 ₿ → you", "0.001 BTC -> you"),
        ("Łódź, Dvořák, ﬁn", "Lódz, Dvorák, fin"),
        ("n\u0303", "ñ"),  # as two characters, as some systems write it
        ("12\u00a0000\u202f€", "12 000 €"),  # spaces that do not break
        ("Иван 日本語 😀!", "· · ·!"),
        (
            "a\x1b@\x10\x04\x01\x00b\u202e",
            "a@b",
        ),  # commands to the printer, and turned-around writing
    ],
)
def test_letters_the_printer_lacks(text: str, prints: str) -> None:
    assert printable(text) == prints


@given(st.text())
def test_every_text_prints_without_commands_and_question_marks(text: str) -> None:
    safe = printable(text)
    assert all(byte >= 0x20 or byte == 0x0A for byte in safe.encode("cp1252"))
    assert "?" not in safe or "?" in unicodedata.normalize("NFKC", text)
    assert printable(safe) == safe


@given(
    st.text(string.ascii_letters + " -\n", max_size=200),
    st.text(string.ascii_letters + " ", max_size=200),
    st.integers(16, 64),
)
def test_no_row_is_wider_than_the_paper_and_no_letter_is_lost(
    label: str, value: str, columns: int
) -> None:
    document = Document((Heading(label), Line(label, bold=True), Pair(label, value), Rule()))
    text = plain_text(document, columns)
    assert max(len(row) for row in text.splitlines()) <= columns

    def letters(of: str) -> str:
        return "".join(of.split())

    assert letters(text) == letters(label * 2 + label + value + "-" * columns)


def test_qr_code_is_drawn_by_the_printer_with_its_whole_text() -> None:
    sent = bytes_of(QrCode("https://example.com/c/1"))
    store = b"\x1d(k\x1a\x001P0https://example.com/c/1"  # function 180: 23 letters and 3 bytes
    assert store in sent
    assert sent.index(b"\x1d(k\x03\x001C\x06") < sent.index(store)  # function 167: 6 dots a module
    assert sent.index(b"\x1d(k\x03\x001Q0") > sent.index(store)  # function 181: print


def test_long_qr_code_is_drawn_smaller() -> None:
    assert b"\x1d(k\x03\x001C\x06" in bytes_of(QrCode("x" * 504))
    assert b"\x1d(k\x03\x001C\x03" in bytes_of(QrCode("x" * 505))


def test_python_escpos_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import logging, os, tempfile\n"
        "import drivers.printer.escpos\n"
        "print(os.listdir(tempfile.gettempdir()), logging.root.handlers)\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ESCPOS_")}
    environment["TMPDIR"] = str(tmp_path)
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert (found.stdout.strip(), found.stderr) == ("[] []", "")
