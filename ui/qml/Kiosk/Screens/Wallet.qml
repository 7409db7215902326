import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme
import Kiosk.ViewModels

PageLayout {
    id: root

    required property SaleViewModel sale
    readonly property bool crowded: root.page.notice !== ""
    readonly property int smaller: Theme.landscape ? Theme.smallSize : Theme.bodySize

    WalletCard {
        Layout.fillWidth: true
        sale: root.sale
        caption: root.sale.walletCaption
        size: root.crowded ? root.smaller : Theme.addressSize
        columns: root.crowded ? 6 : 4
    }

    Label {
        objectName: "meaning"
        Layout.fillWidth: true
        text: root.page.meaning
        font.pixelSize: root.crowded ? root.smaller : Theme.landscape ? Theme.bodySize : Theme.buttonSize
        font.weight: Font.DemiBold
    }

    Item {
        Layout.fillHeight: true
    }

    aside: [
        Label {
            width: parent.width
            visible: text !== ""
            text: root.sale.walletClaims
            color: Theme.quietText
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap // also within a word, which may be a stranger's
        }
    ]
}
