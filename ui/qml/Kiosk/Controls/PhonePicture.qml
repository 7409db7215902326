import QtQuick
import Kiosk.Theme

// A phone with a code on its screen, held before the camera's eye.
Item {
    id: picture

    readonly property var pattern: [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1]

    implicitWidth: 520
    implicitHeight: 420

    Rectangle {
        x: 200
        y: 10
        width: 120
        height: 60
        radius: 30
        color: Theme.surface
        border.width: 3
        border.color: Theme.line

        Rectangle {
            anchors.centerIn: parent
            width: 34
            height: 34
            radius: 17
            color: Theme.accent
        }
    }

    Rectangle {
        id: phone

        x: 160
        y: 110
        width: 200
        height: 300
        radius: 28
        color: Theme.background
        border.width: 8
        border.color: Theme.quietText

        Rectangle {
            id: code

            anchors.centerIn: parent
            width: 150
            height: 150
            radius: 8
            color: Theme.text

            Grid {
                anchors.centerIn: parent
                columns: 5
                spacing: 2

                Repeater {
                    model: picture.pattern

                    Rectangle {
                        required property int modelData

                        width: 24
                        height: 24
                        color: modelData === 1 ? Theme.background : "transparent"
                    }
                }
            }

            Rectangle {
                x: -14
                width: code.width + 28
                height: 6
                radius: 3
                y: 72
                color: Theme.accent

                SequentialAnimation on y {
                    running: !Theme.still
                    loops: Animation.Infinite

                    NumberAnimation {
                        from: 4
                        to: 140
                        duration: Theme.loopMs
                        easing.type: Easing.InOutQuad
                    }
                    NumberAnimation {
                        from: 140
                        to: 4
                        duration: Theme.loopMs
                        easing.type: Easing.InOutQuad
                    }
                }
            }
        }
    }
}
