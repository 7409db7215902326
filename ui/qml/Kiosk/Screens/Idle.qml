pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme
import Kiosk.ViewModels

PageLayout {
    id: root

    required property FrameViewModel frame

    Repeater {
        model: [
            {
                "number": "1",
                "words": qsTr("Show the QR code of your own wallet")
            },
            {
                "number": "2",
                "words": qsTr("Insert cash")
            },
            {
                "number": "3",
                "words": qsTr("Your coins are sent to your wallet")
            }
        ]

        RowLayout {
            id: step

            required property var modelData

            Layout.fillWidth: true
            Layout.fillHeight: false
            spacing: Theme.gap

            Rectangle {
                Layout.preferredWidth: Theme.touchMin
                Layout.preferredHeight: Theme.touchMin
                radius: width / 2
                color: Theme.surface
                border.width: 3
                border.color: Theme.line

                Label {
                    anchors.centerIn: parent
                    text: step.modelData.number
                    color: Theme.accent
                    font.pixelSize: Theme.buttonSize
                    font.weight: Font.DemiBold
                }
            }

            Label {
                Layout.fillWidth: true
                text: step.modelData.words
                font.pixelSize: Theme.buttonSize
            }
        }
    }

    Item {
        Layout.fillHeight: true
    }

    aside: [
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap

            Repeater {
                model: root.frame.languages

                ActionButton {
                    id: language

                    required property var modelData

                    objectName: "language"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    text: language.modelData.name
                    background: Rectangle {
                        radius: Theme.radius
                        color: Theme.surface
                        border.width: 3
                        border.color: language.modelData.current ? Theme.accent : Theme.line
                    }
                    onClicked: root.frame.chooseLanguage(language.modelData.code)
                }
            }
        }
    ]
}
