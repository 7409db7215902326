import QtQuick
import QtQuick.Layouts
import Kiosk.Theme
import Kiosk.ViewModels

// Portrait: words, content, aside, buttons, from top to bottom. Landscape: aside and buttons stand at the end.
Item {
    id: root

    required property PageViewModel page
    default property alias content: content.data
    property alias aside: aside.data

    opacity: Theme.still ? 1 : 0
    Component.onCompleted: opacity = 1

    Behavior on opacity {
        NumberAnimation {
            duration: Theme.quickMs
        }
    }

    GridLayout {
        anchors.fill: parent
        columns: Theme.landscape ? 2 : 1
        columnSpacing: Theme.margin
        rowSpacing: Theme.gap

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.alignment: Qt.AlignTop
            spacing: Theme.smallGap

            Label {
                objectName: "headline"
                Layout.fillWidth: true
                text: root.page.headline
                font.pixelSize: Theme.headlineSize
                font.weight: Font.DemiBold
                lineHeight: 1.05
                Accessible.role: Accessible.Heading
            }

            Label {
                objectName: "detail"
                Layout.fillWidth: true
                visible: text !== ""
                text: root.page.detail
                color: Theme.quietText
            }

            NoticeBar {
                Layout.fillWidth: true
                Layout.topMargin: Theme.smallGap
                text: root.page.notice
            }

            ColumnLayout {
                id: content

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.topMargin: Theme.smallGap
                spacing: Theme.gap
            }
        }

        ColumnLayout {
            Layout.fillWidth: !Theme.landscape
            Layout.fillHeight: Theme.landscape
            Layout.preferredWidth: Theme.landscape ? Theme.asideWidth : -1
            Layout.maximumWidth: Theme.landscape ? Theme.asideWidth : Number.POSITIVE_INFINITY
            spacing: Theme.gap

            ColumnLayout {
                id: aside

                Layout.fillWidth: true
                spacing: Theme.gap
            }

            Item {
                visible: Theme.landscape
                Layout.fillHeight: true
            }

            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: root.page.finePrint
                color: Theme.quietText
                font.pixelSize: Theme.smallSize
            }

            Actions {
                Layout.fillWidth: true
                visible: root.page.primary !== "" || root.page.secondary !== "" || root.page.leave !== ""
                page: root.page
            }
        }
    }
}
