import QtQuick

// The receipt printer; what it has printed hangs out until it is taken.
Card {
    id: printerCard

    required property var room
    required property var hands

    title: "Receipt printer"

    Rectangle {
        id: machine
        width: parent.width
        height: 54
        z: 2
        radius: 12
        color: Ink.machine
        border.color: Ink.machineEdge

        Rectangle {
            anchors {
                horizontalCenter: parent.horizontalCenter
                bottom: parent.bottom
                bottomMargin: 8
            }
            width: parent.width - 40
            height: 6
            radius: 3
            color: "black"
        }

        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            y: 12
            text: printerCard.room.paper_loaded ? "ready" : "no paper"
            color: printerCard.room.paper_loaded ? "#c9d1d9" : "#ff8d80"
            font {
                family: Ink.family
                pixelSize: Ink.small
            }
        }
    }

    Flickable {
        id: outlet
        anchors {
            top: machine.bottom
            topMargin: -10
            bottom: buttons.top
            bottomMargin: 10
        }
        width: parent.width
        clip: true
        contentHeight: receipt.height + 20
        interactive: receipt.visible

        Image {
            id: receipt
            anchors.horizontalCenter: parent.horizontalCenter
            width: outlet.width - 48
            fillMode: Image.PreserveAspectFit
            source: printerCard.room.receipt
            visible: source.toString() !== ""
            mipmap: true
            onStatusChanged: {
                if (status === Image.Ready && visible) {
                    emerge.restart();
                }
            }

            NumberAnimation on y {
                id: emerge
                running: false
                from: -Math.min(receipt.height, outlet.height)
                to: 0
                duration: Ink.slowMs
                easing.type: Easing.OutQuad
            }
        }
    }

    Flow {
        id: buttons
        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 8

        DeskButton {
            text: "Take the receipt"
            visible: printerCard.room.receipt !== ""
            onClicked: printerCard.hands.takeReceipt()
        }

        DeskButton {
            text: printerCard.room.paper_loaded ? "Take the paper out" : "Put a new roll in"
            alarming: printerCard.room.paper_loaded
            onClicked: printerCard.hands.togglePaper()
        }
    }
}
