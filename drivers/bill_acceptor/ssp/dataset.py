"""The device's own table of bills, read with SETUP REQUEST (05): channel to bill.

Source: ITL SSP Protocol Manual GA138 v2.2, Setup Request: type, firmware (4 letters), country (3 letters),
value multiplier (3 bytes), n, n values, n securities, real multiplier (3 bytes), protocol version; from
version 6 on also n countries (3 letters each) and n values (4 bytes each, low byte first). The real multiplier
makes the smallest unit of the currency of a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.bill_acceptor.events import Bill

INHIBIT_BYTES = 2  # one bit for each of 16 channels
_HEAD_BYTES = 12  # up to n
_EXPANDED_SINCE = 6


@dataclass(frozen=True)
class Dataset:
    firmware: str
    bills: Mapping[int, Bill]  # by channel, unused channels left out


def read_dataset(data: bytes) -> Dataset | None:
    """None when the reply is shorter than it says, or not of a validator."""
    count = data[_HEAD_BYTES - 1] if len(data) >= _HEAD_BYTES else 0
    tail = data[_HEAD_BYTES + 2 * count :]
    if not count or len(tail) < 4:
        return None
    real, version = int.from_bytes(tail[:3], "big"), tail[3]
    multiplier = int.from_bytes(data[8:11], "big")
    countries = [data[5:8]] * count
    values = [value * multiplier for value in data[_HEAD_BYTES : _HEAD_BYTES + count]]
    if version >= _EXPANDED_SINCE:
        if len(tail) < 4 + 7 * count:
            return None
        countries = [tail[at : at + 3] for at in range(4, 4 + 3 * count, 3)]
        first = 4 + 3 * count
        values = [
            int.from_bytes(tail[at : at + 4], "little")
            for at in range(first, first + 4 * count, 4)
        ]
    bills = {
        channel: Bill(value * real, country.decode("ascii", "replace"))
        for channel, (value, country) in enumerate(zip(values, countries, strict=True), start=1)
        if value * real
    }
    return Dataset(data[1:5].decode("ascii", "replace"), bills)


def enabled_channels(bills: Mapping[int, Bill]) -> bytes:
    """The data of SET INHIBITS: bit 0 of the first byte enables channel 1."""
    bits = sum(1 << channel - 1 for channel in bills if channel <= 8 * INHIBIT_BYTES)
    return bits.to_bytes(INHIBIT_BYTES, "little")
