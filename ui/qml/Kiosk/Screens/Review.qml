import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme
import Kiosk.ViewModels

PageLayout {
    id: root

    required property SaleViewModel sale

    SaleHeroes {
        Layout.fillWidth: true
        sale: root.sale
    }

    WalletCard {
        Layout.fillWidth: true
        sale: root.sale
        size: Theme.bodySize
    }

    Item {
        Layout.fillHeight: true
    }

    aside: [
        RowsCard {
            Layout.fillWidth: true
            rows: root.sale.priceRows
        }
    ]
}
