"""eSSP dialogues: agreeing on a key, and what becomes of commands in the clear, out of count, or repeated."""

import pytest

from hardware_sim.bill_acceptor.ssp.encryption import key, seal, unseal
from ssp_host import SspHost, packet

GENERATOR, MODULUS, OWN = 982451653, 1287821, 7554354432121  # the manual's examples
FIXED = 0x0123456701234567


class EncryptedHost(SspHost):
    """Keeps its own count: a command carries it, and the reply one more."""

    def agree(self, fixed: int = FIXED) -> None:
        self.sync()
        assert self.ask(f"4A {words(GENERATOR)}") == "F0"
        assert self.ask(f"4B {words(MODULUS)}") == "F0"
        reply = bytes.fromhex(self.ask(f"4C {words(pow(GENERATOR, OWN, MODULUS))}"))
        assert reply[0] == 0xF0
        theirs = int.from_bytes(reply[1:], "little")
        self.key = key(fixed, pow(theirs, OWN, MODULUS))
        self.count = 0

    def seal(self, command: str, count: int | None = None) -> str:
        count = self.count if count is None else count
        return seal(self.key, count, bytes.fromhex(command)).hex()

    def ask_sealed(self, command: str) -> str:
        reply = self.ask(self.seal(command))
        return self.opened(reply) if reply else ""

    def opened(self, reply: str) -> str:
        block = unseal(self.key, bytes.fromhex(reply))
        assert block is not None
        count, data = block
        assert count == self.count + 1
        self.count += 1
        return data.hex(" ").upper()


def words(number: int) -> str:
    return number.to_bytes(8, "little").hex()


@pytest.fixture
def host():
    return EncryptedHost()


@pytest.mark.parametrize("command", ["4A", "4B"])
@pytest.mark.parametrize("number", [12883, 10225, 0, 1])
def test_what_is_not_prime_is_out_of_range(host, command, number):
    host.sync()
    assert host.ask(f"{command} {words(number)}") == "F4"


def test_counts_go_on_from_command_to_reply_to_command(host):
    host.agree()
    for _ in range(3):
        assert host.ask_sealed("0C") == "F0 00 1C 96 2C"
    assert host.count == 3


def test_clear_and_encrypted_commands_may_be_mixed(host):
    host.agree()
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"
    assert host.ask("0C") == "F0 00 1C 96 2C"
    assert host.ask_sealed("17") == "F0 00"


def test_a_new_agreement_counts_from_zero(host):
    host.agree()
    host.ask_sealed("0C")
    host.agree()
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"
    assert host.count == 1


@pytest.mark.parametrize("count", [1, 5, 2**32 - 1])
def test_a_wrong_count_is_discarded_in_silence(host, count):
    host.agree()
    assert host.ask(host.seal("0C", count)) == ""
    assert host.repeat(host.seal("0C", 0)) != ""  # its sequence was not used up


def test_another_key_is_discarded_in_silence(host):
    host.agree()
    host.key, agreed = bytes(16), host.key
    assert host.ask(host.seal("0C")) == ""
    host.key = agreed
    host.sequence ^= 0x80
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"


def test_a_retransmission_gets_the_same_bytes_and_no_new_count(host):
    host.agree()
    host.sequence ^= 0x80
    command = packet(host.seal("0C"), host.sequence)
    first = host.send(command)
    assert first
    assert host.send(command) == first
    host.count = 1
    assert host.ask_sealed("17") == "F0 00"


def test_a_stuffed_block_is_read(host):
    host.agree()
    while b"\x7f" not in bytes.fromhex(command := host.seal("0C")):
        pass
    assert host.opened(host.ask(command)) == "F0 00 1C 96 2C"


def test_a_whole_bill(host):
    host.agree()
    host.idle_for(2)
    for command in ("06 08", "02 FF FF", "0A"):
        assert host.ask_sealed(command) == "F0"
    assert host.ask_sealed("56") == "F0 F1"
    host.hands.insert(20)
    host.idle_for(1.1)
    assert host.ask_sealed("56") == "F0 EF 05"
    assert host.ask_sealed("56") == "F0 CC"
    host.idle_for(0.65)
    assert host.ask_sealed("56") == "F0 CC EE 05"
    assert host.ask_sealed("57") == "F0"
    assert host.named("credit_acknowledged") == [20]


def test_a_power_cycle_loses_the_key(host):
    host.agree()
    host.ask_sealed("0C")
    host.power_cycle()
    host.sync()
    assert host.ask(host.seal("0C")) == "FA"
    host.agree()
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"


def test_the_fixed_key_can_be_changed_and_outlives_power(host):
    host.agree()
    assert host.ask(f"60 {words(5)}") == "FA"  # not in the clear
    assert host.ask_sealed(f"60 {words(5)}") == "F0"
    host.power_cycle()
    host.agree(fixed=5)
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"
    assert host.ask_sealed("61") == "F0"
    host.agree(fixed=FIXED)
    assert host.ask_sealed("0C") == "F0 00 1C 96 2C"
