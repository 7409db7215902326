"""Central's configuration: one TOML file, every key known, a typo an error that names the near match.

    [server]
    host = "127.0.0.1"
    port = 8440
    data_dir = "/var/lib/stater-central"
    # database = "postgresql://stater@db.example/stater"   # in place of data_dir

    [sale]
    currency = "USD"
    markup_bps = 500          # 100 is one percent
    fee_minor = 200           # taken once from the cash of a sale

    [requests]
    max_amount = "0.05"       # the most coins that one disbursement request may take; 0 without it

    [customers]                # see docs/customers.md; without it nobody is asked who they are
    region = "US"
    anonymous = { day_minor = 0, month_minor = 0 }
    phone = { day_minor = 100_000, month_minor = 1_050_000 }
    reviewed = { day_minor = 1_000_000, month_minor = 5_000_000 }

    [price]
    source = "http"           # or "fixed", with price = "65000.00"
    url = "https://prices.example/btc-usd.json"
    path = "data.amount"      # where in the answer the price of one whole coin is
    max_age_s = 120           # an older price is not quoted

    [wallet]
    kind = "bitcoind"         # or "litecoind", or "practice", with funds = "10.0", which pays nobody
    network = "bitcoin"
    url = "http://127.0.0.1:8332"
    name = "hot"
    cookie_file = "/var/lib/bitcoind/.cookie"   # or user and password

    [wallet]
    kind = "evm"              # Ethereum, and chains made like it
    network = "ethereum"
    chain_id = 1
    url = "http://127.0.0.1:8545"
    key_file = "/var/lib/stater-central/account.key"
    token = { contract = "0x...", symbol = "USDT", decimals = 6 }   # without it, ETH is sold

Without a file it is the practice house: practice wallet, fixed price, nothing paid to anyone.
"""

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import sqlalchemy as sa
from phonenumbers import SUPPORTED_REGIONS
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlalchemy.exc import ArgumentError

from disbursement import mistakes
from disbursement.errors import InvalidSetup

