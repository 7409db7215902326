import QtQuick
import QtQuick.Shapes
import Kiosk.Theme

Item {
    implicitWidth: 300
    implicitHeight: 300

    Rectangle {
        anchors.fill: parent
        radius: width / 2
        color: "transparent"
        border.width: 14
        border.color: Theme.accent
    }

    Shape {
        anchors.fill: parent
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
