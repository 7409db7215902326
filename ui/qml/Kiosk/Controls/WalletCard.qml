import QtQuick
import QtQuick.Layouts
import Kiosk.Theme
import Kiosk.ViewModels

Card {
    id: card

    required property SaleViewModel sale
    property int size: Theme.smallSize

    visible: groups.count > 0

    Label {
        Layout.fillWidth: true
        text: qsTr("To this wallet")
        color: Theme.quietText
        font.pixelSize: Theme.smallSize
    }

    AddressGroups {
        id: groups

        Layout.fillWidth: true
        groups: card.sale.addressGroups
        size: card.size
    }
}
