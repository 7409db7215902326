"""The device panel's hands: what each button does to the desk, and where what is heard ends up.

Everything here runs in the Qt thread; what parts say in their own threads comes through a queued signal.
"""

from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import Property, QObject, Qt, Signal, Slot

from stater_demo.desk import Desk
from stater_demo.panel import view as room
from stater_demo.panel.codes import code_texts, qr_picture
from stater_demo.panel.view import Payment, View
from stater_demo.part import Event
from stater_demo.problem import DemoProblem

# Qt's own name for a map, which the type stubs do not know as one.
QVariantMap: Any = "QVariantMap"


class Panel(QObject):
    view_changed = Signal()
    part_spoke = Signal(str, object)  # name, event; from any thread
    kiosk_closed = Signal()
    payments_seen = Signal(object)  # tuple[Payment, ...]; from any thread

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._view = View(has_node=desk.node is not None)
        self._address = desk.phone.new_address()
        self._choose_code("own")
        queued = Qt.ConnectionType.QueuedConnection
        self.part_spoke.connect(self._hear, queued)
        self.payments_seen.connect(self._show_payments, queued)

    @Property(QVariantMap, notify=view_changed)
    def view(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self._view).items()
        }

    # --- the slot ---------------------------------------------------------------------------------

    @Slot(int)
    def insertBill(self, value: int) -> None:  # noqa: N802 (QML's way of naming)
        self._tell("bill-acceptor", f"insert {value}")

    @Slot()
    def jam(self) -> None:
        self._tell("bill-acceptor", "jam")
        self._see(room.note(self._view, "you: the next bill that moves will stick"))

    @Slot()
    def clearJam(self) -> None:  # noqa: N802
        self._tell("bill-acceptor", "clear")

    @Slot()
    def toggleAcceptorPlug(self) -> None:  # noqa: N802
        self._tell("bill-acceptor", "unplug" if self._view.acceptor_plugged else "plug")

    # --- the phone --------------------------------------------------------------------------------

    @Slot(str)
    def chooseCode(self, code: str) -> None:  # noqa: N802
        self._choose_code(code)
        if self._view.phone_held:
            self._show_to_camera()

    @Slot()
    def newAddress(self) -> None:  # noqa: N802
        self._address = self._desk.phone.new_address()
        self.chooseCode("own")

    @Slot()
    def togglePhone(self) -> None:  # noqa: N802
        held = not self._view.phone_held
        self._see(replace(self._view, phone_held=held))
        if held:
            self._show_to_camera()
        else:
            self._tell("camera", "hide")

    # --- the printer ------------------------------------------------------------------------------

    @Slot()
    def togglePaper(self) -> None:  # noqa: N802
        loaded = not self._view.paper_loaded
        self._tell("printer", "load-paper" if loaded else "paper-out")
        self._see(replace(self._view, paper_loaded=loaded))

    @Slot()
    def takeReceipt(self) -> None:  # noqa: N802
        self._see(replace(self._view, receipt=""))

    # --- the network and the power ----------------------------------------------------------------

    @Slot()
    def toggleNetwork(self) -> None:  # noqa: N802
        plugged = not self._view.network_plugged
        if plugged:
            self._desk.cable.restore()
        else:
            self._desk.cable.cut()
        words = "plug the network in again" if plugged else "pull the network cable"
        self._see(replace(room.note(self._view, f"you: {words}"), network_plugged=plugged))

    @Slot()
    def togglePower(self) -> None:  # noqa: N802
        running = not self._view.core_running
        words = "switch the kiosk's computer on" if running else "cut the power of the computer"
        self._see(replace(room.note(self._view, f"you: {words}"), core_running=running))
        if running:
            self._desk.start_core()
        else:
            self._desk.cut_power()

    @Slot()
    def mineBlock(self) -> None:  # noqa: N802
        if self._desk.node is not None:
            self._desk.node.mine(1)

    # --- what is heard ----------------------------------------------------------------------------

    def _hear(self, part: str, event: Event) -> None:
        self._see(room.hear(self._view, part, event))
        if part == "kiosk-screen" and event["event"] == "ended":
            self.kiosk_closed.emit()

    def _show_payments(self, payments: tuple[Payment, ...]) -> None:
        self._see(room.show_payments(self._view, payments))

    def _choose_code(self, code: str) -> None:
        text = code_texts(self._address)[code]
        picture = qr_picture(text)
        self._see(replace(self._view, phone_code=code, phone_text=text, phone_picture=picture))

    def _show_to_camera(self) -> None:
        self._tell("camera", f"show {self._view.phone_text}")
        if self._view.phone_code == "blurred":
            self._tell("camera", "blur")

    def _tell(self, part: str, words: str) -> None:
        try:
            self._desk.parts[part].tell(words)
        except DemoProblem as problem:
            self._see(room.note(self._view, str(problem)))

    def _see(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self.view_changed.emit()
