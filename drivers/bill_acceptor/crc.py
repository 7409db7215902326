"""CRC-16/KERMIT, the check of ID-003 and of CCNET."""

from functools import reduce

POLYNOMIAL = 0x8408  # 0x1021, reflected


def _shifted(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_shifted(byte) for byte in range(256))


def kermit(data: bytes) -> int:
    """Initial value 0, no final xor. Both protocols send the low byte first."""
    return reduce(lambda crc, byte: crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF], data, 0)
