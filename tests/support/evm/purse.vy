# pragma version 0.4.3
"""Compiled by: uvx --from vyper==0.4.3 vyper -f bytecode --evm-version paris purse.vy > purse.hex

A contract that takes coins, or will not: a wallet that changes its mind."""

closed: public(bool)

@external
@payable
def __default__():
    assert not self.closed, "closed"
