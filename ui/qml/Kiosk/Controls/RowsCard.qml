import QtQuick
import QtQuick.Layouts
import Kiosk.Theme

Card {
    id: card

    required property var rows

    visible: lines.count > 0

    Repeater {
        id: lines

        model: card.rows

        RowLayout {
            id: row

            required property var modelData

            width: parent.width
            spacing: Theme.smallGap

            Label {
                Layout.alignment: Qt.AlignTop
                text: row.modelData.label
                color: Theme.quietText
                font.pixelSize: Theme.smallSize
            }

            Label {
                Layout.fillWidth: true
                text: row.modelData.value
                font.pixelSize: Theme.smallSize
                horizontalAlignment: Text.AlignRight
            }
        }
    }
}
