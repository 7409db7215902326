"""A decoder that speaks SSI.

Delivered it is triggered by a button that nobody presses and sends codes as they are: so it shows whether its host
sets it up. It sleeps when nothing happens, and what wakes it is lost. A packet that nobody acknowledges it sends
twice more. Source: SE-923 Integration Guide, chapter 6; SE955 Integration Guide, chapter 10.
"""

from collections.abc import Iterator

from hardware_sim.link import Clock
from hardware_sim.scanner.optics import Mode, Optics, Shown
from hardware_sim.scanner.ssi_packets import (
    CODE_128,
    CONTINUED,
    QR_CODE,
    RETRANSMIT,
    STATUS,
    Heard,
    Opcode,
    PacketEar,
    packet,
)

RESEND, BAD_CONTEXT, DENIED = 0x01, 0x02, 0x06
TRIGGER_MODE, HOST_TRIGGER, LEVEL = 0x8A, 0x08, 0x00
PACKET_FORMAT, PACKETED, RAW = 0xEE, 0x01, 0x00
PERMANENT = 0x08  # a bit of STATUS
ANSWER_S = 2.0
RETRIES = 2
SLEEPS_AFTER_S = 1.0
WAKING_S = 0.01
PART_BYTES = 250


class Ssi:
    def __init__(self, optics: Optics, clock: Clock) -> None:
        self._optics = optics
        self._clock = clock
        self.boot()

    def boot(self) -> None:
        self._params = {TRIGGER_MODE: LEVEL, PACKET_FORMAT: RAW}
        self._is_enabled = True
        self._ear = PacketEar(self._clock)
        self._waiting: list[bytes] = []  # packets to send; the first is sent and not acknowledged
        self._spoils = False
        self._retries = 0
        self._again_at_s = 0.0
        self._busy_s = self._deaf_until_s = self._clock()
        self._optics.set_up(Mode.TRIGGERED)

    def turn(self, heard: bytes) -> bytes:
        said = b"".join(self._answer(each) for each in self._ear.hear(self._awake(heard)))
        if not self._waiting and (seen := self._optics.read()):
            said += self._send(seen)
        elif self._waiting and self._clock() >= self._again_at_s:
            said += self._send_again()
        return said

    def _awake(self, heard: bytes) -> bytes:
        """What can be understood of it."""
        now_s = self._clock()
        is_asleep = now_s - self._busy_s > SLEEPS_AFTER_S
        if self._optics.is_looking or self._waiting or (heard and not is_asleep):
            self._busy_s = now_s
        elif heard:
            self._busy_s, self._deaf_until_s = now_s, now_s + WAKING_S
        return heard if now_s >= self._deaf_until_s else b""

    def _answer(self, heard: Heard) -> bytes:
        if not heard.is_whole:
            return packet(Opcode.CMD_NAK, bytes([RESEND]))
        match heard.opcode:
            case Opcode.CMD_ACK | Opcode.CMD_NAK:
                return self._acknowledged(heard)
            case Opcode.PARAM_SEND:
                return self._set(heard)
            case Opcode.START_DECODE:
                if self._params[TRIGGER_MODE] != HOST_TRIGGER:
                    return packet(Opcode.CMD_NAK, bytes([DENIED]))
                if self._is_enabled:
                    self._optics.look()
            case Opcode.STOP_DECODE:
                self._optics.look_away()
            case Opcode.SCAN_ENABLE | Opcode.SCAN_DISABLE:
                self._is_enabled = heard.opcode == Opcode.SCAN_ENABLE
                if not self._is_enabled:
                    self._optics.look_away()
            case _:
                return packet(Opcode.CMD_NAK, bytes([BAD_CONTEXT]))
        return packet(Opcode.CMD_ACK)

    def _set(self, heard: Heard) -> bytes:
        if heard.status & PERMANENT:
            self._optics.report("flash_written")
        pairs = heard.data[1:]  # behind the beep
        for number, value in zip(pairs[::2], pairs[1::2], strict=False):
            self._params[number] = value
        return packet(Opcode.CMD_ACK)

    # --- a code on its way to the host

    def _send(self, seen: Shown) -> bytes:
        if self._params[PACKET_FORMAT] == RAW:
            return seen.data
        self._waiting = list(_packets(bytes([QR_CODE if seen.is_qr else CODE_128]) + seen.data))
        self._spoils = seen.spoils
        return self._send_first()

    def _send_first(self) -> bytes:
        self._retries = 0
        self._again_at_s = self._clock() + ANSWER_S
        first = self._waiting[0]
        if self._spoils:
            self._spoils = False
            return first[:-1] + bytes([first[-1] ^ 0x10])
        return first

    def _send_again(self) -> bytes:
        if self._retries == RETRIES:
            self._waiting = []
            self._optics.report("transmit_error")
            return b""
        self._retries += 1
        self._again_at_s = self._clock() + ANSWER_S
        body = bytearray(self._waiting[0][:-2])
        return packet(Opcode.DECODE_DATA, bytes(body[STATUS + 1 :]), body[STATUS] | RETRANSMIT)

    def _acknowledged(self, heard: Heard) -> bytes:
        if not self._waiting:
            return b""
        if heard.opcode == Opcode.CMD_NAK:
            return self._send_again()
        del self._waiting[0]
        if not self._waiting:
            self._optics.report("acknowledged")
            return b""
        return self._send_first()


def _packets(data: bytes) -> Iterator[bytes]:
    """The kind of code is in the first only."""
    for at in range(0, len(data), PART_BYTES):
        more = at + PART_BYTES < len(data)
        yield packet(Opcode.DECODE_DATA, data[at : at + PART_BYTES], CONTINUED if more else 0)
