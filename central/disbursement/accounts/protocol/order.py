"""Which of two messages is the later, when the line may deliver them in any order."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from disbursement.accounts.protocol.limits import INT32_MAX, INT32_MIN

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


def is_later_number(new: int, old: int) -> bool:
    """Signed 32-bit numbers that wrap (protocol, ConfigureAccount, note on seqnum)."""
    return 0 < (new - old) % 2**32 < 2**31


def is_later(new: tuple[int, int], old: tuple[int, int]) -> bool:
    """Each is (time, number): time first, and the number where times are equal."""
    return new[0] > old[0] or (new[0] == old[0] and is_later_number(new[1], old[1]))


def next_number(number: int) -> int:
    return INT32_MIN if number == INT32_MAX else number + 1


@lru_cache(maxsize=1024)  # a batch's are nearly all the same
def moment(at_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at_ms)


def moment_of_us(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)


def in_us(at: datetime) -> int:
    """Messages' own times are kept to their last digit, because they are told back and compared."""
    return (at - EPOCH) // _US


def in_ms(at: datetime) -> int:
    return in_us(at) // 1000
