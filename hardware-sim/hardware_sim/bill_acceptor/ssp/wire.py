"""An SSP validator's half of the dialogue: each command in, at most one reply out.

Responsible for: sequence and repetition, when a command must be encrypted, what each command asks for or does.
A packet for another address, or an encrypted one that cannot be read, is passed over in silence.

Source: ITL SSP Protocol Manual GA138.
"""

from collections.abc import Callable, Iterator
from functools import partial

from hardware_sim.bill_acceptor.model import Acceptor
from hardware_sim.bill_acceptor.parts import Motion
from hardware_sim.bill_acceptor.ssp.encryption import DEFAULT_FIXED_KEY, MARK, Encryption, is_prime
from hardware_sim.bill_acceptor.ssp.frames import SEQUENCE, Packet, PacketReader, wrap
from hardware_sim.bill_acceptor.ssp.tables import (
    BUILD_REVISION,
    DATASETS,
    FIRMWARE,
    HIGHEST_PROTOCOL,
    INHIBITED_EVENT_FROM,
    PROTOCOL_AT_POWER_UP,
    SERIAL_NUMBER,
    Command,
    Response,
)
from hardware_sim.bill_acceptor.ssp.validator import Validator
from hardware_sim.link import Clock

ADDRESS = 0x00
_FASTEST = 2  # baud rates 0 to 2: 9600, 38400, 115200
_KEY_BYTES = 8

Answer = Callable[[bytes], bytes]


def _ok(data: bytes = b"") -> bytes:
    return bytes([Response.OK]) + data


def _no(response: Response) -> bytes:
    return bytes([response])


_CANNOT = _no(Response.CANNOT_BE_PROCESSED)


