import QtQuick
import QtQuick.Shapes
import Kiosk.Theme

// An arrow that comes round to where it began: neither done nor broken.
Item {
    implicitWidth: 520
    implicitHeight: 420

    Shape {
        anchors.centerIn: parent
        width: 300
        height: 300
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: Theme.quietText
            strokeWidth: 14
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap

            PathAngleArc {
                centerX: 150
                centerY: 150
                radiusX: 110
                radiusY: 110
                startAngle: -30
                sweepAngle: -300
            }
        }

        ShapePath {
            strokeColor: Theme.quietText
            strokeWidth: 14
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin
            startX: 191
            startY: 80

            PathLine {
                x: 245
                y: 95
            }
            PathLine {
                x: 260
                y: 41
            }
        }
    }
}
