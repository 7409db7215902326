pragma ComponentBehavior: Bound

import QtQuick
import Kiosk.Theme

// An address reads from left to right in every language.
Flow {
    id: address

    required property var groups
    readonly property alias count: repeater.count
    property int size: Theme.smallSize
    property int columns: 0 // for comparing; 0: one group after the other

    readonly property real cellWidth: Math.floor((width - (columns - 1) * spacing) / columns)

    spacing: address.columns > 0 ? address.size * 0.3 : address.size * 0.45
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    Repeater {
        id: repeater

        model: address.groups

        Label {
            required property var modelData

            width: address.columns > 0 ? address.cellWidth : implicitWidth
            text: modelData.text
            color: modelData.strong ? Theme.accent : Theme.quietText
            font.pixelSize: address.size
            font.weight: modelData.strong ? Font.DemiBold : Font.Normal
            // Slashed zero, tailed l, serifed I: characters that must not be mistaken.
            font.features: {
                "tnum": 1,
                "zero": 1,
                "cv05": 1,
                "cv08": 1
            }
            wrapMode: Text.NoWrap
        }
    }
}
