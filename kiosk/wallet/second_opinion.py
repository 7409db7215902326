"""What another code base, the Bitcoin Development Kit, says of a Bitcoin address.

Where the two disagree nothing is paid. There is no build of it for Linux on ARM: there a kiosk has one opinion.
"""

from functools import cache
from types import ModuleType

_NETWORKS = {"bitcoin": "BITCOIN", "testnet": "TESTNET", "regtest": "REGTEST"}


@cache
def _library() -> ModuleType | None:
    """Late: it takes a third of a second, which the start of a kiosk has no use for."""
    try:
        import bdkpython  # noqa: PLC0415
    except ModuleNotFoundError:
        return None
    library: ModuleType = bdkpython
    return library


def agrees(address: str, network: str) -> bool:
    """That `address` is a Bitcoin address of `network`."""
    library = _library()
    if library is None:
        return True
    try:
        library.Address(address, library.Network[_NETWORKS[network]])
    except library.AddressParseError:
        return False
    return True
