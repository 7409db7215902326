"""The kinds of serial engines. A further one adds a folder and a line."""

from drivers.scanner.engines.honeywell.language import KIND as HONEYWELL
from drivers.scanner.engines.language import EngineKind
from drivers.scanner.engines.newland.language import KIND as NEWLAND
from drivers.scanner.engines.ssi.language import KIND as SSI
from drivers.scanner.engines.text.language import KIND as TEXT

ENGINES: dict[str, EngineKind] = {
    "honeywell": HONEYWELL,
    "newland": NEWLAND,
    "ssi": SSI,
    "text": TEXT,
}
