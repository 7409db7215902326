"""Errors of the drivers, by blame: the world, or the peer."""


class DeviceError(Exception):
    """The world: a device is unplugged, silent, jammed. Carries the device's name."""

    def __init__(self, device: str, message: str) -> None:
        super().__init__(f"{device}: {message}")
        self.device = device


class LinkLost(DeviceError):
    """The port vanished or cannot be opened."""


class NoReply(DeviceError):
    """The port is open and nobody answers."""


class ProtocolViolation(DeviceError):
    """The peer said what its own protocol does not allow."""
