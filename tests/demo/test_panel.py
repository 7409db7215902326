"""The device panel: what is heard becomes what is seen, what is clicked becomes what is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import parse_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode
from stater_demo.desk import Desk
from stater_demo.panel import window
from stater_demo.panel.backend import Panel
from stater_demo.panel.codes import code_texts, qr_picture
from stater_demo.panel.view import LOG_LINES_MAX, Payment, View, hear, show_payments

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


def test_a_receipt_hangs_out_of_the_printer_when_it_is_cut(tmp_path: Path) -> None:
    picture = tmp_path / "receipt-001.png"
    event = {"event": "receipt", "png": str(picture), "txt": "receipt-001.txt", "partial": False}
    view = hear(View(), "printer", event)
    assert (view.receipt, view.receipts) == (picture.as_uri(), 1)
    assert view.log == ("printer: receipt",)


def test_a_jam_is_seen_until_it_is_cleared() -> None:
    jammed = hear(View(), "bill-acceptor", {"event": "jammed", "value": 20, "where": "stacker"})
    assert jammed.acceptor_jammed
    assert jammed.log == ("bill-acceptor: jammed (value 20, where stacker)",)
    assert not hear(jammed, "bill-acceptor", {"event": "cleared"}).acceptor_jammed


def test_a_core_that_ends_by_itself_can_be_switched_on_again() -> None:
    view = hear(View(), "kiosk-core", {"event": "ended"})
    assert (view.core_running, view.log) == (False, ("kiosk-core: ended",))


def test_the_log_keeps_the_newest_lines_only() -> None:
    view = View()
    for value in range(LOG_LINES_MAX + 5):
        view = hear(view, "bill-acceptor", {"event": "inserted", "value": value})
    assert len(view.log) == LOG_LINES_MAX
    assert view.log[0] == f"bill-acceptor: inserted (value {LOG_LINES_MAX + 4})"


@pytest.mark.parametrize(
    ("confirmations", "words"),
    [
        (0, "0.00057142 BTC on its way, not in a block yet"),
        (1, "0.00057142 BTC confirmed by 1 block"),
        (6, "0.00057142 BTC confirmed by 6 blocks"),
    ],
)
def test_a_payment_is_said_in_words(confirmations: int, words: str) -> None:
    view = show_payments(View(), (Payment("ab" * 32, 57_142, confirmations),))
    assert view.payments == (words,)


def test_the_phones_own_code_is_payable_and_the_wrong_ones_are_not() -> None:
    texts = code_texts(ADDRESS)
    own = parse_payload(texts["own"], "regtest")
    assert isinstance(own, Destination)
    assert own.address == ADDRESS
    for name, why in (
        ("wrong_network", RefusalCode.WRONG_NETWORK),
        ("wrong_letter", RefusalCode.BAD_ADDRESS),
    ):
        refusal = parse_payload(texts[name], "regtest")
        assert isinstance(refusal, PayloadRefusal)
        assert refusal.code is why


def test_the_codes_picture_has_a_quiet_zone_around_it() -> None:
    svg = qr_picture("bitcoin:x")
    assert "viewBox%3D%220%200%2029%2029%22" in svg  # version 1: 21 modules, and 4 on each side


class _Part:
    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, line: str) -> None:
        self.told.append(line)


class _Phone:
    def __init__(self) -> None:
        self.addresses = iter(
            [ADDRESS, "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry"]
        )

    def new_address(self) -> str:
        return next(self.addresses)


class _Cable:
    is_cut = False

    def cut(self) -> None:
        self.is_cut = True

    def restore(self) -> None:
        self.is_cut = False


@dataclass
class _Desk:
    """A desk whose parts only listen."""

    parts: dict[str, _Part] = field(
        default_factory=lambda: {name: _Part() for name in ("bill-acceptor", "camera", "printer")}
    )
    phone: _Phone = field(default_factory=_Phone)
    cable: _Cable = field(default_factory=_Cable)
    node: None = None
    powered: bool = True

    def cut_power(self) -> None:
        self.powered = False

    def start_core(self) -> None:
        self.powered = True


@pytest.fixture
def desk() -> _Desk:
    return _Desk()


@pytest.fixture
def panel(desk: _Desk, qapp: object) -> Panel:
    return Panel(cast("Desk", desk))


def test_bills_and_faults_are_words_to_the_slot(desk: _Desk, panel: Panel) -> None:
    panel.insertBill(20)
    panel.jam()
    panel.clearJam()
    panel.toggleAcceptorPlug()
    assert desk.parts["bill-acceptor"].told == ["insert 20", "jam", "clear", "unplug"]


def test_the_phone_is_held_up_changed_and_taken_away(desk: _Desk, panel: Panel) -> None:
    own = f"show bitcoin:{ADDRESS}"
    panel.togglePhone()
    panel.chooseCode("blurred")
    panel.togglePhone()
    assert desk.parts["camera"].told == [own, own, "blur", "hide"]


def test_a_new_address_is_shown_to_the_camera_only_while_the_phone_is_held(
    desk: _Desk, panel: Panel
) -> None:
    panel.newAddress()
    assert desk.parts["camera"].told == []
    assert panel.view["phone_text"].endswith("zf4jry")


def test_network_power_and_paper_go_and_come_back(desk: _Desk, panel: Panel) -> None:
    for toggle in (panel.toggleNetwork, panel.togglePower, panel.togglePaper):
        toggle()
    assert (desk.cable.is_cut, desk.powered) == (True, False)
    assert not panel.view["network_plugged"]
    for toggle in (panel.toggleNetwork, panel.togglePower, panel.togglePaper):
        toggle()
    assert (desk.cable.is_cut, desk.powered) == (False, True)
    assert desk.parts["printer"].told == ["paper-out", "load-paper"]


def test_what_a_part_says_in_its_thread_arrives_in_the_window(panel: Panel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.view_changed, timeout=2_000):
        panel.part_spoke.emit("bill-acceptor", {"event": "unplugged"})
    assert panel.view["acceptor_plugged"] is False


def test_closing_the_kiosks_window_ends_the_demo(panel: Panel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.kiosk_closed, timeout=2_000):
        panel.part_spoke.emit("kiosk-screen", {"event": "ended"})


@pytest.fixture
def shown(panel: Panel) -> Iterator[QQuickWindow]:
    engine = window.load(panel)
    root = engine.rootObjects()[0]
    assert isinstance(root, QQuickWindow)
    yield root
    root.close()
    engine.deleteLater()


def test_the_window_loads_and_draws_every_card(shown: QQuickWindow, qtbot: QtBot) -> None:
    qtbot.waitExposed(shown)
    picture = shown.grabWindow()
    assert (picture.width(), picture.height()) == (shown.width(), shown.height())
    colours = {picture.pixelColor(x, 300).name() for x in range(0, picture.width(), 5)}
    assert len(colours) > 5  # not a blank window


def test_a_click_on_a_button_reaches_the_hands(
    shown: QQuickWindow, desk: _Desk, qtbot: QtBot
) -> None:
    qtbot.waitExposed(shown)
    (button,) = [
        item
        for item in shown.findChildren(QQuickItem)
        if item.metaObject().className().startswith("DeskButton")
        and item.property("text") == "Pull its plug"
    ]
    middle = button.mapToScene(QPointF(button.width() / 2, button.height() / 2)).toPoint()
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=middle)
    assert desk.parts["bill-acceptor"].told == ["unplug"]
