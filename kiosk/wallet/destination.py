"""Where the coins go: what a wallet's code says, checked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Destination:
    coin: str  # its ticker; of a token that has none here, its contract
    network: str  # bitcoin, testnet, regtest; lightning; litecoin; evm where only the customer knows which; ...
    address: str  # in one spelling, so that equal addresses are equal texts
    requested_base_units: int | None  # what the code asks for; the customer decides by inserting
    label: str | None  # the wallet's own words, unproven
    expires_at_ms: int | None = None
