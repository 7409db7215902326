import QtQuick
import QtQuick.Shapes
import Kiosk.Theme

Item {
    implicitWidth: 520
    implicitHeight: 420

    Rectangle {
        anchors.centerIn: parent
        width: 300
        height: 300
        radius: width / 2
        color: "transparent"
        border.width: 14
        border.color: Theme.accent
    }

    Shape {
        anchors.centerIn: parent
        width: 300
        height: 300
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: Theme.accent
            strokeWidth: 18
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            startX: 88
            startY: 156

            PathLine {
                x: 132
                y: 200
            }
            PathLine {
                x: 214
                y: 108
            }
        }
    }
}
