import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.ViewModels

// Something is not as it should be: what is safe, what happens next, whom to call.
PageLayout {
    id: root

    required property SaleViewModel sale
    required property ProofViewModel proof

    ClaimCode {
        Layout.fillWidth: true
        proof: root.proof
    }

    Label {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.proof.callLine
        font.weight: Font.DemiBold
    }

    Picture {
        name: root.page.picture
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
