import QtQuick
import QtQuick.Layouts
import Kiosk.Theme

// A number to be read from two steps away. It shrinks rather than being cut.
Column {
    id: hero

    property alias label: label.text
    property alias value: value.text
    property alias unit: unit.text
    property bool accented: false
    property int size: Theme.heroSize

    spacing: 0

    Label {
        id: label

        width: hero.width
        color: Theme.quietText
    }

    RowLayout {
        width: hero.width
        spacing: Theme.smallGap

        Label {
            id: value

            Layout.fillWidth: true
            Layout.minimumWidth: 0
            Layout.maximumWidth: implicitWidth
            color: hero.accented ? Theme.accent : Theme.text
            font.pixelSize: hero.size
            font.weight: Font.DemiBold
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.smallSize
            wrapMode: Text.NoWrap
        }

        Label {
            id: unit

            Layout.alignment: Qt.AlignBaseline
            visible: text !== ""
            color: Theme.quietText
            font.pixelSize: Theme.buttonSize
            wrapMode: Text.NoWrap
        }

        Item {
            Layout.fillWidth: true
        }
    }
}
