import QtQuick

// A dollar bill: click it, or drag it to the slot.
Item {
    id: note

    required property int value
    required property Item slot // where it goes
    property real homeX: 0
    property real homeY: 0

    signal fed(int value)

    function feed() {
        const mouth = note.slot.mapToItem(note.parent, note.slot.width / 2, note.slot.height / 2);
        flight.toX = mouth.x - note.width / 2;
        flight.toY = mouth.y - note.height * 0.9;
        flight.restart();
    }

    width: 128
    height: 58
    x: homeX
    y: homeY
    z: drag.active || flight.running ? 10 : 1

    Rectangle {
        id: paper
        anchors.fill: parent
        radius: 4
        border.color: "#5d7d63"
        gradient: Gradient {
            GradientStop {
                position: 0
                color: "#dbe7d3"
            }
            GradientStop {
                position: 1
                color: "#b9cfb2"
            }
        }

        Rectangle {
            anchors {
                fill: parent
                margins: 5
            }
            color: "transparent"
            radius: 3
            border.color: "#87a585"
        }

        Rectangle {
            anchors.centerIn: parent
            width: 34
            height: 42
            radius: 17
            color: "#a3bd9d"
            border.color: "#5d7d63"

            Text {
                anchors.centerIn: parent
                text: "$"
                color: "#46664d"
                font {
                    family: Ink.family
                    pixelSize: 22
                    weight: Font.DemiBold
                }
            }
        }

        Repeater {
            model: [
                {
                    right: false,
                    bottom: false
                },
                {
                    right: true,
                    bottom: true
                }
            ]

            Text {
                required property var modelData
                x: modelData.right ? paper.width - width - 11 : 11
                y: modelData.bottom ? paper.height - height - 7 : 7
                text: note.value
                color: "#2f4d37"
                font {
                    family: Ink.family
                    pixelSize: 17
                    weight: Font.DemiBold
                }
            }
        }
    }

    TapHandler {
        onTapped: note.feed()
    }

    HoverHandler {
        cursorShape: Qt.OpenHandCursor
    }

    DragHandler {
        id: drag
        onActiveChanged: {
            if (active) {
                return;
            }
            const mouth = note.slot.mapToItem(note.parent, 0, 0, note.slot.width, note.slot.height);
            const reach = 40;
            const near = note.x + note.width > mouth.x - reach && note.x < mouth.x + mouth.width + reach && note.y < mouth.y + mouth.height + reach;
            if (near) {
                note.feed();
            } else {
                home.restart();
            }
        }
    }

    SequentialAnimation {
        id: flight

        property real toX: 0
        property real toY: 0

        ParallelAnimation {
            NumberAnimation {
                target: note
                property: "x"
                to: flight.toX
                duration: 260
                easing.type: Easing.OutCubic
            }
            NumberAnimation {
                target: note
                property: "y"
                to: flight.toY + 46
                duration: 260
                easing.type: Easing.OutCubic
            }
        }
        ScriptAction {
            script: note.fed(note.value)
        }
        ParallelAnimation {
            NumberAnimation {
                target: note
                property: "y"
                to: flight.toY
                duration: 320
            }
            NumberAnimation {
                target: note
                property: "opacity"
                to: 0
                duration: 320
            }
        }
        ScriptAction {
            script: {
                note.x = note.homeX;
                note.y = note.homeY;
            }
        }
        NumberAnimation {
            target: note
            property: "opacity"
            to: 1
            duration: Ink.quickMs
        }
    }

    ParallelAnimation {
        id: home
        NumberAnimation {
            target: note
            property: "x"
            to: note.homeX
            duration: Ink.quickMs
        }
        NumberAnimation {
            target: note
            property: "y"
            to: note.homeY
            duration: Ink.quickMs
        }
    }
}
