"""Errors of the core, by blame.

    StorageError   the world: the database is locked or the disk full
    StorageDamaged the world: the database is not what was written; it stays as it is until a person comes
    InvalidInput   the person: a configuration or an argument that cannot be meant
    Bug            ourselves: an invariant broke; roll back, exit, restart from the journal

Errors of devices are in `drivers/errors.py`, those of the central service in `kiosk/sync/client.py`.
"""


class KioskError(Exception):
    pass


class StorageError(KioskError):
    pass


class StorageDamaged(StorageError):
    pass


class InvalidInput(KioskError):
    pass


class Bug(KioskError):
    pass


def ensure(condition: object, message: str) -> None:
    """Hold an invariant, in production too. Raises Bug."""
    if not condition:
        raise Bug(message)
