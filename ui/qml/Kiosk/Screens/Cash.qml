import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.ViewModels

PageLayout {
    id: root

    required property SaleViewModel sale

    Picture {
        name: root.page.picture
    }

    Item {
        visible: root.page.picture === "none"
        Layout.fillHeight: true
    }

    SaleHeroes {
        Layout.fillWidth: true
        sale: root.sale
    }

    aside: [
        RowsCard {
            width: parent.width
            rows: root.sale.priceRows
        },
        WalletCard {
            width: parent.width
            sale: root.sale
        }
    ]
}
