import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.ViewModels

// One thing to do or to wait for, with a picture of it.
PageLayout {
    id: root

    required property SaleViewModel sale

    Picture {
        name: root.page.picture
    }

    aside: [
        RowsCard {
            Layout.fillWidth: true
            rows: root.sale.priceRows
        },
        WalletCard {
            Layout.fillWidth: true
            sale: root.sale
        }
    ]
}
