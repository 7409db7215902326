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

    readonly property real asideWidth: Theme.landscape ? Theme.asideWidth : width
    readonly property real mainWidth: Theme.landscape ? width - asideWidth - Theme.margin : width

    opacity: Theme.still ? 1 : 0
    Component.onCompleted: opacity = 1

    Behavior on opacity {
        NumberAnimation {
            duration: Theme.quickMs
        }
    }

    // Positioners: nested layouts lose the height of a text that wraps after a change of language.
    Column {
        id: words

        anchors.left: parent.left
        width: root.mainWidth
        spacing: Theme.gap

        Column {
            width: words.width
            spacing: Theme.smallGap

            Label {
                objectName: "headline"
                width: words.width
                text: root.page.headline
                font.pixelSize: Theme.headlineSize
                font.weight: Font.DemiBold
                lineHeight: 1.05
                Accessible.role: Accessible.Heading
            }

            Label {
                objectName: "detail"
                width: words.width
                visible: text !== ""
                text: root.page.detail
                color: Theme.quietText
            }
        }

        NoticeBar {
            objectName: "notice"
            width: words.width
            text: root.page.notice
        }
    }

    ColumnLayout {
        id: content

        anchors.left: parent.left
        anchors.top: words.bottom
        anchors.topMargin: Theme.gap
        anchors.bottom: Theme.landscape ? parent.bottom : aside.top
        anchors.bottomMargin: Theme.landscape ? 0 : Theme.gap
        width: root.mainWidth
        spacing: Theme.gap
    }

    Column {
        id: aside

        anchors.right: parent.right
        anchors.top: Theme.landscape ? parent.top : undefined
        anchors.bottom: Theme.landscape ? undefined : answers.top
        anchors.bottomMargin: height > 0 && answers.height > 0 ? Theme.gap : 0
        width: root.asideWidth
        spacing: Theme.gap
    }

    Column {
        id: answers

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: root.asideWidth
        spacing: Theme.gap

        Label {
            width: answers.width
            visible: text !== ""
            text: root.page.finePrint
            color: Theme.quietText
            font.pixelSize: Theme.smallSize
        }

        Actions {
            width: answers.width
            page: root.page
        }
    }
}
