import QtQuick
import Kiosk.Theme
import Kiosk.ViewModels

Card {
    id: card

    required property SaleViewModel sale
    property int size: Theme.smallSize
    property int columns: 0
    property string caption: qsTr("To this wallet")

    visible: groups.count > 0

    Label {
        width: parent.width
        text: card.caption
        color: Theme.quietText
        font.pixelSize: Theme.smallSize
    }

    AddressGroups {
        id: groups

        width: parent.width
        groups: card.sale.addressGroups
        size: card.size
        columns: card.columns
    }
}
