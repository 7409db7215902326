"""The kiosk's configuration: one TOML file, every key known, a typo an error that names the near match."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from drivers.bill_acceptor.protocols import PROTOCOLS
from drivers.scanner.config import CAMERA
from drivers.scanner.engines.kinds import ENGINES
from kiosk.errors import InvalidInput
from kiosk.screen_link.link import DEFAULT_SOCKET
from kiosk.session.deadlines import Deadlines


def _written_as(pattern: str, words: str) -> AfterValidator:
    """What breaks the pattern is told in words: pydantic's own message would print the pattern."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"it must be {words}")
        return text

    return AfterValidator(check)


KioskId = Annotated[str, _written_as("[A-Za-z0-9-]{3,64}", "3 to 64 letters, digits and hyphens")]
Currency = Annotated[str, _written_as("[A-Z]{3}", "a code of three capital letters, such as USD")]
Baud = Literal[
    1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600
]
PositiveMinor = Annotated[int, Field(gt=0, le=10**9)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KioskSection(_Section):
    id: KioskId
    name: str = "Kiosk"
    data_dir: Path
    currency: Currency = "USD"
    network: Literal["bitcoin", "testnet", "regtest", "practice"] = "bitcoin"
    languages: Annotated[tuple[Literal["en", "es"], ...], Field(min_length=1)] = ("en", "es")


class OperatorSection(_Section):
    name: str
    support_phone: str
    licence: str = ""


class CentralSection(_Section):
    url: HttpUrl
    key_file: Path


class BillAcceptorSection(_Section):
    protocol: str = "id003"
    port: Path
    parity: Literal["none", "even", "odd"] | None = None  # None: as the protocol's document says

    @field_validator("protocol")
    @classmethod
    def _protocol_is_known(cls, name: str) -> str:
        if name not in PROTOCOLS:
            raise ValueError(f"no such protocol; known: {', '.join(sorted(PROTOCOLS))}")
        return name


class ScannerSection(_Section):
    kind: str = CAMERA
    source: Annotated[str, Field(min_length=1)]  # a camera's name, or a serial engine's port
    baud: Baud | None = None  # None: as the engine is delivered

    @field_validator("kind")
    @classmethod
    def _kind_is_known(cls, kind: str) -> str:
        if kind != CAMERA and kind not in ENGINES:
            raise ValueError(f"no such kind; known: {', '.join((CAMERA, *sorted(ENGINES)))}")
        return kind

    @field_validator("source")
    @classmethod
    def _source_fits_the_kind(cls, source: str, others: ValidationInfo) -> str:
        if others.data.get("kind") in ENGINES and not source.startswith("/"):
            raise ValueError("it must be the path of a port, such as /dev/serial/by-id/...")
        return source

    @field_validator("baud")
    @classmethod
    def _only_a_line_has_a_speed(cls, baud: int | None, others: ValidationInfo) -> int | None:
        if baud is not None and others.data.get("kind") == CAMERA:
            raise ValueError(f"a camera has no speed; scanner.kind is {CAMERA!r}")
        return baud

    second_scan: bool = False  # the code is shown twice, and must be the same


class PrinterSection(_Section):
    port: Path
    kind: Literal["serial", "file"] = "serial"


class LimitsSection(_Section):
    session_minor: PositiveMinor = 100_000


class ScreenSection(_Section):
    socket: Path = DEFAULT_SOCKET


class Config(_Section):
    kiosk: KioskSection
    operator: OperatorSection
    central: CentralSection
    bill_acceptor: BillAcceptorSection
    scanner: ScannerSection
    printer: PrinterSection | None = (
        None  # a kiosk without a printer shows the receipt on the screen
    )
    limits: LimitsSection = LimitsSection()
    screen: ScreenSection = ScreenSection()
    deadlines: Deadlines = Deadlines()

    @property
    def database(self) -> Path:
        return self.kiosk.data_dir / "kiosk.db"


def load_config(path: Path) -> Config:
    """Raises InvalidInput whose text names the file, each key at fault and what to do about it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{path}: cannot read the configuration: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: not valid TOML: {error}") from error
    try:
        return Config.model_validate(tables)
    except ValidationError as error:
        lines = [_explain(fault) for fault in error.errors()]
        raise InvalidInput("\n".join(f"{path}: {line}" for line in lines)) from error


def _explain(fault: Any) -> str:
    path = [str(part) for part in fault["loc"]]
    key = ".".join(path)
    match fault["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(path[-1], _known_keys(path[:-1]), n=1)
            hint = (
                f"did you mean {near[0]!r}?"
                if near
                else f"known: {', '.join(_known_keys(path[:-1]))}"
            )
            return f"unknown key {key!r}; {hint}"
        case "missing":
            return f"missing key {key!r}"
        case _:
            return f"{key} = {fault['input']!r}: {fault['msg'].removeprefix('Value error, ')}"


def _known_keys(path: list[str]) -> list[str]:
    model: type[BaseModel] = Config
    for part in path:
        annotation = model.model_fields[part].annotation
        candidates = (annotation, *get_args(annotation))
        model = next(c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    return sorted(model.model_fields)
