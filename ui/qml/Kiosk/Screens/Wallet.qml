import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme
import Kiosk.ViewModels

PageLayout {
    id: root

    required property SaleViewModel sale

    WalletCard {
        Layout.fillWidth: true
        sale: root.sale
        size: Theme.addressSize
        cells: true
    }

    Item {
        Layout.fillHeight: true
    }
}
