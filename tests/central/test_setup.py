"""Setting it up: configuration, prices, tables, and the command line; clear words for every mistake."""

import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner

from disbursement.commands import main
from disbursement.config import BitcoindSection, HttpPrice, load_config
from disbursement.database import Base, Database
from disbursement.errors import InvalidSetup, Refused
from disbursement.sales.prices import HttpPriceSource, to_minor

NODE = '[wallet]\nkind = "bitcoind"\nnetwork = "regtest"\nurl = "http://127.0.0.1:18443"\nname = "hot"\n'
NO_PRICE = "its answer has no price at data.0.amount (price.path)"
HTTP = '[price]\nsource = "http"\npath = "a"\n'


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
        (
            "[wallet]\nkind = 'practice'\nfund = 1\n",
            "unknown key wallet.fund; did you mean funds?",
        ),
        (
            NODE + "zz = 1",
            "unknown key wallet.zz; known are: batch_delay_s, replace_after_blocks, floor, ",
        ),
        (NODE, "a wallet of kind bitcoind needs a [price] section"),
        (NODE.replace("regtest", "main"), "wallet.network: must be 'bitcoin', 'testnet' or "),
        (NODE.replace("hot", ""), "wallet.name: must not be empty"),
        (NODE.replace("hot", "h" * 65), "wallet.name: must be 64 characters or fewer"),
        (NODE + "password = 1234", "wallet.password: must be text, in quotes"),
        ("sale = 5", "sale: must be a section, written once: [sale]"),
        ("[[price]]", "price: must be a section, written once: [price]"),
        ("[price]\nprice = '65000'", "price.source: must be 'fixed' or 'http'"),
        ("[wallet]\nkind = 'cash'", "wallet.kind: must be 'practice' or 'bitcoind'"),
        ("[price]\nsource = 'http'\nurl = 'http://a'", "price.path: is missing"),
        (HTTP + "url = 'prices.example'", "price.url: must be a URL that begins with http://"),
        (
            HTTP + "url = 'ftp://prices.example'",
            "price.url: must be a URL that begins with http://",
        ),
        (HTTP + "url = 5", "price.url: must be a URL, in quotes"),
        ("[price]\nsource = 'fixed'\nprice = 'much'", "price.price: must be a number"),
        ("[price]\nsource = 'fixed'\nprice = []", "price.price: must be a number"),
        ("[price]\nsource = 'fixed'\nprice = nan", "price.price: must be a number"),
        ("[price]\nsource = 'fixed'\nprice = 0", "price.price: must be more than 0"),
        ("[price]\nsource = 'fixed'\nprice = 1e30", "price.price: must be 1000000000 or less"),
        ("[sale]\nfee_minor = 'two'", "sale.fee_minor: must be a whole number"),
        ("[sale]\nfee_minor = 2.5", "sale.fee_minor: must be a whole number"),
        ("[sale]\nfee_minor = []", "sale.fee_minor: must be a whole number"),
        ("[sale]\nfee_minor = -1", "sale.fee_minor: must be 0 or more"),
        ("[sale]\ncurrency = 'usd'\n", "sale.currency: must be three capital letters"),
        ("[server]\ndata_dir = 5", "server.data_dir: must be a path, in quotes"),
        ("[server]\ndatabase = 5", "server.database: must be text, in quotes"),
        (
            "[server]\ndatabase = 'mysql://a/b'",
            "server.database: must be a URL like postgresql://",
        ),
        ("[server]\ndatabase = 'books'", "server.database: must be a URL like postgresql://"),
        (
            "[server]\ndata_dir = '/a'\ndatabase = 'postgresql:///a'",
            "server.data_dir: has no meaning beside server.database",
        ),
        ("[sale\n", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named_as_it_is_written(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(InvalidSetup) as mistake:
        config_of(tmp_path, text)
    assert str(mistake.value).startswith(f"{tmp_path / 'central.toml'}: {told}")


def test_every_mistake_has_a_line_and_no_value_is_repeated(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetup) as mistake:
        config_of(tmp_path, NODE + "user = 4321\npassword = 1234\n")
    lines = str(mistake.value).splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        "wallet.user: must be text, in quotes",
        "wallet.password: must be text, in quotes",
    ]


def test_what_is_no_text_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "central.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidSetup, match=r"central.toml: not text in UTF-8$"):
        load_config(tmp_path / "central.toml")


@pytest.mark.parametrize("price", ["'65000.01'", "65000.01"])
def test_a_price_is_what_was_written_to_the_last_digit(tmp_path: Path, price: str) -> None:
    config = config_of(tmp_path, f"[price]\nsource = 'fixed'\nprice = {price}\n")
    assert config.price.price == Decimal("65000.01")  # as a float it would be 65000.010000000002


def test_the_migrations_make_the_tables_that_the_code_uses(homes: Any, tmp_path: Path) -> None:
    db = Database(homes.empty_url(tmp_path))
    db.migrate()
    db.migrate()
    with db.engine.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "disbursement_version"}
        )
        assert compare_metadata(context, Base.metadata) == []
    db.close()


