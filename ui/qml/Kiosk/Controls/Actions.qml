import QtQuick
import QtQuick.Layouts
import Kiosk.Theme
import Kiosk.ViewModels

ColumnLayout {
    id: actions

    required property PageViewModel page

    spacing: Theme.landscape ? 14 : 24

    ActionButton {
        objectName: "primary"
        Layout.fillWidth: true
        visible: text !== ""
        primary: true
        text: actions.page.primary
        onClicked: actions.page.pressPrimary()
    }

    ActionButton {
        objectName: "secondary"
        Layout.fillWidth: true
        visible: text !== ""
        text: actions.page.secondary
        onClicked: actions.page.pressSecondary()
    }

    ActionButton {
        objectName: "leave"
        Layout.fillWidth: true
        visible: text !== ""
        text: actions.page.leave
        onClicked: actions.page.pressLeave()
    }
}
