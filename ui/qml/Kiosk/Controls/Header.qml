import QtQuick
import QtQuick.Layouts
import Kiosk.Theme
import Kiosk.ViewModels

RowLayout {
    id: header

    required property FrameViewModel frame

    spacing: Theme.gap

    GridLayout {
        Layout.fillWidth: true
        columns: Theme.landscape ? 2 : 1
        columnSpacing: Theme.gap
        rowSpacing: 4

        Label {
            Layout.fillWidth: !Theme.landscape
            text: header.frame.place
            font.pixelSize: Theme.smallSize
            font.weight: Font.DemiBold
        }

        Label {
            Layout.fillWidth: true
            text: header.frame.helpLine
            color: Theme.quietText
            font.pixelSize: Theme.smallSize
        }
    }

    DeadlineRing {
        text: header.frame.ringText
        fraction: header.frame.ringFraction
        spoken: header.frame.ringSpoken
    }
}
