import QtQuick

// The bill acceptor, and the bills in the customer's wallet.
Card {
    id: slotCard

    required property var room // what is to be seen
    required property var hands // what can be done

    title: "Bill acceptor"

    Rectangle {
        id: machine
        width: parent.width
        height: 132
        radius: 12
        color: Ink.machine
        border.color: Ink.machineEdge

        Rectangle {
            id: mouth
            anchors.horizontalCenter: parent.horizontalCenter
            y: 62
            width: 190
            height: 12
            radius: 6
            color: "black"
            border.width: 2
            border.color: !slotCard.room.acceptor_plugged ? "#555c64" : slotCard.room.acceptor_jammed ? Ink.ill : "#41d18b"
        }

        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            y: 24
            text: !slotCard.room.acceptor_plugged ? "unplugged" : slotCard.room.acceptor_jammed ? "a bill is stuck" : "click a bill, or drag it here"
            color: "#c9d1d9"
            font {
                family: Ink.family
                pixelSize: Ink.small
            }
        }
    }

    Repeater {
        model: [1, 5, 10, 20, 50, 100]

        Banknote {
            required property int modelData
            required property int index
            value: modelData
            slot: mouth
            homeX: index % 2 * 144 + (parent.width - 272) / 2
            homeY: 158 + Math.floor(index / 2) * 70
            onFed: value => slotCard.hands.insertBill(value)
        }
    }

    Flow {
        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 8

        DeskButton {
            text: slotCard.room.acceptor_jammed ? "Remove the stuck bill" : "Jam the next bill"
            alarming: !slotCard.room.acceptor_jammed
            onClicked: slotCard.room.acceptor_jammed ? slotCard.hands.clearJam() : slotCard.hands.jam()
        }

        DeskButton {
            text: slotCard.room.acceptor_plugged ? "Pull its plug" : "Plug it in"
            alarming: slotCard.room.acceptor_plugged
            onClicked: slotCard.hands.toggleAcceptorPlug()
        }
    }
}
