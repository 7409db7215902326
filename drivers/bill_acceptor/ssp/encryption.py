"""eSSP: the key the two ends agree on, and the blocks they hide commands and replies in.

Responsible for: the key exchange's arithmetic, sealing and opening blocks, and their count.
Not responsible for: when to negotiate, and what to do when a block is not for us.

Block: LEN | COUNT (4 bytes, low first) | DATA | random bytes | CRC low | CRC high, padded to a multiple of 16 and
encrypted with AES-128-ECB. Key: the fixed key and the negotiated one, 8 bytes each, low byte first. A command
carries the count N, its reply N + 1, the next command N + 1; both ends begin at 0. The two keys are published
or 30 bits long: this keeps out noise and mistakes, not a person who cuts the cable.
Source: ITL SSP Protocol Manual GA138 v2.2, encryption layer; counts as ITL's own C library keeps them
(PyPI eSSP6 1.0.8).
"""

import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.bill_acceptor.ssp.codec import crc

FIXED_KEY = 0x0123456701234567  # the manual's default, in every unit that nobody has reprogrammed
GENERATOR = 982_451_653  # a prime, the manual's own example
MODULUS = 961_748_927  # a prime below it; a unit refuses (F4) what is not prime
NUMBER_BYTES = 8
BLOCK_BYTES = 16
_OVERHEAD_BYTES = 7  # LEN, COUNT, CRC
_COUNT_MASK = 0xFFFFFFFF


def number(value: int) -> bytes:
    return value.to_bytes(NUMBER_BYTES, "little")


def aes_key(shared: int) -> bytes:
    return number(FIXED_KEY) + number(shared)


def seal(data: bytes, key: bytes, count: int, padding: bytes | None = None) -> bytes:
    """The encrypted block; its padding is random unless given."""
    missing = -(len(data) + _OVERHEAD_BYTES) % BLOCK_BYTES
    filler = secrets.token_bytes(missing) if padding is None else padding
    body = bytes([len(data)]) + count.to_bytes(4, "little") + data + filler
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  # the vendor's choice
    return encryptor.update(body + crc(body).to_bytes(2, "little"))


def unseal(block: bytes, key: bytes) -> tuple[int, bytes] | None:
    """The count and the data; None when it was not sealed with this key, or was spoilt."""
    if not block or len(block) % BLOCK_BYTES:
        return None
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305  # the vendor's choice
    body = decryptor.update(block)
    length = body[0]
    if not 0 < length <= len(body) - _OVERHEAD_BYTES:
        return None
    if crc(body[:-2]) != int.from_bytes(body[-2:], "little"):
        return None
    return int.from_bytes(body[1:5], "little"), body[5 : 5 + length]


class KeyExchange:
    """Diffie and Hellman's, with this host's secret number."""

    def __init__(self) -> None:
        self._secret = 1 + secrets.randbelow(MODULUS - 2)

    @property
    def host_inter_key(self) -> int:
        return pow(GENERATOR, self._secret, MODULUS)

    def session(self, slave_inter_key: int) -> "Session":
        return Session(aes_key(pow(slave_inter_key, self._secret, MODULUS)))


class Session:
    """One key and the count under it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._next = 0

    def seal(self, data: bytes) -> bytes:
        """A new command. What is sent again is sent as it was, never sealed anew."""
        block = seal(data, self._key, self._next)
        self._next = self._next + 1 & _COUNT_MASK
        return block

    def unseal(self, block: bytes) -> bytes | None:
        """The reply to the command sealed last, as often as it is repeated; None for anything else."""
        opened = unseal(block, self._key)
        return opened[1] if opened and opened[0] == self._next else None
