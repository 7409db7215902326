"""What the customer takes away, for QML."""
# ruff: noqa: N802, N815 - QML names are camelCase

from dataclasses import asdict

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from ui.pages.proof import Proof
from ui.view_models.props import QVariantList, announce_changes

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ProofViewModel(QObject):
    claimCodeChanged = Signal()
    rowsChanged = Signal()
    receiptChanged = Signal()
    quoteLineChanged = Signal()
    callLineChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proof = Proof()

    def show(self, proof: Proof) -> None:
        old, self._proof = self._proof, proof
        announce_changes(self, old, proof)

    @Property(str, notify=claimCodeChanged)
    def claimCode(self) -> str:
        return self._proof.claim_code

    @Property(QVariantList, notify=rowsChanged)
    def rows(self) -> list[dict[str, object]]:
        return [asdict(each) for each in self._proof.rows]

    @Property(str, notify=receiptChanged)
    def receipt(self) -> str:
        return self._proof.receipt

    @Property(str, notify=quoteLineChanged)
    def quoteLine(self) -> str:
        return self._proof.quote_line

    @Property(str, notify=callLineChanged)
    def callLine(self) -> str:
        return self._proof.call_line
