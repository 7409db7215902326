pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

// Shows where the hands act. It fills what height is left, and gives way when there is none.
Item {
    id: picture

    required property string name

    visible: name !== "none"
    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: 0
    clip: true

    Loader {
        id: drawing

        readonly property real fit: Math.min(1.6, picture.height / implicitHeight, picture.width / implicitWidth)

        anchors.centerIn: parent
        scale: fit
        visible: fit > 0.2
        sourceComponent: {
            switch (picture.name) {
            case "phone":
                return phone;
            case "receipt":
                return receipt;
            case "coin":
                return coin;
            case "tick":
                return tick;
            case "again":
                return again;
            case "wait":
                return wait;
            default:
                return bill;
            }
        }
    }

    Component {
        id: phone

        PhonePicture {}
    }

    Component {
        id: receipt

        ReceiptPicture {}
    }

    Component {
        id: coin

        CoinPicture {}
    }

    Component {
        id: tick

        TickPicture {}
    }

    Component {
        id: again

        AgainPicture {}
    }

    Component {
        id: wait

        WaitPicture {}
    }

    Component {
        id: bill

        BillPicture {
            motion: picture.name
        }
    }
}
