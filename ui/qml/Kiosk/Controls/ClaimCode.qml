import QtQuick
import Kiosk.Theme
import Kiosk.ViewModels

Card {
    id: card

    required property ProofViewModel proof

    visible: proof.claimCode !== ""

    Label {
        width: parent.width
        text: qsTr("Your claim code")
        color: Theme.quietText
    }

    Label {
        objectName: "claimCode"
        width: parent.width
        text: card.proof.claimCode
        color: Theme.accent
        font.pixelSize: Theme.codeSize
        font.weight: Font.DemiBold
        font.features: {
            "tnum": 1,
            "zero": 1
        }
        wrapMode: Text.NoWrap
    }

    Label {
        width: parent.width
        text: card.proof.quoteLine
        color: Theme.quietText
        font.pixelSize: Theme.smallSize
    }
}
