import QtQuick
import Kiosk.Theme

Rectangle {
    id: bar

    property alias text: words.text

    visible: text !== ""
    color: Theme.surface
    radius: Theme.radius
    border.width: 3
    border.color: Theme.accent
    implicitHeight: words.implicitHeight

    Label {
        id: words

        width: bar.width
        padding: Theme.landscape ? 12 : 28
        font.weight: Font.DemiBold
        Accessible.role: Accessible.AlertMessage
    }
}
