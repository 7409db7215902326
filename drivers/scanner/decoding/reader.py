"""What reads: a process that can do nothing else.

Responsible for: one answer to each request, within the time that a picture may take.
Not responsible for: being there; `worker.py` forks it, and the next one after it.
"""

import codecs
import mmap
import os
import signal
import socket
from typing import NoReturn

import numpy as np
import zxingcpp

from drivers.scanner.cascade import read_file, read_picture
from drivers.scanner.decode import TURNS, Decoder, search
from drivers.scanner.decoding.messages import (
    PACKET_BYTES_MAX,
    Answer,
    Look,
    Read,
    Ready,
    packed,
    unpacked,
)
from drivers.scanner.decoding.sandbox import limit_resources, limit_system_calls
from drivers.scanner.picture import Picture, as_picture

LOOK_CPU_S = 0.5  # an honest frame takes a tenth of it on a slow machine
READ_CPU_S = 10.0  # all stages, of a photograph of any size


def sample() -> Picture:
    """Of a code."""
    code = zxingcpp.create_barcode("warm", zxingcpp.BarcodeFormat.QRCodeModel2)
    return as_picture(np.array(zxingcpp.write_barcode_to_image(code, scale=4)))


def warm_up() -> None:
    """What Python and the libraries load late must be there before files cannot be opened any more."""
    codecs.lookup("shift_jis")
    picture = sample()
    read_picture(picture)
    search(as_picture(0.8 * np.pad(picture, 40, constant_values=255)))  # down to the last hint
    decoder = Decoder()
    for frame in (picture, *[as_picture(picture * 0)] * TURNS):
        decoder.look(frame)


def read_for_ever(line: socket.socket, memory: mmap.mmap, *, sandboxed: bool) -> NoReturn:
    limit_resources()
    if sandboxed:
        limit_system_calls()
    line.send(packed(Ready(sandboxed)))
    decoder = Decoder()
    while packet := line.recv(PACKET_BYTES_MAX):
        number, request = unpacked(packet)
        if isinstance(request, Look | Read):
            line.send(packed(_answer(request, decoder, memory), number))
    os._exit(0)


def _answer(request: Look | Read, decoder: Decoder, memory: mmap.mmap) -> Answer:
    """The kernel ends the process when the time is up, whatever native code it is in."""
    limit_s = LOOK_CPU_S if isinstance(request, Look) else READ_CPU_S
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    answer: Answer
    if isinstance(request, Look):
        answer = decoder.look(_frame(memory, request))
    else:
        answer = read_file(memory[: request.length])
    signal.setitimer(signal.ITIMER_PROF, 0)
    return answer


def _frame(memory: mmap.mmap, look: Look) -> Picture:
    return as_picture(memoryview(memory)[: look.rows * look.columns]).reshape(
        look.rows, look.columns
    )
