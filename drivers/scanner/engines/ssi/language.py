"""Zebra's SSI: we ask and are acknowledged, the decoder sends codes and we acknowledge them.

The engine is set to packets and to being triggered by us, until its power is cut. Kinds of codes are not
switched off in it: each would be a setting of its own; a code that is no QR code is dropped here.
Sources: Symbol SE-923 Integration Guide, WAKEUP, PARAM_SEND, DECODE_DATA; SE955's, CMD_ACK, START_DECODE; Zebra
72E-40451. Not spoken: the batches of cordless scanners (MN001667), and hardware handshaking.
"""

from drivers.scanner.engines.language import (
    Answer,
    Code,
    EngineKind,
    Heard,
    Receipt,
    Request,
)
from drivers.scanner.engines.ssi.packets import DECODER, Decoder, Opcode, Packet, encode
from drivers.scanner.legible import TEXT_CHARS_MAX

NO_BEEP = 0xFF
DECODE_DATA_FORMAT, PACKETED = 0xEE, 0x01
TRIGGER_MODE, BY_HOST = 0x8A, 0x08
RESEND = 0x01  # why a packet is not acknowledged; 02 bad context, 06 denied
QR_CODE, NO_CODE = 0x1C, 0x00  # kinds of codes
PARTS_APART_S = 7.0  # the decoder gives up after three tries of 2 s

ACK = encode(Packet(Opcode.CMD_ACK))
NAK_RESEND = encode(Packet(Opcode.CMD_NAK, bytes([RESEND])))


def _request(opcode: Opcode, data: bytes = b"") -> Request:
    packet = Packet(opcode, data)
    return Request(encode(packet), again=encode(packet.again()))


class Ssi:
    wake = (Request(b"\x00", is_answered=False, pause_s=0.05),)  # WAKEUP: 10 ms to 1 s
    setup = (
        _request(
            Opcode.PARAM_SEND,
            bytes([NO_BEEP, DECODE_DATA_FORMAT, PACKETED, TRIGGER_MODE, BY_HOST]),
        ),
    )
    start = (_request(Opcode.SCAN_ENABLE), _request(Opcode.START_DECODE))
    stop = (_request(Opcode.STOP_DECODE), _request(Opcode.SCAN_DISABLE))

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._decoder = Decoder(DECODER)
        self._strange_bytes = 0  # that came since the line was last quiet, and were in no packet
        self._last: Packet | None = None
        self.begin()

    def begin(self) -> None:
        self._parts: list[bytes] = []  # of a code that comes in several packets
        self._part_s = 0.0
        self._asked_again = False

    def hear(self, data: bytes, now_s: float) -> list[Heard]:
        packets = self._decoder.feed(data)
        self._strange_bytes += len(data) - sum(packet.wire_bytes for packet in packets)
        return [item for packet in packets for item in self._heard(packet, now_s)]

    def fall_silent(self) -> list[Heard]:
        """Now and not before: nobody listens while they speak."""
        self._decoder.discard()
        is_damaged, self._strange_bytes = self._strange_bytes > 0, 0
        self._asked_again |= is_damaged
        return [Receipt(NAK_RESEND)] if is_damaged else []

    def _heard(self, packet: Packet, now_s: float) -> list[Heard]:
        match packet.opcode:
            case Opcode.CMD_ACK:
                return [Answer()]
            case Opcode.CMD_NAK if packet.data[:1] == bytes([RESEND]):
                return [Answer(is_plea=True)]
            case Opcode.CMD_NAK:
                return [Answer(refused=(f"a request, cause {packet.data[:1].hex() or 'none'}",))]
            case Opcode.DECODE_DATA:
                return [Receipt(ACK), *self._join(packet, now_s)]
            case _:
                return [Receipt(ACK)]

    def _join(self, packet: Packet, now_s: float) -> list[Heard]:
        """The kind of code stands before the first part."""
        if now_s - self._part_s > PARTS_APART_S:
            self._parts = []
        if packet.is_again and not self._is_missed(packet):
            return []
        self._last, self._asked_again, self._part_s = packet, False, now_s
        self._parts.append(packet.data)
        if sum(map(len, self._parts)) > TEXT_CHARS_MAX:
            self._parts = [bytes([NO_CODE])]  # what follows of it is dropped with it
        if packet.has_more:
            return []
        whole, self._parts = b"".join(self._parts), []
        return [Code(whole[1:])] if whole and whole[0] == QR_CODE else []

    def _is_missed(self, packet: Packet) -> bool:
        """Our acknowledgement was lost, or the packet was; but not one that was under way before `begin`."""
        is_same = self._last is not None and self._last.again() == packet.again()
        return not is_same and (self._asked_again or bool(self._parts))


KIND = EngineKind(Ssi, baud=9_600)
