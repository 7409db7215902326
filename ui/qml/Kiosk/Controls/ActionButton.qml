import QtQuick
import QtQuick.Templates as T
import Kiosk.Theme

T.AbstractButton {
    id: button

    property bool primary: false

    implicitWidth: Math.max(240, words.implicitWidth + 2 * Theme.gap)
    implicitHeight: Math.max(primary ? Theme.primaryHeight : Theme.choiceHeight, words.implicitHeight + 2 * Theme.smallGap)
    focusPolicy: Qt.NoFocus
    Accessible.role: Accessible.Button
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radius
        color: button.primary ? (button.down ? Theme.accentPressed : Theme.accent) : (button.down ? Theme.line : Theme.surface)
        border.width: button.primary ? 0 : 3
        border.color: Theme.line
    }

    contentItem: Label {
        id: words

        text: button.text
        color: button.primary ? Theme.textOnAccent : Theme.text
        font.pixelSize: Theme.buttonSize
        font.weight: Font.DemiBold
        leftPadding: Theme.gap
        rightPadding: Theme.gap
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
}
