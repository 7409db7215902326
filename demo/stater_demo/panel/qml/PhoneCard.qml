import QtQuick

// The customer's phone: which code its wallet shows, and whether the camera sees it.
Card {
    id: phoneCard

    required property var room
    required property var hands

    title: "Your phone"

    Rectangle {
        id: phone
        anchors.horizontalCenter: parent.horizontalCenter
        y: phoneCard.room.phone_held ? 0 : 20
        width: 216
        height: 360
        radius: 30
        color: "#101214"
        border.color: "#3b4046"
        border.width: 2

        Behavior on y {
            NumberAnimation {
                duration: Ink.quickMs
                easing.type: Easing.OutCubic
            }
        }

        Rectangle {
            anchors {
                fill: parent
                margins: 9
            }
            radius: 23
            color: "#f4f5f8"

            Text {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 22
                text: "Receive"
                color: "#16181e"
                font {
                    family: Ink.family
                    pixelSize: 17
                    weight: Font.DemiBold
                }
            }

            Image {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 56
                width: 172
                height: 172
                sourceSize: Qt.size(344, 344)
                source: phoneCard.room.phone_picture
                smooth: false
            }

            Text {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 240
                width: 168
                horizontalAlignment: Text.AlignHCenter
                text: phoneCard.room.phone_text.replace("bitcoin:", "")
                wrapMode: Text.WrapAnywhere
                color: "#16181e"
                font {
                    family: Ink.family
                    pixelSize: Ink.small
                }
            }

            Text {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 302
                text: phoneCard.room.phone_held ? "before the camera" : "in your pocket"
                color: phoneCard.room.phone_held ? Ink.well : Ink.quiet
                font {
                    family: Ink.family
                    pixelSize: Ink.small
                    weight: Font.DemiBold
                }
            }
        }
    }

    Column {
        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 8

        Flow {
            width: parent.width
            spacing: 8

            DeskButton {
                text: phoneCard.room.phone_held ? "Take it away" : "Hold to camera"
                onClicked: phoneCard.hands.togglePhone()
            }

            DeskButton {
                text: "New address"
                onClicked: phoneCard.hands.newAddress()
            }
        }

        Flow {
            width: parent.width
            spacing: 8

            Repeater {
                model: [
                    {
                        code: "own",
                        words: "Its own"
                    },
                    {
                        code: "wrong_network",
                        words: "Another network"
                    },
                    {
                        code: "wrong_letter",
                        words: "A wrong letter"
                    },
                    {
                        code: "blurred",
                        words: "Too close"
                    }
                ]

                DeskButton {
                    required property var modelData
                    text: modelData.words
                    chosen: phoneCard.room.phone_code === modelData.code
                    onClicked: phoneCard.hands.chooseCode(modelData.code)
                }
            }
        }
    }
}
