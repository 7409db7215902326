import QtQuick
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
            width: parent.width
            rows: root.sale.priceRows
        },
        WalletCard {
            width: parent.width
            sale: root.sale
        }
    ]
}
