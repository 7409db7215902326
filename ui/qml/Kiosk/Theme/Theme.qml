pragma Singleton

import QtQuick

// Every size is in pixels of the design: 1080 x 1920 (portrait) or 1280 x 800 (landscape); Main scales it to the window.
QtObject {
    // A 21.5-inch 1080 x 1920 panel is 268 mm wide: 4.03 px a millimetre. A finger wants 20 mm.
    readonly property real pxPerMm: 4.03
    readonly property real touchMin: 81

    property bool landscape: false
    property bool still: false // no motion: for pictures of the screen

    readonly property color background: "#0b0f14"
    readonly property color surface: "#171e27"
    readonly property color line: "#3a4857"
    readonly property color text: "#f6f8fa"
    readonly property color quietText: "#b9c4cf"
    readonly property color accent: "#f4b73f"
    readonly property color accentPressed: "#d99a1c"
    readonly property color textOnAccent: "#15110a"

    readonly property string family: "Inter"
    readonly property int smallSize: 28
    readonly property int bodySize: landscape ? 30 : 36
    readonly property int buttonSize: landscape ? 32 : 42
    readonly property int headlineSize: landscape ? 46 : 68
    readonly property int heroSize: landscape ? 68 : 106
    readonly property int codeSize: landscape ? 56 : 84
    readonly property int addressSize: landscape ? 38 : 64

    readonly property int margin: landscape ? 32 : 64
    readonly property int gap: landscape ? 20 : 36
    readonly property int smallGap: landscape ? 10 : 16
    readonly property int radius: 20
    readonly property int asideWidth: 500
    readonly property int primaryHeight: landscape ? 104 : 150
    readonly property int choiceHeight: landscape ? 88 : 116

    readonly property int quickMs: still ? 0 : 180
    readonly property int loopMs: 1600
}
