"""Setting it up: configuration, keys, prices, tables, and the command line; clear words for every mistake."""

import base64
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from disbursement.commands import main
from disbursement.config import BitcoindSection, HttpPrice, load_config
from disbursement.database import Base, Database
from disbursement.errors import InvalidSetup, Refused
from disbursement.kiosks.keys import read_public_key
from disbursement.sales.prices import HttpPriceSource, to_minor

KEY = Ed25519PrivateKey.generate().public_key()
RAW = KEY.public_bytes_raw()
NODE = '[wallet]\nkind = "bitcoind"\nnetwork = "regtest"\nurl = "http://127.0.0.1:18443"\nname = "hot"\n'


def config_of(tmp_path: Path, text: str) -> Any:
    (tmp_path / "central.toml").write_text(text)
    return load_config(tmp_path / "central.toml")


def test_without_a_file_it_is_the_practice_house() -> None:
    config = load_config(None)
    assert (config.wallet.kind, config.price.source) == ("practice", "fixed")


def test_a_node_is_configured_with_a_price(tmp_path: Path) -> None:
    config = config_of(tmp_path, NODE + '[price]\nsource = "fixed"\nprice = "65000.50"\n')
    assert isinstance(config.wallet, BitcoindSection)
    assert config.price.price == Decimal("65000.50")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sale]\nmarkup_bsp = 5\n", "unknown key sale.markup_bsp; did you mean markup_bps?"),
        ("[sales]\n", "unknown key sales; did you mean sale?"),
        ("[wallet]\nkind = 'practice'\nfund = 1\n", "wallet.practice.fund; did you mean funds?"),
        (NODE, "a bitcoind wallet needs a [price] section"),
        ("[price]\nsource = 'fixed'\nprice = 65000.5\n", 'write price = "65000.5", in quotes'),
        ("[sale]\ncurrency = 'usd'\n", "sale.currency"),
        ("[sale\n", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidSetup) as mistake:
        config_of(tmp_path, text)
    assert told in str(mistake.value)
    assert "central.toml" in str(mistake.value)


@pytest.mark.parametrize(
    "text",
    [
        RAW.hex(),
        base64.b64encode(RAW).decode(),
        KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    ],
    ids=["hex", "base64", "pem"],
)
def test_a_public_key_is_read_in_every_form(tmp_path: Path, text: str) -> None:
    (tmp_path / "kiosk.pub").write_text(text + "\n")
    assert read_public_key(str(tmp_path / "kiosk.pub")) == RAW
    assert read_public_key(text) == RAW


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, RAW.hex()[:-2], "no/such/file.pem"])
def test_what_is_no_public_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidSetup, match="Ed25519 public key"):
        read_public_key(text)


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'central.db'}")
    db.migrate()
    db.migrate()
    with db.engine.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "disbursement_version"}
        )
        assert compare_metadata(context, Base.metadata) == []
    db.close()


@pytest.fixture
def price_server() -> Iterator[Any]:
    """Answers with the text it is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(server.told)  # type: ignore[attr-defined]

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class OneRound(threading.Event):
    """Told to stop at the first pause."""

    def wait(self, _timeout_s: float | None = None) -> bool:
        self.set()
        return True


def price_source(server: Any, now: Any, path: str = "data.0.amount") -> HttpPriceSource:
    config = HttpPrice(source="http", url=f"http://127.0.0.1:{server.server_port}/", path=path)  # type: ignore[arg-type]
    return HttpPriceSource(config, 2, now)


def test_a_fetched_price_ages_until_it_is_none(price_server: Any) -> None:
    now_ms = [1_000_000]
    source = price_source(price_server, lambda: now_ms[0])
    with pytest.raises(Refused, match="no price has been fetched"):
        source.current()
    price_server.told = b'{"data": [{"amount": 65000.119}]}'
    source.fetch()
    now_ms[0] += 120_000
    price = source.current()
    assert (price.minor, price.source, price.as_of_ms) == (6_500_012, "127.0.0.1", 1_000_000)
    now_ms[0] += 1_000
    with pytest.raises(Refused, match="121 s old"):
        source.current()


@pytest.mark.parametrize(
    "told",
    [
        b"{}",
        b"no",
        b'{"data": []}',
        b'{"data": [{"amount": 0}]}',
        b'{"data": [{"amount": "NaN"}]}',
        b'{"data": [{"amount": true}]}',
    ],
)
def test_an_answer_without_a_price_leaves_the_old_one(price_server: Any, told: bytes) -> None:
    source = price_source(price_server, lambda: 1_000_000)
    price_server.told = b'{"data": [{"amount": "65000"}]}'
    source.fetch()
    price_server.told = told
    source.run(OneRound())
    assert source.current().minor == 6_500_000


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1e30"])
def test_what_cannot_be_a_price_is_none(price: str) -> None:
    with pytest.raises(ValueError, match="no price"):
        to_minor(Decimal(price), 2)


def test_kiosks_are_added_listed_and_removed(tmp_path: Path) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(main, [*words, "--data-dir", str(tmp_path)])

    assert run("kiosk", "list").output == "none registered\n"
    assert run("kiosk", "add", "kiosk-1", "--public-key", RAW.hex()).exit_code == 0
    assert run("kiosk", "list").output == "kiosk-1: never seen, 0 events\n"
    assert run("kiosk", "remove", "kiosk-1").exit_code == 0
    assert run("kiosk", "list").output == "kiosk-1: removed, 0 events\n"
    unknown = run("kiosk", "remove", "kiosk-2")
    assert unknown.exit_code == 1
    assert unknown.output.startswith("Error: there is no kiosk 'kiosk-2'")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["serve"],
        ["status"],
        ["settle"],
        ["finalize"],
        ["kiosk"],
        ["kiosk", "add"],
        ["kiosk", "list"],
        ["kiosk", "remove"],
    ],
)
def test_every_command_explains_itself(words: list[str]) -> None:
    told = CliRunner().invoke(main, [*words, "--help"])
    assert told.exit_code == 0
    assert "Options:" in told.output
