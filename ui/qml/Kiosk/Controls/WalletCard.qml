import QtQuick
import Kiosk.Theme
import Kiosk.ViewModels

Card {
    id: card

    required property SaleViewModel sale
    property int size: Theme.smallSize
    property bool cells: false

    visible: groups.count > 0

    Label {
        width: parent.width
        text: qsTr("To this wallet")
        color: Theme.quietText
        font.pixelSize: Theme.smallSize
    }

    AddressGroups {
        id: groups

        width: parent.width
        groups: card.sale.addressGroups
        size: card.size
        cells: card.cells
    }
}
