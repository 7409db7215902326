import QtQuick
import Kiosk.Theme

Text {
    color: Theme.text
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    font.features: {
        "tnum": 1
    }
    horizontalAlignment: Text.AlignLeft
    wrapMode: Text.WordWrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
