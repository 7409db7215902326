import QtQuick
import QtQuick.Shapes
import Kiosk.Theme
import Kiosk.ViewModels

// What the camera sees, with the code it has found outlined. As in a mirror, whatever the direction of writing: who
// holds a phone up to the machine sees it move to the side to which the hand moves.
Item {
    id: viewfinder

    required property CameraViewModel camera

    Item {
        id: mirror

        anchors.centerIn: parent
        width: Math.min(viewfinder.width, viewfinder.height * viewfinder.camera.aspect)
        height: width / viewfinder.camera.aspect
        transform: Scale {
            origin.x: mirror.width / 2
            xScale: -1
        }

        Image {
            anchors.fill: parent
            source: viewfinder.visible ? viewfinder.camera.source : ""
            cache: false
        }

        Shape {
            anchors.fill: parent
            visible: viewfinder.camera.outline.length > 0

            ShapePath {
                strokeColor: Theme.accent
                strokeWidth: 8
                fillColor: "transparent"
                joinStyle: ShapePath.RoundJoin

                PathPolyline {
                    path: [...viewfinder.camera.outline, ...viewfinder.camera.outline.slice(0, 1)].map(corner => Qt.point(corner.x * mirror.width, corner.y * mirror.height))
                }
            }
        }
    }

    Rectangle {
        anchors.fill: mirror
        color: "transparent"
        radius: 6
        border.width: viewfinder.camera.found ? 10 : 4
        border.color: viewfinder.camera.found ? Theme.accent : Theme.line
    }

    Rectangle {
        anchors.horizontalCenter: mirror.horizontalCenter
        anchors.bottom: mirror.bottom
        anchors.bottomMargin: Theme.smallGap
        width: 100
        height: width
        radius: width / 2
        visible: viewfinder.camera.found
        color: Theme.background

        TickPicture {
            anchors.centerIn: parent
            scale: parent.width / 314
        }
    }
}
