# pragma version 0.4.3
"""Compiled by: uvx --from vyper==0.4.3 vyper -f bytecode --evm-version paris token.vy > token.hex

A token (ERC-20) for tests, whose manners can be changed while it runs (by writing to its storage).

    0  as the standard has it       3  answers nothing, and moves
    1  reverts                      4  moves a hundredth less: a fee of its own
    2  answers false, moves nothing
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

symbol: public(String[8])
decimals: public(uint8)
balanceOf: public(HashMap[address, uint256])
manners: public(uint256)

@deploy
def __init__(symbol: String[8], decimals: uint8, supply: uint256):
    self.symbol = symbol
    self.decimals = decimals
    self.balanceOf[msg.sender] = supply

@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[32]:
    assert self.manners != 1, "reverted as told"
    if self.manners == 2:
        return abi_encode(False)
    moved: uint256 = amount
    if self.manners == 4:
        moved -= amount // 100
    self.balanceOf[msg.sender] -= moved
    self.balanceOf[to] += moved
    log Transfer(sender=msg.sender, receiver=to, value=moved)
    if self.manners == 3:
        return b""
    return abi_encode(True)
