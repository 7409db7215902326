import QtQuick
import Kiosk.Theme

Item {
    implicitWidth: 520
    implicitHeight: 420

    Rectangle {
        anchors.centerIn: parent
        width: 250
        height: 250
        radius: 125
        color: Theme.accent

        Rectangle {
            anchors.fill: parent
            anchors.margins: 18
            radius: width / 2
            color: "transparent"
            border.width: 6
            border.color: Theme.textOnAccent
        }

        Label {
            anchors.centerIn: parent
            text: "₿"
            color: Theme.textOnAccent
            font.pixelSize: 150
            font.weight: Font.DemiBold
            Accessible.ignored: true
        }
    }
}