OTHER_NETWORKS = frozenset({"bitcoin", "testnet", "regtest", "practice"})
Ticker = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,8}$")]
NetworkName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
Positive = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSection(_Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8440
    metrics_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    data_dir: Path = platformdirs.user_data_path("stater-central")
    database: Annotated[str | None, Field(repr=False)] = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    worker_lease_s: Annotated[int, Field(ge=2, le=300)] = 15

    @field_validator("database")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        try:
            known = url is None or sa.make_url(url).drivername == "postgresql"
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("server.database: must be a URL like postgresql://user@host/name")
        return url

    @model_validator(mode="after")
    def _one_place(self) -> "ServerSection":
        if {"data_dir", "database"} <= self.model_fields_set:
            raise ValueError("server.data_dir: has no meaning beside server.database")
        return self


class SaleSection(_Section):
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    currency_exponent: Annotated[int, Field(ge=0, le=4)] = 2
    markup_bps: Annotated[int, Field(ge=0, le=10_000)] = 500
    fee_minor: Annotated[int, Field(ge=0, le=10**9)] = 200
    max_amount_minor: Annotated[int, Field(gt=0, le=10**12)] = 1_000_000
    hourly_limit_minor: Annotated[int, Field(gt=0, le=10**12)] | None = None
    approve_above_minor: Annotated[int, Field(gt=0, le=10**12)] | None = None
    complete_after_hours: Annotated[int, Field(ge=24, le=2_160)] = 72
    quote_valid_s: Annotated[int, Field(gt=0, le=3_600)] = 600

    def in_words(self, amount_minor: int, currency: str) -> str:
        """Only our own currency's exponent is known here."""
        if currency != self.currency:
            return f"{amount_minor} minor units of {currency}"
        return f"{Decimal(amount_minor).scaleb(-self.currency_exponent):f} {currency}"


class RequestSection(_Section):
    """Nothing is paid on request until the operator says how much may be."""

    max_amount: Annotated[Decimal, Field(ge=0, le=21_000_000, allow_inf_nan=False)] = Decimal(0)


class TierSection(_Section):
    """The most that is sold to one customer, and to one address, in any 24 hours and in any 30 days."""

    day_minor: Annotated[int, Field(ge=0, le=10**12)]
    month_minor: Annotated[int, Field(ge=0, le=10**12)]

    def is_within(self, other: "TierSection") -> bool:
        return self.day_minor <= other.day_minor and self.month_minor <= other.month_minor


class SmsSection(_Section):
    url: HttpUrl
    body: dict[str, Any]  # of the request, as JSON; {phone} and {text} are filled in
    text: Annotated[str, Field(min_length=6, max_length=300)] = (
        "{code} is your code for the coin machine. Whoever asks you for it on the phone is a thief."
    )
    auth_header_file: Path | None = None  # its line is the header Authorization
    key_file: Path

    @model_validator(mode="after")
    def _says_the_code(self) -> "SmsSection":
        if "{code}" not in self.text:
            raise ValueError("customers.sms.text: must say {code}")
        written = json.dumps(self.body, default=str)
        if "{phone}" not in written or "{text}" not in written:
            raise ValueError("customers.sms.body: must have {phone} and {text} in it")
        return self


class CustomersSection(_Section):
    region: str  # numbers without a country's prefix are of here
    countries: tuple[str, ...] = ()  # whose phones get codes; without any, the region's
    anonymous: TierSection
    phone: TierSection
    reviewed: TierSection
    code_valid_s: Annotated[int, Field(ge=60, le=600)] = 300
    attempts_max: Annotated[int, Field(ge=1, le=10)] = 5  # at one code
    codes_max: Annotated[int, Field(ge=1, le=10)] = 3  # for one enrolment
    hourly_codes_for_phone: Annotated[int, Field(ge=1, le=20)] = 5
    hourly_codes_of_speaker: Annotated[int, Field(ge=1, le=1_000)] = 40
    retention_years: Annotated[int, Field(ge=1, le=100)] = 10
    retention_reason: Annotated[str, Field(min_length=1, max_length=300)] = (
        "31 CFR 501.601: records of what sanctions touch are kept for ten years"
    )
    sms: SmsSection | None = None

    @property
    def served(self) -> frozenset[str]:
        return frozenset(self.countries or (self.region,))

    @model_validator(mode="after")
    def _regions_exist(self) -> "CustomersSection":
        for key, regions in (("region", [self.region]), ("countries", self.countries)):
            strange = [region for region in regions if region not in SUPPORTED_REGIONS]
            if strange:
                raise ValueError(f"customers.{key}: {strange[0]!r} is no country, as US or DE is")
        return self

    @model_validator(mode="after")
    def _who_shows_more_may_buy_more(self) -> "CustomersSection":
        for lower, higher in (("anonymous", "phone"), ("phone", "reviewed")):
            if not getattr(self, lower).is_within(getattr(self, higher)):
                raise ValueError(f"customers.{higher}: must allow no less than customers.{lower}")
        return self


class FixedPrice(_Section):
    source: Literal["fixed"] = "fixed"
    price: Annotated[Positive, Field(le=10**9)] = Decimal(65_000)


class HttpPrice(_Section):
    source: Literal["http"]
    url: HttpUrl
    path: str
    max_age_s: Annotated[int, Field(gt=0)] = 120
    fetch_every_s: Annotated[int, Field(gt=0)] = 30


class Feed(_Section):
    url: HttpUrl
    path: str


class MedianPrice(_Section):
    """Several sources, so that none of them is believed alone."""

    source: Literal["median"]
    feeds: Annotated[tuple[Feed, ...], Field(min_length=2, max_length=16)]
    quorum: Annotated[int, Field(ge=2, le=16)] = 2
    band_bps: Annotated[int, Field(gt=0, le=2_000)] = 150
    max_age_s: Annotated[int, Field(gt=0)] = 60
    fetch_every_s: Annotated[int, Field(gt=0)] = 20

    @model_validator(mode="after")
    def _quorum_can_be_reached(self) -> "MedianPrice":
        hosts = {feed.url.host for feed in self.feeds}
        if len(hosts) < len(self.feeds):
            raise ValueError("price.feeds: two are of one host; each must be a market of its own")
        if self.quorum > len(self.feeds):
            raise ValueError("price.quorum: must be no more than there are feeds")
        return self


class WalletRules(_Section):
    """How any wallet pays."""

    batch_delay_s: Annotated[int, Field(ge=0, le=60)] = 0
    replace_after_blocks: Annotated[int, Field(ge=1, le=144)] = 6
    floor: Annotated[Decimal, Field(ge=0, le=21_000_000, allow_inf_nan=False)] = Decimal(0)
    fee_rate_max: Annotated[int, Field(ge=1_000, le=10_000_000)] = 200_000


class PracticeSection(WalletRules):
    kind: Literal["practice"] = "practice"
    funds: Annotated[Positive, Field(le=21_000_000)] = Decimal(10)


class NodeSection(WalletRules):
    url: HttpUrl
    name: Annotated[str, Field(min_length=1, max_length=64)]
    user: str = ""
    password: Annotated[str, Field(repr=False)] = ""
    cookie_file: Path | None = None


class BitcoindSection(NodeSection):
    kind: Literal["bitcoind"]
    network: Literal["bitcoin", "testnet", "regtest"]


class LitecoindSection(NodeSection):
    kind: Literal["litecoind"]
    network: Literal["litecoin", "litecoin-testnet", "litecoin-regtest"]


class TokenSection(_Section):
    """What the contract says of itself must be the same."""

    contract: str
    symbol: Ticker
    decimals: Annotated[int, Field(ge=0, le=36)]


class EvmSection(WalletRules):
    kind: Literal["evm"]
    network: NetworkName
    chain_id: Annotated[int, Field(gt=0, le=2**63 - 1)]
    url: Annotated[HttpUrl, Field(repr=False)]  # of a hosted node: with its key
    key_file: Path
    coin: Ticker = "ETH"
    token: TokenSection | None = None

    @field_validator("network")
    @classmethod
    def _is_no_other_kind(cls, network: str) -> str:
        if network in OTHER_NETWORKS or network.startswith("litecoin"):
            raise ValueError("wallet.network: this name is of a chain of another kind")
        return network

    @model_validator(mode="after")
    def _is_ethereum_or_not(self) -> "EvmSection":
        if (self.network == "ethereum") != (self.chain_id == 1):
            raise ValueError("wallet.network: is ethereum where chain_id is 1, and nowhere else")
        return self


class Config(_Section):
    server: ServerSection = ServerSection()
    sale: SaleSection = SaleSection()
    requests: RequestSection = RequestSection()
    customers: CustomersSection | None = None
    price: Annotated[FixedPrice | HttpPrice | MedianPrice, Field(discriminator="source")] = (
        FixedPrice()
    )
    wallet: Annotated[
        PracticeSection | BitcoindSection | LitecoindSection | EvmSection,
        Field(discriminator="kind"),
    ] = PracticeSection()

    @model_validator(mode="after")
    def _coins_have_a_price_of_today(self) -> "Config":
        if self.wallet.kind != "practice" and "price" not in self.model_fields_set:
            raise ValueError(f"a wallet of kind {self.wallet.kind} needs a [price] section")
        return self

    @property
    def database_file(self) -> Path:
        return self.server.data_dir / "central.db"

    @property
    def database_url(self) -> sa.URL:
        if self.server.database is None:
            return sa.URL.create("sqlite", database=str(self.database_file))
        return sa.make_url(self.server.database)

    @property
    def books_place(self) -> str:
        """For a person: without the password."""
        if self.server.database is None:
            return str(self.database_file)
        return self.database_url._replace(password=None).render_as_string()


# Under the name of the section, and of its kind where it comes in kinds.
_PLACES: dict[str, type[BaseModel]] = {
    "": Config,
    "server": ServerSection,
    "sale": SaleSection,
    "requests": RequestSection,
    "customers": CustomersSection,
    "customers.anonymous": TierSection,
    "customers.phone": TierSection,
    "customers.reviewed": TierSection,
    "customers.sms": SmsSection,
    "price.fixed": FixedPrice,
    "price.http": HttpPrice,
    "price.median": MedianPrice,
    "price.median.feeds": Feed,
    "wallet.practice": PracticeSection,
    "wallet.bitcoind": BitcoindSection,
    "wallet.litecoind": LitecoindSection,
    "wallet.evm": EvmSection,
    "wallet.evm.token": TokenSection,
}


def load_config(path: Path | None) -> Config:
    """Raises InvalidSetup whose text names the file and each key at fault."""
    if path is None:
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
        # as decimals: a float of money would have lost digits already
        return Config.model_validate(tomllib.loads(text, parse_float=Decimal))
    except OSError as error:
        raise InvalidSetup(f"{path}: cannot read the configuration: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidSetup(f"{path}: not text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidSetup(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        lines = [f"{path}: {mistakes.in_words(fault, _PLACES)}" for fault in error.errors()]
        raise InvalidSetup("\n".join(lines)) from error
