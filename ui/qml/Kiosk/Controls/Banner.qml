import QtQuick
import Kiosk.Theme

Rectangle {
    id: banner

    property alias text: words.text

    visible: text !== ""
    color: Theme.text
    implicitHeight: visible ? words.implicitHeight : 0

    Label {
        id: words

        width: banner.width
        padding: Theme.landscape ? 8 : 14
        color: Theme.background
        font.pixelSize: Theme.landscape ? 28 : 34
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
    }
}
