import QtQuick

// The room around the kiosk: its devices, the customer's hands, and what lies behind the wall.
Window {
    id: window

    required property var hands
    readonly property var room: hands.view
    readonly property size design: Qt.size(1080, 860)
    readonly property real fit: Math.min(1, Screen.desktopAvailableHeight * 0.9 / design.height)

    width: design.width * fit
    height: design.height * fit
    x: Math.max(0, Screen.desktopAvailableWidth - width - 24) // the kiosk's own window has the left
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

        readonly property real third: (width - 2 * Ink.gap) / 3
        readonly property real upper: 582

        x: 18
        y: 18
        width: window.design.width - 36
        height: window.design.height - 36
        scale: Math.min(window.width / window.design.width, window.height / window.design.height)
        transformOrigin: Item.TopLeft

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
