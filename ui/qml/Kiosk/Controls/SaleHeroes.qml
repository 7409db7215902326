import QtQuick
import QtQuick.Layouts
import Kiosk.Theme
import Kiosk.ViewModels

// Cash in, and what is received for it: the two numbers of a sale.
GridLayout {
    id: heroes

    required property SaleViewModel sale

    columns: Theme.landscape ? 2 : 1
    columnSpacing: Theme.margin
    rowSpacing: Theme.smallGap

    Hero {
        Layout.fillWidth: true
        Layout.preferredWidth: 2
        label: qsTr("Cash in")
        value: heroes.sale.credited
    }

    Hero {
        Layout.fillWidth: true
        Layout.preferredWidth: 5
        label: heroes.sale.coinLabel
        value: heroes.sale.coinAmount
        unit: heroes.sale.coinUnit
        accented: true
    }
}
