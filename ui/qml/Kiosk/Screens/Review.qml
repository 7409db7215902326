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
        size: Theme.landscape || root.page.notice !== "" ? Theme.smallSize : Theme.bodySize
    }

    Item {
        Layout.fillHeight: true
    }

    aside: [
        RowsCard {
            width: parent.width
            rows: root.sale.priceRows
        }
    ]
}
