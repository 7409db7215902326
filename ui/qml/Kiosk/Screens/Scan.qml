pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme
import Kiosk.ViewModels

// The camera's own picture, so that the hand finds the place; without one, a drawing of what to do.
// The picture takes the larger room: portrait the middle, landscape the end.
PageLayout {
    id: root

    required property CameraViewModel camera
    readonly property bool live: root.camera.source !== ""

    component Hint: Label {
        text: root.camera.hint
        font.pixelSize: Theme.landscape ? 44 : 56
        font.weight: Font.DemiBold
    }

    Picture {
        name: root.live ? "none" : root.page.picture
    }

    Viewfinder {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 0
        visible: root.live && !Theme.landscape
        camera: root.camera
    }

    Hint {
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.live && Theme.landscape
    }

    aside: [
        Viewfinder {
            width: parent.width
            height: Math.min(width / root.camera.aspect, 400)
            visible: root.live && Theme.landscape
            camera: root.camera
        },
        Hint {
            width: parent.width
            height: 2.6 * font.pixelSize // two lines always, so that the picture keeps its place
            visible: root.live && !Theme.landscape
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
    ]
}
