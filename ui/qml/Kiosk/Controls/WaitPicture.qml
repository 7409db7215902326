import QtQuick
import Kiosk.Theme

Item {
    implicitWidth: 520
    implicitHeight: 140

    Row {
        anchors.centerIn: parent
        spacing: 44

        Repeater {
            model: 3

            Rectangle {
                id: dot

                required property int index

                width: 44
                height: 44
                radius: 22
                color: Theme.accent

                SequentialAnimation on opacity {
                    running: !Theme.still
                    loops: Animation.Infinite

                    PauseAnimation {
                        duration: 200 * dot.index
                    }
                    NumberAnimation {
                        to: 0.25
                        duration: 400
                        easing.type: Easing.InOutQuad
                    }
                    NumberAnimation {
                        to: 1
                        duration: 400
                        easing.type: Easing.InOutQuad
                    }
                    PauseAnimation {
                        duration: 600 - 200 * dot.index
                    }
                }
            }
        }
    }
}