def test_by_command_the_tables_are_made_once_and_the_engines_with_them(
    homes: Any, tmp_path: Path
) -> None:
    lines = homes.server_lines(tmp_path, "template0")
    (tmp_path / "central.toml").write_text(f"[server]\n{lines}\n")
    for _ in range(2):
        told = CliRunner().invoke(main, ["migrate", "--config", str(tmp_path / "central.toml")])
        assert told.exit_code == 0, told.output
        assert told.output.endswith(" are up to date.\n")
        assert "practice@" not in told.output
    engine = sa.create_engine(homes.empty_url(tmp_path))
    schema = "dbos" if engine.dialect.name == "postgresql" else None
    assert sa.inspect(engine).has_table("workflow_status", schema=schema)
    assert sa.inspect(engine).has_table("transfers")
    engine.dispose()


@pytest.fixture
def price_server() -> Iterator[Any]:
    """Answers with the text and the status it is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(server.status)  # type: ignore[attr-defined]
            self.end_headers()
            self.wfile.write(server.told)  # type: ignore[attr-defined]

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.told = 200, b""  # type: ignore[attr-defined]
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


def price_source(
    server: Any, now: Any = time.monotonic, path: str = "data.0.amount"
) -> HttpPriceSource:
    config = HttpPrice(source="http", url=f"http://127.0.0.1:{server.server_port}/", path=path)  # type: ignore[arg-type]
    return HttpPriceSource(config, 2, lambda: 1_000_000, now)


def test_a_fetched_price_ages_until_it_is_none(price_server: Any) -> None:
    """By the monotonic clock: central's UTC may be set back."""
    now_s = [1_000.0]
    source = price_source(price_server, lambda: now_s[0])
    with pytest.raises(Refused, match="no price has been fetched"):
        source.current()
    price_server.told = b'{"data": [{"amount": 65000.119}]}'
    source.fetch()
    now_s[0] += 120
    price = source.current()
    assert (price.minor, price.source, price.as_of_ms) == (6_500_012, "127.0.0.1", 1_000_000)
    now_s[0] += 1
    with pytest.raises(Refused, match="121 s old"):
        source.current()


def test_a_fetched_price_ages_while_the_machine_sleeps(price_server: Any) -> None:
    """The monotonic clock stands still while a virtual machine is suspended; its UTC does not."""
    now_ms = [1_000_000]
    config = HttpPrice(
        source="http", url=f"http://127.0.0.1:{price_server.server_port}/", path="0"
    )  # type: ignore[arg-type]
    source = HttpPriceSource(config, 2, lambda: now_ms[0], lambda: 1_000.0)
    price_server.told = b"[65000.119]"
    source.fetch()
    now_ms[0] += 3_600_000
    with pytest.raises(Refused, match="3600 s old"):
        source.current()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"no", "its answer is not JSON"),
        (b"{}", NO_PRICE),
        (b'{"data": []}', NO_PRICE),
        (b'{"data": [{"amount": 0}]}', NO_PRICE),
        (b'{"data": [{"amount": "NaN"}]}', NO_PRICE),
        (b'{"data": [{"amount": true}]}', NO_PRICE),
    ],
)
def test_an_answer_without_a_price_leaves_the_old_one(
    price_server: Any, told: bytes, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    source = price_source(price_server)
    price_server.told = b'{"data": [{"amount": "65000"}]}'
    source.fetch()
    price_server.told = told
    source.run(OneRound())
    assert source.current().minor == 6_500_000
    url = f"http://127.0.0.1:{price_server.server_port}/"
    assert caplog.messages == [f"no price from {url}: {why}"]


def test_nobody_there_and_an_error_page_are_told_apart(
    price_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    price_server.status = 503
    price_source(price_server).run(OneRound())
    nowhere = HttpPrice(source="http", url="http://127.0.0.1:1/", path="a")  # type: ignore[arg-type]
    HttpPriceSource(nowhere, 2, lambda: 0).run(OneRound())
    error_page, nobody = caplog.messages
    assert error_page.endswith("/: it answers with status 503")
    assert nobody == "no price from http://127.0.0.1:1/: Connection refused"


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1e30"])
def test_what_cannot_be_a_price_is_none(price: str) -> None:
    with pytest.raises(ValueError, match="no price"):
        to_minor(Decimal(price), 2)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["serve"],
        ["status"],
        ["settle"],
        ["finalize"],
        ["migrate"],
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
