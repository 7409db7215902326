import QtQuick

// One thing on the desk, with its name.
Rectangle {
    id: card

    required property string title
    default property alias content: inside.data

    radius: Ink.radius
    color: Ink.card
    border.color: Ink.line

    Text {
        id: heading
        x: 18
        y: 14
        text: card.title
        color: Ink.text
        font {
            family: Ink.family
            pixelSize: Ink.title
            weight: Font.DemiBold
        }
    }

    Item {
        id: inside
        anchors {
            fill: parent
            topMargin: 48
            leftMargin: 18
            rightMargin: 18
            bottomMargin: 16
        }
    }
}
