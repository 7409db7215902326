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
                "picture": "phone",
                "words": qsTr("Show the QR code of your own wallet")
            },
            {
                "picture": "bill-in",
                "words": qsTr("Insert cash")
            },
            {
                "picture": "coin",
                "words": qsTr("Your coins are sent to your wallet")
            }
        ]

        RowLayout {
            id: step

            required property var modelData

            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: 1
            spacing: Theme.gap

            Picture {
                name: step.modelData.picture
                Layout.fillWidth: false
                Layout.preferredWidth: Theme.landscape ? 200 : 330
            }

            Label {
                Layout.fillWidth: true
                text: step.modelData.words
                font.pixelSize: Theme.landscape ? 34 : 52
                font.weight: Font.DemiBold
            }
        }
    }

    aside: [
        RowLayout {
            width: parent.width
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
