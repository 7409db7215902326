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
        anchors.centerIn: parent
        scale: Math.min(1.7, picture.height / 420, picture.width / 520)
        sourceComponent: {
            switch (picture.name) {
            case "phone":
                return phone;
            case "receipt":
                return receipt;
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
