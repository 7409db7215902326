"""The devices of the kiosk, and nothing but the devices."""
