import QtQuick

// The room around the kiosk: its devices, the customer's hands, and what lies behind the wall.
Window {
    id: window

    required property var hands
    readonly property var room: hands.view

    width: 1080
    height: 860
    minimumWidth: 1000
    minimumHeight: 820
    visible: true
    title: "Stater: the desk"
    color: Ink.desk

    Rectangle {
        anchors.fill: parent
        gradient: Gradient {
            GradientStop {
                position: 0
                color: Ink.desk
            }
            GradientStop {
                position: 1
                color: Ink.deskEdge
            }
        }
    }

    Item {
        id: desk
        anchors {
            fill: parent
            margins: 18
        }

        readonly property real third: (width - 2 * Ink.gap) / 3
        readonly property real upper: 582

        SlotCard {
            z: 1 // a bill may fly over its neighbours
            width: desk.third
            height: desk.upper
            room: window.room
            hands: window.hands
        }

        PhoneCard {
            x: desk.third + Ink.gap
            width: desk.third
            height: desk.upper
            room: window.room
            hands: window.hands
        }

        PrinterCard {
            x: 2 * (desk.third + Ink.gap)
            width: desk.third
            height: desk.upper
            room: window.room
            hands: window.hands
        }

        BackRoomCard {
            y: desk.upper + Ink.gap
            width: desk.width
            height: desk.height - y
            room: window.room
            hands: window.hands
        }
    }
}
