"""eSSP, the encrypted layer: how host and validator agree on a key, and the blocks they then exchange.

Responsible for: key exchange, counters, AES. A block with a wrong count or checksum is not read at all.

Source: ITL SSP Protocol Manual GA138, encryption layer and encryption keys; the counts as ITL's own
library and the npm client use them: a command carries N, its reply and the next command N + 1.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from hardware_sim.bill_acceptor.ssp.frames import checksum

MARK = 0x7E
DEFAULT_FIXED_KEY = 0x0123456701234567
_BLOCK = 16
_COUNT_AT, _DATA_AT, _CHECK = 1, 5, 2
_COUNTS = 1 << 32
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # enough for all numbers of 64 bits


def is_prime(number: int) -> bool:
    """Miller-Rabin."""
    if number < 2 or any(number % prime == 0 for prime in _WITNESSES):
        return number in _WITNESSES
    twos = ((number - 1) & -(number - 1)).bit_length() - 1
    return all(_is_witnessed(number, witness, twos) for witness in _WITNESSES)


def _is_witnessed(number: int, witness: int, twos: int) -> bool:
    power = pow(witness, (number - 1) >> twos, number)
    if power in (1, number - 1):
        return True
    return any((power := power * power % number) == number - 1 for _ in range(twos - 1))


@dataclass(frozen=True)
class Agreement:
    intermediate: int  # what the host needs to come to the same key
    negotiated: int


def agree(generator: int, modulus: int, host_intermediate: int, own_random: int) -> Agreement:
    return Agreement(
        pow(generator, own_random, modulus), pow(host_intermediate, own_random, modulus)
    )


def key(fixed: int, negotiated: int) -> bytes:
    return fixed.to_bytes(8, "little") + negotiated.to_bytes(8, "little")


def seal(
    aes_key: bytes, count: int, data: bytes, pad: Callable[[int], bytes] = os.urandom
) -> bytes:
    """Data of a packet, encrypted and marked."""
    block = bytes([len(data)]) + count.to_bytes(4, "little") + data
    block += pad(-(len(block) + _CHECK) % _BLOCK)
    encryptor = Cipher(AES(aes_key), ECB()).encryptor()  # noqa: S305 (as the protocol has it)
    return bytes([MARK]) + encryptor.update(block + checksum(block)) + encryptor.finalize()


def unseal(aes_key: bytes, sealed: bytes) -> tuple[int, bytes] | None:
    """Count and data of a marked block, or None when it was not made with this key."""
    if len(sealed) <= 1 or len(sealed[1:]) % _BLOCK:
        return None
    decryptor = Cipher(AES(aes_key), ECB()).decryptor()  # noqa: S305 (as the protocol has it)
    block = decryptor.update(sealed[1:]) + decryptor.finalize()
    end = _DATA_AT + block[0]
    if checksum(block[:-_CHECK]) != block[-_CHECK:] or end > len(block) - _CHECK:
        return None
    return int.from_bytes(block[_COUNT_AT:_DATA_AT], "little"), block[_DATA_AT:end]


class Encryption:
    """The validator's end: it begins anew with each power-up, but for the fixed key."""

    def __init__(self) -> None:
        self.fixed = DEFAULT_FIXED_KEY
        self.forget()

    def forget(self) -> None:
        self.generator = self.modulus = 0
        self._key: bytes | None = None
        self._count = 0

    @property
    def agreed(self) -> bool:
        return self._key is not None

    def exchange(self, host_intermediate: int) -> int | None:
        """Our intermediate key; None while generator or modulus are missing."""
        if not (self.generator and self.modulus):
            return None
        agreement = agree(
            self.generator, self.modulus, host_intermediate, secrets.randbits(32) | 1 << 32
        )
        self._key, self._count = key(self.fixed, agreement.negotiated), 0
        return agreement.intermediate

    def read(self, sealed: bytes) -> bytes | None:
        opened = unseal(self._key, sealed) if self._key else None
        if opened is None or opened[0] != self._count:
            return None
        self._count = (self._count + 1) % _COUNTS
        return opened[1]

    def write(self, data: bytes) -> bytes:
        if self._key is None:
            raise AssertionError("there is no key")
        return seal(self._key, self._count, data)
