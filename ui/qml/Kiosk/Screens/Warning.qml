import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Theme

PageLayout {
    Repeater {
        model: [qsTr("No police, bank, tax office, employer or support line ever asks for payment at a crypto machine."), qsTr("Never send to a wallet that somebody else gave you, and never share your wallet's secret words."), qsTr("If somebody is on the phone with you now, hang up.")]

        RowLayout {
            id: rule

            required property string modelData

            Layout.fillWidth: true
            Layout.fillHeight: false
            Layout.topMargin: Theme.smallGap
            spacing: Theme.gap

            Rectangle {
                Layout.preferredWidth: 10
                Layout.fillHeight: true
                radius: 5
                color: Theme.accent
            }

            Label {
                Layout.fillWidth: true
                text: rule.modelData
                font.pixelSize: Theme.landscape ? 32 : 50
                font.weight: Font.DemiBold
            }
        }
    }

    Item {
        Layout.fillHeight: true
    }
}
