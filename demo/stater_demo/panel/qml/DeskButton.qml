import QtQuick

Rectangle {
    id: button

    required property string text
    property bool alarming: false // what it does, or has done, is a fault
    property bool chosen: false

    signal clicked

    implicitWidth: label.implicitWidth + 28
    implicitHeight: 38
    radius: 10
    color: button.chosen ? Ink.text : area.pressed ? Ink.deskEdge : area.containsMouse ? Ink.desk : "white"
    border.color: button.alarming ? Ink.ill : Ink.line

    Accessible.role: Accessible.Button
    Accessible.name: button.text
    Accessible.onPressAction: button.clicked()

    Text {
        id: label
        anchors.centerIn: parent
        text: button.text
        color: button.chosen ? "white" : button.alarming ? Ink.ill : Ink.text
        font {
            family: Ink.family
            pixelSize: Ink.body
        }
    }

    MouseArea {
        id: area
        anchors.fill: parent
        hoverEnabled: true
        cursorShape: Qt.PointingHandCursor
        onClicked: button.clicked()
    }
}
