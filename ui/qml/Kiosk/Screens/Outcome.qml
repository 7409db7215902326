import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.ViewModels

// How a sale ends: what was sent, what is proof of it.
PageLayout {
    id: root

    required property SaleViewModel sale
    required property ProofViewModel proof

    Hero {
        Layout.fillWidth: true
        visible: root.sale.coinAmount !== ""
        label: root.sale.coinLabel
        value: root.sale.coinAmount
        unit: root.sale.coinUnit
        accented: true
    }

    ClaimCode {
        Layout.fillWidth: true
        proof: root.proof
    }

    Picture {
        name: root.page.picture
    }

    Item {
        visible: root.page.picture === "none"
        Layout.fillHeight: true
    }

    aside: [
        Label {
            width: parent.width
            visible: text !== ""
            text: root.proof.receipt
            font.weight: Font.DemiBold
        },
        RowsCard {
            width: parent.width
            rows: root.proof.rows
        },
        WalletCard {
            width: parent.width
            sale: root.sale
        }
    ]
}
