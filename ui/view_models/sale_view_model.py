"""What has happened so far in this sale, for QML."""
# ruff: noqa: N802, N815 - QML names are camelCase

from dataclasses import asdict

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from ui.pages.sale import Sale
from ui.view_models.props import QVariantList, announce_changes

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class SaleViewModel(QObject):
    creditedChanged = Signal()
    coinAmountChanged = Signal()
    coinUnitChanged = Signal()
    coinLabelChanged = Signal()
    priceRowsChanged = Signal()
    addressGroupsChanged = Signal()
    walletCaptionChanged = Signal()
    walletClaimsChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sale = Sale()

    def show(self, sale: Sale) -> None:
        old, self._sale = self._sale, sale
        announce_changes(self, old, sale)

    @Property(str, notify=creditedChanged)
    def credited(self) -> str:
        return self._sale.credited

    @Property(str, notify=coinAmountChanged)
    def coinAmount(self) -> str:
        return self._sale.coin_amount

    @Property(str, notify=coinUnitChanged)
    def coinUnit(self) -> str:
        return self._sale.coin_unit

    @Property(str, notify=coinLabelChanged)
    def coinLabel(self) -> str:
        return self._sale.coin_label

    @Property(QVariantList, notify=priceRowsChanged)
    def priceRows(self) -> list[dict[str, object]]:
        return [asdict(each) for each in self._sale.price_rows]

    @Property(QVariantList, notify=addressGroupsChanged)
    def addressGroups(self) -> list[dict[str, object]]:
        return [asdict(each) for each in self._sale.address_groups]

    @Property(str, notify=walletCaptionChanged)
    def walletCaption(self) -> str:
        return self._sale.wallet_caption

    @Property(str, notify=walletClaimsChanged)
    def walletClaims(self) -> str:
        return self._sale.wallet_claims
