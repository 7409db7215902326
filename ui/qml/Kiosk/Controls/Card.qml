import QtQuick
import Kiosk.Theme

Rectangle {
    id: card

    default property alias content: column.data

    color: Theme.surface
    radius: Theme.radius
    implicitWidth: column.implicitWidth + 2 * column.x
    implicitHeight: column.implicitHeight + 2 * column.y

    Column {
        id: column

        x: Theme.landscape ? 16 : 36
        y: Theme.landscape ? 14 : 28
        width: card.width - 2 * column.x
        spacing: Theme.smallGap
    }
}
