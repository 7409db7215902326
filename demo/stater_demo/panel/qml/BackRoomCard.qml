import QtQuick

// What the customer does not see: power, network, the chain, and what the devices say.
Card {
    id: backRoom

    required property var room
    required property var hands

    title: "Behind the wall"

    Row {
        id: faults
        spacing: 8

        DeskButton {
            text: backRoom.room.network_plugged ? "Pull the network cable" : "Plug the network in"
            alarming: backRoom.room.network_plugged
            onClicked: backRoom.hands.toggleNetwork()
        }

        DeskButton {
            text: backRoom.room.core_running ? "Cut the kiosk's power" : "Switch the kiosk on"
            alarming: backRoom.room.core_running
            onClicked: backRoom.hands.togglePower()
        }

        DeskButton {
            text: "Mine a block"
            visible: backRoom.room.has_node
            onClicked: backRoom.hands.mineBlock()
        }
    }

    Column {
        id: chain
        anchors {
            top: faults.bottom
            topMargin: Ink.gap
        }
        width: parent.width * 0.42
        spacing: 6

        Text {
            width: parent.width
            text: backRoom.room.has_node ? "What your own wallet sees on the chain" : "No Bitcoin node here: practice money"
            wrapMode: Text.WordWrap
            color: Ink.quiet
            font {
                family: Ink.family
                pixelSize: Ink.small
            }
        }

        Repeater {
            model: backRoom.room.payments

            Text {
                required property string modelData
                width: chain.width
                text: modelData
                wrapMode: Text.WordWrap
                color: Ink.text
                font {
                    family: Ink.family
                    pixelSize: Ink.body
                    weight: Font.DemiBold
                }
            }
        }
    }

    ListView {
        anchors {
            top: chain.top
            left: chain.right
            leftMargin: Ink.gap
            right: parent.right
            bottom: parent.bottom
        }
        clip: true
        model: backRoom.room.log

        delegate: Text {
            required property string modelData
            width: ListView.view.width
            text: modelData
            elide: Text.ElideRight
            color: Ink.quiet
            lineHeight: 1.3
            font {
                family: Ink.family
                pixelSize: Ink.small
            }
        }
    }
}
