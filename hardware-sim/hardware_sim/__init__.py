"""The kiosk's devices, seen from the other end of the wire."""
