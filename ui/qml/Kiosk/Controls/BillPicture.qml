import QtQuick
import Kiosk.Theme

// A bill before the slot: going in, gone into the cash box, coming out, stuck half-way; or a slot that is closed.
Item {
    id: picture

    required property string motion
    readonly property bool closed: motion === "bill-closed"
    readonly property bool goesIn: motion === "bill-in" || motion === "bill-away"

    onMotionChanged: if (loop.running)
        loop.restart()

    implicitWidth: 520
    implicitHeight: 420

    Item {
        id: mouth

        y: 116
        width: parent.width
        height: parent.height - y
        clip: true

        Rectangle {
            id: bill

            visible: !picture.closed

            readonly property real outside: 60
            readonly property real inside: -height + 20

            x: 130
            y: picture.motion === "bill-stuck" ? -40 : picture.goesIn ? 36 : outside
            width: 260
            height: 160
            radius: 12
            color: Theme.quietText

            Rectangle {
                anchors.fill: parent
                anchors.margins: 14
                radius: 8
                color: "transparent"
                border.width: 4
                border.color: Theme.background
            }

            Rectangle {
                anchors.centerIn: parent
                width: 74
                height: 74
                radius: 37
                color: Theme.background
            }

            SequentialAnimation on y {
                id: loop

                running: !Theme.still && (picture.goesIn || picture.motion === "bill-out")
                loops: Animation.Infinite

                NumberAnimation {
                    from: picture.goesIn ? bill.outside : bill.inside
                    to: picture.goesIn ? bill.inside : bill.outside
                    duration: Theme.loopMs
                    easing.type: Easing.InOutCubic
                }
                PauseAnimation {
                    duration: 700
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
            x: 40
            y: parent.height - 22
            width: 320
            height: 12
            radius: 6
            color: picture.closed ? Theme.line : Theme.accent
        }
    }

    Label {
        y: 330
        width: parent.width
        visible: picture.goesIn || picture.motion === "bill-out"
        horizontalAlignment: Text.AlignHCenter
        text: picture.goesIn ? "↑" : "↓"
        color: Theme.accent
        font.pixelSize: 72
        Accessible.ignored: true
    }

    Rectangle {
        x: 185
        y: 190
        width: 150
        height: 150
        radius: 75
        visible: picture.closed
        color: "transparent"
        border.width: 14
        border.color: Theme.quietText

        Rectangle {
            anchors.centerIn: parent
            width: 84
            height: 16
            radius: 8
            color: Theme.quietText
        }
    }
}
