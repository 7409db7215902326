import QtQuick
import Kiosk.Theme

// A receipt coming out of the printer's mouth.
Item {
    implicitWidth: 520
    implicitHeight: 420

    Item {
        y: 110
        width: parent.width
        height: parent.height - y
        clip: true

        Rectangle {
            id: paper

            x: 170
            y: -10
            width: 180
            height: 270
            color: Theme.text

            Column {
                x: 24
                y: 50
                spacing: 22

                Repeater {
                    model: [132, 90, 132, 110, 60]

                    Rectangle {
                        required property int modelData

                        width: modelData
                        height: 10
                        color: Theme.line
                    }
                }
            }

            SequentialAnimation on y {
                running: !Theme.still
                loops: Animation.Infinite

                NumberAnimation {
                    from: -270
                    to: -10
                    duration: Theme.loopMs
                    easing.type: Easing.OutCubic
                }
                PauseAnimation {
                    duration: 1200
                }
            }
        }
    }

    Rectangle {
        x: 60
        y: 40
        width: 400
        height: 76
        radius: 24
        color: Theme.surface
        border.width: 3
        border.color: Theme.line

        Rectangle {
            x: 80
            y: parent.height - 22
            width: 240
            height: 12
            radius: 6
            color: Theme.accent
        }
    }
}
