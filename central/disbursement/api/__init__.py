"""The kiosks' HTTP API, as `kiosk_wire.messages` says it."""
