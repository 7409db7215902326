import QtQuick
import QtQuick.Shapes
import Kiosk.Theme

// The place is kept when there is no deadline, so that the header does not jump.
Item {
    id: ring

    property alias text: words.text
    property real fraction: 0
    property string spoken: ""
    readonly property real size: Theme.landscape ? 78 : 96
    readonly property real middle: size / 2
    readonly property real radius: middle - 6
    property real shown: fraction

    implicitWidth: size
    implicitHeight: size

    Behavior on shown {
        enabled: !Theme.still

        NumberAnimation {
            duration: 250
        }
    }

    Shape {
        anchors.fill: parent
        visible: ring.text !== ""
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: Theme.line
            strokeWidth: 7
            fillColor: "transparent"

            PathAngleArc {
                centerX: ring.middle
                centerY: ring.middle
                radiusX: ring.radius
                radiusY: ring.radius
                startAngle: -90
                sweepAngle: 360
            }
        }

        ShapePath {
            strokeColor: Theme.quietText
            strokeWidth: 7
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap

            PathAngleArc {
                centerX: ring.middle
                centerY: ring.middle
                radiusX: ring.radius
                radiusY: ring.radius
                startAngle: -90
                sweepAngle: -360 * ring.shown
            }
        }
    }

    Label {
        id: words

        anchors.centerIn: parent
        visible: text !== ""
        color: Theme.quietText
        font.pixelSize: Theme.smallSize
        Accessible.name: ring.spoken
    }
}
