"""The chains whose node is a Bitcoin Core, or made from one: what differs between them. Pure.

Sources: Bitcoin Core 26 and later; Litecoin Core 0.21: chainparams.cpp, policy/policy.h, and what its RPC lacks.
"""

from dataclasses import dataclass, field

# Bitcoin Core, src/policy/policy.cpp GetDustThreshold: the size of an output, and of the input that will spend it.
OUTPUT_OVERHEAD_BYTES = 9
SPENDING_INPUT_BYTES = 148
SPENDING_WITNESS_INPUT_BYTES = 67
LONGEST_USUAL_SCRIPT_BYTES = 25  # P2PKH


@dataclass(frozen=True)
class Chain:
    coin: str
    cli: str
    networks: dict[str, str] = field(repr=False)  # by the node's word
    dust_per_byte: int  # DUST_RELAY_TX_FEE
    may_replace: (
        bool  # DEFAULT_ENABLE_REPLACEMENT: whether nodes take a payment in place of another at all
    )
    tells_change: bool  # whether `listsinceblock` can list it

    def network_of(self, subversion: str, chain: str) -> str | None:
        """On regtest and test networks every chain has the same names; a node says itself whose it is."""
        is_litecoin = "Litecoin" in subversion
        return self.networks.get(chain) if is_litecoin == (self is LITECOIN) else None

    def dust_limit(self, script_bytes: int, *, is_witness: bool) -> int:
        spending = SPENDING_WITNESS_INPUT_BYTES if is_witness else SPENDING_INPUT_BYTES
        return self.dust_per_byte * (OUTPUT_OVERHEAD_BYTES + script_bytes + spending)

    @property
    def change_min(self) -> int:
        """The largest dust limit of a usual address; less is left to the fee."""
        return self.dust_limit(LONGEST_USUAL_SCRIPT_BYTES, is_witness=False)


BITCOIN = Chain(
    "BTC",
    "bitcoin-cli",
    {"main": "bitcoin", "test": "testnet", "testnet4": "testnet", "regtest": "regtest"},
    dust_per_byte=3,
    may_replace=True,
    tells_change=True,
)
LITECOIN = Chain(
    "LTC",
    "litecoin-cli",
    {"main": "litecoin", "test": "litecoin-testnet", "regtest": "litecoin-regtest"},
    dust_per_byte=30,
    may_replace=False,
    tells_change=False,
)
