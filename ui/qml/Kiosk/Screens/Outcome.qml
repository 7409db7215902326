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
        label: qsTr("You receive")
        value: root.sale.coinAmount
        unit: root.sale.coinUnit
        accented: true
    }

    ClaimCode {
        Layout.fillWidth: true
        proof: root.proof
    }

    Label {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.proof.receipt
        font.weight: Font.DemiBold
    }

    Picture {
        name: root.page.picture
    }

    Item {
        visible: root.page.picture === "none"
        Layout.fillHeight: true
    }

    aside: [
        RowsCard {
            Layout.fillWidth: true
            rows: root.proof.rows
        },
        WalletCard {
            Layout.fillWidth: true
            sale: root.sale
        }
    ]
}
