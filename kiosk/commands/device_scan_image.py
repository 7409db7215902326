"""`kiosk device scan-image`: what the camera's cascade reads in pictures, one after another.

Responsible for: trying the reading of codes without a camera, on any picture.
"""

import json
import sys
import time
from pathlib import Path

import click

from drivers.scanner.decoding.messages import ROOM_BYTES, Lost
from drivers.scanner.decoding.process import DecodingProcess, open_decoder


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def scan_image(files: tuple[Path, ...]) -> None:
    """Read the QR code in each picture.

    Prints one line of JSON a file: `file`; `text`, or null where nothing was read; `stage`, the way of reading that
    succeeded; `ms`; and `error` where the file is not a picture. The text is printed as the code holds it, even a
    private key. It ends with 1 when a file could not be looked at.
    """
    with open_decoder() as decoder:
        errors = [_tell(file, decoder) for file in files]
    sys.exit(1 if any(errors) else 0)


def _tell(file: Path, decoder: DecodingProcess) -> str | None:
    began_s = time.perf_counter()
    text, stage, error = _read(file, decoder)
    ms = round((time.perf_counter() - began_s) * 1000, 2)
    line = {"file": str(file), "text": text, "stage": stage, "ms": ms}
    click.echo(json.dumps(line | ({"error": error} if error else {})))
    return error


def _read(file: Path, decoder: DecodingProcess) -> tuple[str | None, str | None, str | None]:
    """Text, stage, error."""
    try:
        if file.stat().st_size > ROOM_BYTES:
            return None, None, f"larger than {ROOM_BYTES // 2**20} MiB"
        reading = decoder.read(file.read_bytes())
    except OSError as error:
        return None, None, error.strerror or str(error)
    if isinstance(reading, Lost):
        return None, None, f"the reader {reading.reason} over it"
    return reading.text, reading.stage, reading.refusal
