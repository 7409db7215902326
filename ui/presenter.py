"""From snapshots and the clock to what is shown.

Responsible for: the latest snapshot, its language, whether the core is away, and showing all view models the
same moment.
Not responsible for: how any of it looks.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from kiosk.screen_link.preview import CameraFrame
from kiosk.screen_link.snapshot import Snapshot
from ui.inputs import Inputs
from ui.language import Language, load_language
from ui.pages.away import derive_away_page
from ui.pages.camera import derive_camera
from ui.pages.frame import derive_frame
from ui.pages.page import Page
from ui.pages.proof import derive_proof
from ui.pages.sale import derive_sale
from ui.pages.table import derive_page
from ui.steady_hint import SteadyHint
from ui.view_models.camera_view_model import CameraViewModel
from ui.view_models.frame_view_model import FrameViewModel
from ui.view_models.page_view_model import PageViewModel
from ui.view_models.proof_view_model import ProofViewModel
from ui.view_models.sale_view_model import SaleViewModel

AWAY = "core_away"
SCAN = "scan"  # the page that shows the camera's picture


class Presenter(QObject):
    wished = Signal(object)  # an Intent
    language_changed = Signal(object)  # Language
    changing = Signal()  # another state comes next; what is shown is still the old one
    changed = Signal(str)  # the state now shown
    scanning = Signal(bool)  # whether the camera's picture is wanted

    def __init__(self, monotonic_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._monotonic_ms = monotonic_ms
        self.page = PageViewModel(monotonic_ms, self)
        self.sale = SaleViewModel(self)
        self.proof = ProofViewModel(self)
        self.frame = FrameViewModel(self)
        self.camera = CameraViewModel(self)
        self.page.wished.connect(self.wished)
        self.frame.wished.connect(self.wished)
        self._snapshot: Snapshot | None = None
        self._language: Language | None = None
        self._snapshot_at_ms = 0
        self._away_since_ms: int | None = monotonic_ms()
        self._state = ""
        self._is_scanning = False
        self._seen: CameraFrame | None = None
        self._hint = SteadyHint()

    def view_models(self) -> dict[str, Any]:
        return {
            "page": self.page, "sale": self.sale, "proof": self.proof, "frame": self.frame,
            "camera": self.camera,
        }  # fmt: skip

    def receive(self, snapshot: Snapshot) -> None:
        self._announce_change_to(snapshot.state.value)
        self._snapshot, self._snapshot_at_ms = snapshot, self._monotonic_ms()
        self._away_since_ms = None
        self._speak(load_language(snapshot.language, snapshot.currency))
        self.refresh()
        self._tell(snapshot.state.value)

    def lose_core(self) -> None:
        if self._away_since_ms is not None and self._state == AWAY:
            return
        self._announce_change_to(AWAY)
        self._away_since_ms = self._monotonic_ms()
        self.refresh()
        self._tell(AWAY)

    def see(self, frame: CameraFrame | None) -> None:
        """The camera's newest picture; None when there is none."""
        was_shown = self._seen is not None
        self._seen = frame if self._is_scanning else None
        self._show_camera()
        if was_shown != (self._seen is not None):
            self.refresh()

    def latest_frame(self) -> CameraFrame | None:
        return self._seen

    def refresh(self) -> None:
        """Derive everything again: the time has moved."""
        inputs = self._inputs()
        if inputs is None:
            self._turn_to(derive_away_page(None, 0))
            return
        away_since_ms = self._away_since_ms
        self.frame.show(derive_frame(inputs))
        self.sale.show(derive_sale(inputs))
        self.proof.show(derive_proof(inputs, away=away_since_ms is not None))
        if away_since_ms is None:
            self._turn_to(derive_page(inputs))
        else:
            self._turn_to(derive_away_page(inputs, self._monotonic_ms() - away_since_ms))

    def _inputs(self) -> Inputs | None:
        if self._snapshot is None or self._language is None:
            return None
        since_ms = self._monotonic_ms() - self._snapshot_at_ms
        return Inputs(
            self._snapshot,
            self._language,
            since_snapshot_ms=since_ms,
            shows_camera=self._seen is not None,
        )

    def _turn_to(self, page: Page) -> None:
        self.page.show(page)
        is_scanning = page.screen == SCAN
        if is_scanning != self._is_scanning:
            self._is_scanning, self._hint = is_scanning, SteadyHint()
            self._seen = None  # not the customer before
            self._show_camera()
            self.scanning.emit(is_scanning)

    def _show_camera(self) -> None:
        inputs = self._inputs()
        if inputs is not None:
            hint = self._hint.hear(self._seen.hint if self._seen else "", self._monotonic_ms())
            self.camera.show(derive_camera(self._seen, hint, inputs))

    def _speak(self, language: Language) -> None:
        if language is not self._language:
            self._language = language
            self.language_changed.emit(language)

    def _announce_change_to(self, state: str) -> None:
        if state != self._state:
            self.changing.emit()

    def _tell(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.changed.emit(state)
