import QtQuick
import QtQuick.Layouts
import Kiosk.Theme

Rectangle {
    id: card

    default property alias content: column.data

    color: Theme.surface
    radius: Theme.radius
    implicitWidth: column.implicitWidth + 2 * Theme.gap
    implicitHeight: column.implicitHeight + 2 * column.y

    ColumnLayout {
        id: column

        x: Theme.gap
        y: Theme.landscape ? 16 : 28
        width: card.width - 2 * Theme.gap
        spacing: Theme.smallGap
    }
}
