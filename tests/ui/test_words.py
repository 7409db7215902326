"""Every code has customer words in every language, and no translation is missing, stale or out of step."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from drivers.faults import FaultCode, RejectReason
from drivers.scanner.view import Hint
from kiosk.faults import CATALOGUE
from kiosk.health import STARTING
from kiosk.screen_link.snapshot import Notice, ScreenState
from ui.build import TOOLS
from ui.inputs import Inputs
from ui.language import TRANSLATIONS, load_language
from ui.samples import sample
from ui.words.faults import FAULTS, fault_text
from ui.words.hints import HINTS, hint_text
from ui.words.notices import NOTICES, notice_text

UI = TRANSLATIONS.parent
SOURCES = sorted(TRANSLATIONS.glob("*.ts"))


def known_notices() -> set[str]:
    """The codes in Notice's docstring; `device_fault` speaks through its fault code."""
    listed = (Notice.__doc__ or "").split(":", 1)[1]
    listed = re.sub(r"\([^)]*\)", "", listed).rstrip(". \n")
    codes = {code.strip() for code in listed.split(",")}
    codes.remove("bill_rejected_<RejectReason>")
    codes.remove("device_fault")
    return codes | {f"bill_rejected_{reason.value}" for reason in RejectReason}


def test_the_docstring_is_read_as_meant() -> None:
    assert {"bill_over_limit", "storage", "bill_rejected_inserted-badly"} <= known_notices()
    assert all(re.fullmatch(r"[a-z_-]+", code) for code in known_notices())


@pytest.mark.parametrize("code", sorted(known_notices()))
def test_every_notice_has_words(code: str) -> None:
    assert code.replace("-", "_") in NOTICES
    notice = Notice(code=code, amount_minor=2_000)
    texts = {say(notice, language) for language in ("en", "es")}
    assert len(texts) == 2, "not translated"
    assert not any("{" in text for text in texts)


@pytest.mark.parametrize("code", sorted({*FaultCode, *CATALOGUE, STARTING}))
def test_every_fault_has_words(code: str) -> None:
    assert code in FAULTS
    english, spanish = (load_language(name, "USD").translate for name in ("en", "es"))
    assert fault_text(code, english) != fault_text(code, spanish)


@pytest.mark.parametrize("hint", Hint)
def test_every_hint_has_words(hint: Hint) -> None:
    assert hint.value in HINTS
    texts = {
        hint_text(hint.value, Inputs(sample(ScreenState.SCANNING), load_language(code, "USD")))
        for code in ("en", "es")
    }
    assert len(texts) == 2, "not translated"


def test_unknown_codes_are_calm() -> None:
    assert say(Notice(code="flux"), "en") == "Something did not go as planned. Nothing is lost."
    assert say(Notice(code="device_fault", fault_code="flux"), "en") == (
        "The machine needs attention from our staff."
    )


def test_a_notice_names_the_amount_or_the_limit() -> None:
    too_large = Notice(code="bill_over_limit", amount_minor=5_000)
    assert say(too_large, "en").endswith("The largest we can take now is $50.")
    assert "limit" in say(Notice(code="bill_over_limit", amount_minor=0), "en")


def test_too_little_names_the_least_that_can_be_sent() -> None:
    assert say(Notice(code="amount_too_small", amount_minor=350), "en") == (
        "Too little to send: at least $3.50 is needed. Insert more, or press Finish again and"
        " our staff will settle it with you."
    )
    assert "$" not in say(Notice(code="amount_too_small"), "en")


def say(notice: Notice, language: str) -> str:
    inputs = Inputs(sample(ScreenState.INSERTING), load_language(language, "USD"))
    return notice_text(notice, inputs)


def messages(path: Path) -> list[tuple[str, str, ET.Element]]:
    root = ET.parse(path).getroot()  # noqa: S314 - our own file
    return [
        (context.findtext("name", ""), message.findtext("source", ""), message)
        for context in root.iter("context")
        for message in context.iter("message")
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_text_is_translated_with_the_same_blanks(path: Path) -> None:
    for context, source, message in messages(path):
        translation = message.find("translation")
        assert translation is not None
        assert translation.get("type") is None, f"{context}: {source!r} is not finished"
        assert blanks(translation.text or "") == blanks(source), source


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_translations_hold_exactly_the_texts_of_the_screen(path: Path, tmp_path: Path) -> None:
    fresh = tmp_path / path.name
    shutil.copy(path, fresh)
    command = [TOOLS / "lupdate", "-silent", "-locations", "none", "-no-obsolete"]
    subprocess.run([*command, "-extensions", "py,qml", UI, "-ts", fresh], check=True)
    ours = {(context, source) for context, source, _ in messages(path)}
    theirs = {(context, source) for context, source, _ in messages(fresh)}
    assert ours == theirs, (
        "run `pyside6-lupdate -locations none -no-obsolete -extensions py,qml ui -ts "
        f"ui/translations/{path.name}` and translate what is new"
    )
