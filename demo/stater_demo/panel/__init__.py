"""The device panel: the room around the kiosk, for hands that have only a mouse."""
