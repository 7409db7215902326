pragma Singleton

import QtQuick

// A desk by daylight, so that nobody mistakes it for the dark kiosk beside it.
QtObject {
    readonly property color desk: "#ece5d8"
    readonly property color deskEdge: "#d9cfbd"
    readonly property color card: "#fbf9f5"
    readonly property color line: "#cfc4b0"
    readonly property color text: "#2a2620"
    readonly property color quiet: "#6b6255"
    readonly property color machine: "#2b3036"
    readonly property color machineEdge: "#15181c"
    readonly property color well: "#2f8f5b"
    readonly property color ill: "#c0392b"
    readonly property color accent: "#b7791f"

    readonly property string family: "Inter"
    readonly property int small: 13
    readonly property int body: 15
    readonly property int title: 18
    readonly property int gap: 14
    readonly property int radius: 14
    readonly property int slowMs: 900
    readonly property int quickMs: 180
}
