"""The account's private key: read from its file, and the only thing that ever signs.

It is in no log, no error and no table. The node never has it.
"""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from disbursement.errors import InvalidSetup, WalletRefused
from disbursement.wallets.evm.node import Call
from disbursement.wallets.evm.units import WEI_PER_GWEI

KEY_BYTES = 32
FILE_BYTES_MAX = 1_024


@dataclass(frozen=True)
class Gas:
    """How much a transaction may use, and what each unit of it costs."""

    limit: int
    price_gwei: int

    @property
    def fee_gwei(self) -> int:
        return self.limit * self.price_gwei


@dataclass(frozen=True)
class Key:
    _account: LocalAccount = field(repr=False)

    @property
    def address(self) -> str:
        return str(self._account.address)

    def sign(self, chain_id: int, nonce: int, call: Call, gas: Gas) -> tuple[str, str]:
        """The bytes and the hash, in hex without 0x. The tip is as high as the most that is paid, so what a
        unit of gas costs is known beforehand, whatever the block's base fee."""
        price_wei = gas.price_gwei * WEI_PER_GWEI
        signed = self._account.sign_transaction(
            {
                "type": 2,
                "chainId": chain_id,
                "nonce": nonce,
                "to": bytes.fromhex(call.to.removeprefix("0x")),
                "value": call.value_wei,
                "data": call.data,
                "gas": gas.limit,
                "maxFeePerGas": price_wei,
                "maxPriorityFeePerGas": price_wei,
            }
        )
        if Account.recover_transaction(signed.raw_transaction) != self.address:
            raise WalletRefused("what was signed is not of our account")
        return bytes(signed.raw_transaction).hex(), bytes(signed.hash).hex()


def read_key(path: Path) -> Key:
    """32 bytes, or the same in hex, that nobody but their owner can read. Raises InvalidSetup."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            content = file.read(FILE_BYTES_MAX)
    except OSError as failure:
        raise InvalidSetup(
            f"wallet.key_file, {path}: cannot be read: {failure.strerror}"
        ) from failure
    if mode & 0o077:
        raise InvalidSetup(
            f"wallet.key_file, {path}: others may read it (mode {mode:03o}): `chmod 600 {path}`, and if they "
            "could for long, make a new key"
        )
    try:
        secret = content if len(content) == KEY_BYTES else bytes.fromhex(_digits(content))
        if len(secret) != KEY_BYTES:
            raise ValueError("another length")  # noqa: TRY301  # one way out, below
        return Key(Account.from_key(secret))
    except ValueError:
        # the cause is left out: it may show what is in the file
        raise InvalidSetup(
            f"wallet.key_file, {path}: not a private key: 64 hex digits are needed, as "
            "`openssl rand -hex 32` makes them"
        ) from None


def _digits(content: bytes) -> str:
    return content.decode("ascii", errors="replace").strip().removeprefix("0x")
