"""The reading of pictures without its process: `drivers.scanner.decoding.process.DecodingProcess`."""

from drivers.scanner.decode import Decoder
from drivers.scanner.picture import Picture
from drivers.scanner.seen import Seen


class DecoderHere:
    def __init__(self) -> None:
        self._decoder = Decoder()
        self._seen: Seen | None = None

    @property
    def is_busy(self) -> bool:
        return self._seen is not None

    def offer(self, picture: Picture) -> None:
        self._seen = self._decoder.look(picture)

    def seen(self) -> Seen | None:
        seen, self._seen = self._seen, None
        return seen

    def forget(self) -> None:
        self._decoder, self._seen = Decoder(), None

    def close(self) -> None:
        pass
