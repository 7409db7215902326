import QtQuick
import Kiosk.Theme
import Kiosk.ViewModels

Column {
    id: actions

    required property PageViewModel page

    spacing: Theme.landscape ? 14 : 24

    ActionButton {
        objectName: "primary"
        width: actions.width
        visible: text !== ""
        primary: true
        text: actions.page.primary
        onClicked: actions.page.pressPrimary()
    }

    ActionButton {
        objectName: "secondary"
        width: actions.width
        visible: text !== ""
        text: actions.page.secondary
        onClicked: actions.page.pressSecondary()
    }

    ActionButton {
        objectName: "leave"
        width: actions.width
        visible: text !== ""
        text: actions.page.leave
        onClicked: actions.page.pressLeave()
    }
}
