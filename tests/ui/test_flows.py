"""What a finger sends: (snapshot, screen that is shown, button that is pressed, intent that leaves)."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from kiosk.screen_link.intents import (
    CancelRequested,
    ChooseLanguage,
    DismissRequested,
    FinishRequested,
    InsertMoreRequested,
    Intent,
    ScanAgainRequested,
    SendRequested,
    StartRequested,
    TermsAccepted,
    WalletConfirmed,
)
from kiosk.screen_link.snapshot import CashView, ScreenState, Snapshot
from scene import visible_items
from ui.gallery import Gallery
from ui.pages.table import PAGES
from ui.samples import sample
from ui.view_models.page_view_model import REST_MS

S = ScreenState
NOTHING_IN = {"cash": CashView(limit_minor=50_000, takes_up_to_minor=10_000), "can_finish": False}

FLOW: list[tuple[Snapshot, str, str, Intent]] = [
    (sample(S.IDLE), "idle", "primary", StartRequested()),
    (sample(S.WARNING), "warning", "primary", TermsAccepted()),
    (sample(S.WARNING), "warning", "leave", CancelRequested()),
    (sample(S.SCANNING), "scan", "leave", CancelRequested()),
    (sample(S.SCANNING_AGAIN), "scan", "leave", CancelRequested()),
    (sample(S.CONFIRMING_WALLET), "wallet", "primary", WalletConfirmed()),
    (sample(S.CONFIRMING_WALLET), "wallet", "secondary", ScanAgainRequested()),
    (sample(S.CONFIRMING_WALLET), "wallet", "leave", CancelRequested()),
    (sample(S.QUOTING), "steps", "leave", CancelRequested()),
    (sample(S.PREPARING), "steps", "leave", CancelRequested()),
    (sample(S.INSERTING, can_cancel=True, **NOTHING_IN), "cash", "leave", CancelRequested()),
    (sample(S.INSERTING), "cash", "primary", FinishRequested()),
    (sample(S.JAMMED, can_finish=True), "trouble", "primary", FinishRequested()),
    (sample(S.REVIEWING), "review", "primary", SendRequested()),
    (sample(S.REVIEWING), "review", "secondary", InsertMoreRequested()),
    (sample(S.PAID), "outcome", "primary", DismissRequested()),
    (sample(S.QUEUED), "outcome", "primary", DismissRequested()),
    (sample(S.DISPUTED), "outcome", "primary", DismissRequested()),
    (sample(S.CANCELLED), "outcome", "primary", DismissRequested()),
]

SILENT = [S.OUT_OF_SERVICE, S.STACKING, S.RETURNING, S.PAYING, S.RECOVERING]


def visible_buttons(gallery: Gallery) -> dict[str, QQuickItem]:
    gallery.grab()
    return {
        item.objectName(): item
        for item in visible_items(gallery.window.contentItem())
        if item.inherits("QQuickAbstractButton")
    }


def touch(gallery: Gallery, button: QQuickItem) -> None:
    centre = button.mapToScene(QPoint(round(button.width() / 2), round(button.height() / 2)))
    QTest.mouseClick(
        gallery.window,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        centre.toPoint(),
    )


@pytest.mark.parametrize(
    ("snapshot", "screen", "button", "intent"),
    FLOW,
    ids=[f"{snapshot.state.value}-{button}" for snapshot, _, button, _ in FLOW],
)
def test_a_touched_button_sends_its_intent(
    portrait: Gallery, snapshot: Snapshot, screen: str, button: str, intent: Intent
) -> None:
    sent: list[Intent] = []
    portrait.presenter.wished.connect(sent.append)
    portrait.presenter.receive(snapshot)
    portrait.advance(REST_MS)
    assert portrait.presenter.page.property("screen") == screen
    touch(portrait, visible_buttons(portrait)[button])
    assert sent == [intent]


def test_the_flow_knows_every_state() -> None:
    assert {snapshot.state for snapshot, *_ in FLOW} | set(SILENT) == set(ScreenState)
    assert set(PAGES) == set(ScreenState)


@pytest.mark.parametrize("state", SILENT)
def test_while_the_machine_works_there_is_nothing_to_touch(
    portrait: Gallery, state: ScreenState
) -> None:
    portrait.presenter.receive(sample(state))
    assert visible_buttons(portrait) == {}


def test_a_second_tap_of_the_same_finger_does_not_accept_the_terms(portrait: Gallery) -> None:
    sent: list[Intent] = []
    portrait.presenter.wished.connect(sent.append)
    portrait.presenter.receive(sample(S.IDLE))
    portrait.advance(REST_MS)
    touch(portrait, visible_buttons(portrait)["primary"])
    portrait.presenter.receive(sample(S.WARNING))
    portrait.advance(REST_MS - 1)
    touch(portrait, visible_buttons(portrait)["primary"])
    assert sent == [StartRequested()]
    portrait.advance(1)
    touch(portrait, visible_buttons(portrait)["primary"])
    assert sent == [StartRequested(), TermsAccepted()]


def test_finish_stays_ready_while_only_the_amount_changes(portrait: Gallery) -> None:
    sent: list[Intent] = []
    portrait.presenter.wished.connect(sent.append)
    portrait.presenter.receive(sample(S.INSERTING))
    portrait.advance(REST_MS)
    more = CashView(credited_minor=6_000, limit_minor=50_000, takes_up_to_minor=10_000)
    portrait.presenter.receive(sample(S.INSERTING, cash=more))
    touch(portrait, visible_buttons(portrait)["primary"])
    assert sent == [FinishRequested()]


def test_a_language_is_a_wish_and_the_snapshot_decides(portrait: Gallery) -> None:
    sent: list[Intent] = []
    portrait.presenter.wished.connect(sent.append)
    portrait.presenter.receive(sample(S.IDLE))
    portrait.grab()
    spanish = next(
        item
        for item in visible_items(portrait.window.contentItem())
        if item.objectName() == "language" and item.property("text") == "Español"
    )
    touch(portrait, spanish)
    assert sent == [ChooseLanguage(language="es")]
    assert headline(portrait) == "Buy bitcoin with cash"
    portrait.presenter.receive(sample(S.IDLE, language="es"))
    assert headline(portrait) == "Compre bitcoin con efectivo"
    assert "Inserte efectivo" in all_texts(portrait)  # a text of QML's own
    portrait.presenter.receive(sample(S.IDLE))
    assert headline(portrait) == "Buy bitcoin with cash"
    assert "Insert cash" in all_texts(portrait)


def headline(gallery: Gallery) -> str:
    return str(gallery.presenter.page.property("headline"))


def all_texts(gallery: Gallery) -> set[str]:
    gallery.grab()
    items = visible_items(gallery.window.contentItem())
    return {item.property("text") for item in items if item.inherits("QQuickText")}