class Ssp:
    def __init__(
        self, acceptor: Acceptor, currency: str, clock: Clock, *, polls_with_ack: bool = True
    ) -> None:
        self._acceptor = acceptor
        self._dataset = DATASETS[currency]
        self._validator = Validator(acceptor, self._dataset, clock)
        self._encryption = Encryption()
        self._commands = self._all_commands()
        if not polls_with_ack:
            del self._commands[Command.POLL_WITH_ACK], self._commands[Command.EVENT_ACK]
        self._boots = acceptor.boots
        self._forget()

    def hear(self, data: bytes) -> Iterator[bytes]:
        """The replies to what has just come, packet by packet; call it also when nothing came."""
        self._validator.tick()
        if self._acceptor.motion is Motion.OFF or self._acceptor.boots != self._boots:
            self._boots = self._acceptor.boots
            self._forget()
        if self._acceptor.motion is Motion.OFF:
            return
        for packet in self._reader.feed(data):
            reply = self._reply(packet) if packet.address == ADDRESS and packet.data else None
            if reply is not None:
                yield reply
            self._restart_if_told()

    def _forget(self) -> None:
        self._reader = PacketReader()
        self._encryption.forget()
        self._protocol = PROTOCOL_AT_POWER_UP
        self._last_sequence: int | None = None
        self._last_reply = b""
        self._told_to_restart = False

    def _restart_if_told(self) -> None:
        if self._told_to_restart:
            self._forget()
            self._validator.restart()

    def _reply(self, packet: Packet) -> bytes | None:
        if packet.sequence == self._last_sequence and packet.data[0] != Command.SYNC:
            self._validator.hear()
            return self._last_reply
        sealed = packet.data[0] == MARK and self._encryption.agreed
        data = self._encryption.read(packet.data) if sealed else packet.data
        if not data:
            return None
        self._validator.hear()
        answer = self._answer(data, sealed=sealed)
        if sealed:
            answer = self._encryption.write(answer)
        self._last_sequence = SEQUENCE if data[0] == Command.SYNC else packet.sequence
        self._last_reply = wrap(Packet(ADDRESS, packet.sequence, answer))
        return self._last_reply

    def _answer(self, data: bytes, *, sealed: bool) -> bytes:
        code, parameters = data[0], data[1:]
        self._validator.settle_told_credit(arrived=code != Command.SYNC)
        if code == MARK or (code == Command.SET_FIXED_KEY and not sealed):
            return _no(Response.KEY_NOT_SET)
        if code not in self._commands:
            return _no(Response.UNKNOWN_COMMAND)
        lengths, answer = self._commands[code]
        if len(parameters) not in lengths:
            return _no(Response.WRONG_PARAMETER_COUNT)
        return answer(parameters)

    def _all_commands(self) -> dict[int, tuple[tuple[int, ...], Answer]]:
        """Each with the numbers of parameter bytes that it takes."""
        validator, dataset = self._validator, self._dataset
        return {
            Command.SYNC: ((0,), lambda _: _ok()),
            Command.RESET: ((0,), self._reset),
            Command.HOST_PROTOCOL_VERSION: ((1,), self._set_protocol),
            Command.POLL: ((0,), lambda _: _ok(validator.poll(with_ack=False))),
            Command.POLL_WITH_ACK: ((0,), lambda _: _ok(validator.poll(with_ack=True))),
            Command.EVENT_ACK: (
                (0,),
                lambda _: _ok() if validator.acknowledge_event() else _CANNOT,
            ),
            Command.ENABLE: ((0,), self._enable),
            Command.DISABLE: ((0,), self._disable),
            Command.SET_INHIBITS: ((1, 2), self._set_inhibits),
            Command.REJECT: ((0,), lambda _: _ok() if validator.give_back() else _CANNOT),
            Command.HOLD: ((0,), lambda _: _ok() if validator.holds_bill() else _CANNOT),
            Command.LAST_REJECT_CODE: ((0,), lambda _: _ok(bytes([validator.last_reject]))),
            Command.SETUP_REQUEST: ((0,), lambda _: _ok(dataset.setup(self._protocol))),
            Command.UNIT_DATA: ((0,), lambda _: _ok(dataset.unit_data(self._protocol))),
            Command.CHANNEL_VALUES: ((0,), lambda _: _ok(dataset.channel_values(self._protocol))),
            Command.CHANNEL_SECURITY: ((0,), lambda _: _ok(dataset.security())),
            Command.GET_SERIAL_NUMBER: ((0, 1), self._serial_number),
            Command.GET_FIRMWARE_VERSION: ((0,), lambda _: _ok(FIRMWARE)),
            Command.GET_DATASET_VERSION: ((0,), lambda _: _ok(dataset.version)),
            Command.GET_BUILD_REVISION: ((0,), lambda _: _ok(BUILD_REVISION)),
            Command.GET_COUNTERS: ((0,), self._counters),
            Command.RESET_COUNTERS: ((0,), self._reset_counters),
            Command.DISPLAY_ON: ((0,), lambda _: _ok()),
            Command.DISPLAY_OFF: ((0,), lambda _: _ok()),
            Command.CONFIGURE_BEZEL: ((4, 5), lambda _: _ok()),
            Command.SET_BAUD_RATE: ((2,), self._set_baud_rate),
            Command.SET_GENERATOR: ((_KEY_BYTES,), partial(self._set_prime, "generator")),
            Command.SET_MODULUS: ((_KEY_BYTES,), partial(self._set_prime, "modulus")),
            Command.REQUEST_KEY_EXCHANGE: ((_KEY_BYTES,), self._exchange_keys),
            Command.SET_FIXED_KEY: ((_KEY_BYTES,), self._set_fixed_key),
            Command.RESET_FIXED_KEY: ((0,), self._reset_fixed_key),
        }

    def _reset(self, _: bytes) -> bytes:
        self._told_to_restart = True
        return _ok()

    def _enable(self, _: bytes) -> bytes:
        self._validator.enable()
        return _ok()

    def _disable(self, _: bytes) -> bytes:
        self._validator.disable()
        return _ok()

    def _set_protocol(self, parameters: bytes) -> bytes:
        if not 1 <= parameters[0] <= HIGHEST_PROTOCOL:
            return _no(Response.FAIL)
        self._protocol = parameters[0]
        return _ok()

    def _set_inhibits(self, parameters: bytes) -> bytes:
        tell = self._protocol >= INHIBITED_EVENT_FROM
        self._validator.inhibit(int.from_bytes(parameters, "little"), tell=tell)
        return _ok()

    def _serial_number(self, parameters: bytes) -> bytes:
        if any(parameters):
            return _no(Response.OUT_OF_RANGE)  # no unit is attached that could have one of its own
        return _ok(SERIAL_NUMBER.to_bytes(4, "big"))

    def _counters(self, _: bytes) -> bytes:
        counts = self._validator.counts
        five = (counts["stacked"], 0, 0, 0, counts["rejected"])  # it stores and pays out nothing
        return _ok(bytes([len(five)]) + b"".join(each.to_bytes(4, "little") for each in five))

    def _reset_counters(self, _: bytes) -> bytes:
        self._validator.counts = dict.fromkeys(self._validator.counts, 0)
        return _ok()

    def _set_baud_rate(self, parameters: bytes) -> bytes:
        fits = parameters[0] <= _FASTEST and parameters[1] <= 1
        return _ok() if fits else _no(Response.OUT_OF_RANGE)

    def _set_prime(self, which: str, parameters: bytes) -> bytes:
        number = int.from_bytes(parameters, "little")
        if not is_prime(number):
            return _no(Response.OUT_OF_RANGE)
        setattr(self._encryption, which, number)
        return _ok()

    def _exchange_keys(self, parameters: bytes) -> bytes:
        intermediate = self._encryption.exchange(int.from_bytes(parameters, "little"))
        if intermediate is None:
            return _no(Response.FAIL)
        return _ok(intermediate.to_bytes(_KEY_BYTES, "little"))

    def _set_fixed_key(self, parameters: bytes) -> bytes:
        self._encryption.fixed = int.from_bytes(parameters, "little")
        return _ok()

    def _reset_fixed_key(self, _: bytes) -> bytes:
        self._encryption.fixed = DEFAULT_FIXED_KEY
        return self._reset(_)
