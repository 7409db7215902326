pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Kiosk.Controls
import Kiosk.Screens
import Kiosk.Theme
import Kiosk.ViewModels

Window {
    id: root

    required property PageViewModel page
    required property SaleViewModel sale
    required property ProofViewModel proof
    required property FrameViewModel frame
    required property CameraViewModel camera
    required property string orientation // portrait, landscape, or "" to follow the window
    required property bool mirrored // in either direction of writing, for pictures
    required property bool mayClose

    readonly property bool landscape: orientation === "" ? width > height : orientation === "landscape"
    readonly property real factor: landscape ? Math.min(width / 1280, height / 800) : Math.min(width / 1080, height / 1920)

    color: Theme.background
    title: "Stater"
    onClosing: event => event.accepted = root.mayClose

    Binding {
        target: Theme
        property: "landscape"
        value: root.landscape
    }

    component Stage: Loader {
        required property string name

        active: root.page.screen === name
        anchors.fill: parent
    }

    Item {
        id: stage

        width: root.width / root.factor
        height: root.height / root.factor
        scale: root.factor
        transformOrigin: Item.TopLeft
        focus: true
        Keys.onPressed: event => event.accepted = true
        LayoutMirroring.enabled: root.mirrored || root.frame.rightToLeft
        LayoutMirroring.childrenInherit: true

        ColumnLayout {
            anchors.fill: parent
            spacing: 0

            Banner {
                objectName: "banner"
                Layout.fillWidth: true
                text: root.frame.banner
            }

            Header {
                Layout.fillWidth: true
                Layout.margins: Theme.margin
                Layout.topMargin: Theme.landscape ? 12 : 36
                Layout.bottomMargin: Theme.landscape ? 8 : 36
                frame: root.frame
            }

            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.leftMargin: Theme.margin
                Layout.rightMargin: Theme.margin
                Layout.bottomMargin: Theme.margin

                Stage {
                    name: "idle"
                    sourceComponent: Idle {
                        page: root.page
                        frame: root.frame
                    }
                }

                Stage {
                    name: "warning"
                    sourceComponent: Warning {
                        page: root.page
                    }
                }

                Stage {
                    name: "steps"
                    sourceComponent: Steps {
                        page: root.page
                        sale: root.sale
                    }
                }

                Stage {
                    name: "scan"
                    sourceComponent: Scan {
                        page: root.page
                        camera: root.camera
                    }
                }

                Stage {
                    name: "wallet"
                    sourceComponent: Wallet {
                        page: root.page
                        sale: root.sale
                    }
                }

                Stage {
                    name: "cash"
                    sourceComponent: Cash {
                        page: root.page
                        sale: root.sale
                    }
                }

                Stage {
                    name: "review"
                    sourceComponent: Review {
                        page: root.page
                        sale: root.sale
                    }
                }

                Stage {
                    name: "outcome"
                    sourceComponent: Outcome {
                        page: root.page
                        sale: root.sale
                        proof: root.proof
                    }
                }

                Stage {
                    name: "trouble"
                    sourceComponent: Trouble {
                        page: root.page
                        sale: root.sale
                        proof: root.proof
                    }
                }
            }
        }
    }
}
