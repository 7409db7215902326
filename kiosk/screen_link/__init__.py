"""The seam between kiosk-core and kiosk-screen: snapshots one way, intents the other."""
