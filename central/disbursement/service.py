"""The running service: puts the house together, starts its threads, serves until told to stop.

    threads: HTTP server (main) with its pool, workflow engine's own, watch, price when fetched, and
    lease when several may pay

Crash-only: it may be killed at any time; start is recovery.
"""

import gc
import json
import logging
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from decimal import Decimal

import click
import uvicorn
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from disbursement.accounts import keeping as accounts_keeping
from disbursement.accounts.holdings import holdings
from disbursement.api.app import build_app
from disbursement.api.bounds import Bounded, Bounds
from disbursement.api.connection import bounded_protocol
from disbursement.config import (
    BitcoindSection,
    Config,
    EvmSection,
    HttpPrice,
    LitecoindSection,
    MedianPrice,
)
from disbursement.customers.desk import open_desk
from disbursement.database import Database, open_database
from disbursement.errors import InvalidSetup, WalletUnavailable
from disbursement.house import House, system_now_ms
from disbursement.lock import only_server
from disbursement.metrics import Counted, Metrics
from disbursement.sales import payouts, watch
from disbursement.sales.median_price import MedianPriceSource
from disbursement.sales.prices import (
    FetchedWhenAsked,
    FixedPriceSource,
    HttpPriceSource,
    MarketPrice,
    PriceSource,
    to_minor,
)
from disbursement.wallets.bitcoind import BitcoindWallet
from disbursement.wallets.chains import BITCOIN, LITECOIN
from disbursement.wallets.practice import PracticeWallet
from disbursement.wallets.rpc import NodeRpc
from disbursement.wallets.wallet import Wallet
from disbursement.workers.lease import Lease
from disbursement.workflows import DbosPayoutQueue, migrate

WALLET_WAIT_S = 60
WALLET_RETRY_S = 1
STOP_WAIT_S = 5
log = logging.getLogger(__name__)


def open_wallet(config: Config, db: Database) -> Wallet:
    section = config.wallet
    if isinstance(section, BitcoindSection | LitecoindSection):
        rpc = NodeRpc(str(section.url), section.user, section.password, section.cookie_file)
        chain = LITECOIN if section.kind == "litecoind" else BITCOIN
        return BitcoindWallet(rpc, section.name, section.network, chain)
    if isinstance(section, EvmSection):
        from disbursement.wallets.evm.opening import open_account  # noqa: PLC0415  # slow to import

        return open_account(section)
    return PracticeWallet(db, funds=int(section.funds.scaleb(PracticeWallet.coin_exponent)))


def open_prices(config: Config) -> PriceSource:
    if isinstance(config.price, HttpPrice):
        return HttpPriceSource(config.price, config.sale.currency_exponent, system_now_ms)
    if isinstance(config.price, MedianPrice):
        return _median(config.price, config.sale.currency_exponent)
    minor = to_minor(Decimal(config.price.price), config.sale.currency_exponent)
    return FixedPriceSource(MarketPrice(minor, "fixed", system_now_ms()))


def _fetched_when_asked(prices: PriceSource) -> PriceSource:
    match prices:
        case HttpPriceSource():
            return FetchedWhenAsked(prices, (prices,))
        case MedianPriceSource():
            return FetchedWhenAsked(prices, prices.feeds)
        case _:
            return prices


def _median(config: MedianPrice, currency_exponent: int) -> MedianPriceSource:
    feeds = [
        HttpPriceSource(
            HttpPrice(
                source="http",
                url=feed.url,
                path=feed.path,
                max_age_s=config.max_age_s,
                fetch_every_s=config.fetch_every_s,
            ),
            currency_exponent,
            system_now_ms,
        )
        for feed in config.feeds
    ]
    return MedianPriceSource(feeds, config.quorum, config.band_bps)


@contextmanager
def open_house(config: Config, *, pays: bool = True) -> Iterator[House]:
    """Everything running but the HTTP server; if it `pays`, the workflows too."""
    if not pays and config.server.database is None:
        raise InvalidSetup(
            "without server.database there is one process, `central serve`, and it must pay by itself"
        )
    with ExitStack() as closing:
        house, queue = _build(config, closing, new=True)
        _await_wallet(house.wallet)
        house.db.run(lambda session: _open_books(session, house))
        stop = threading.Event()
        look: Callable[[House], None] = watch.see_tip
        if pays:
            look = _pay(house, queue, config, closing, stop)
        else:
            migrate(house.db)
            closing.callback(queue.connect().destroy)
        look(house)
        closing.callback(stop.set)
        _start(lambda: watch.run(house, stop, look), "watch")
        _start(lambda: accounts_keeping.keep(house, stop), "accounts")
        if isinstance(house.prices, HttpPriceSource | MedianPriceSource):
            prices = house.prices
            _start(lambda: prices.run(stop), "price")
        yield house


def _pay(
    house: House,
    queue: DbosPayoutQueue,
    config: Config,
    closing: ExitStack,
    stop: threading.Event,
) -> Callable[[House], None]:
    """Alone, it takes up what it held when it ended; one of several, what those held that are gone. How to watch."""
    if not house.db.is_postgres:
        queue.start(house)
        closing.callback(queue.stop)
        payouts.resume_all(house)
        return watch.watch
    name = f"{socket.gethostname()}-{uuid.uuid4()}"
    lease = Lease(house.db, name, config.server.worker_lease_s, queue.held, queue.resume)
    lease.take()
    closing.callback(lease.give_back)
    queue.start(house, lease.worker_id)
    closing.callback(queue.stop)
    closing.callback(stop.set)
    _start(lambda: lease.run(stop), "lease")
    return lambda house: watch.watch(house) if lease.is_first() else watch.see_tip(house)


@contextmanager
def open_office(config: Config) -> Iterator[House]:
    """The books with nothing running, for a person's orders: who serves, or serves next, pays them."""
    with ExitStack() as closing:
        house, queue = _build(config, closing, new=False)
        house.db.run(lambda session: _demand_own_books(session, house))
        closing.callback(queue.connect().destroy)
        yield replace(house, prices=_fetched_when_asked(house.prices))


def _build(config: Config, closing: ExitStack, *, new: bool) -> tuple[House, DbosPayoutQueue]:
    db = closing.enter_context(open_database(config, new=new))
    wallet = open_wallet(config, db)
    queue = DbosPayoutQueue(db, partition=f"{wallet.network}/{wallet.name}")
    house = House(
        db,
        wallet,
        open_prices(config),
        config.sale,
        queue,
        paying=config.wallet,
        requests=config.requests,
        desk=open_desk(config.customers),
    )
    return house, queue


def _start(work: Callable[[], None], name: str) -> None:
    threading.Thread(target=work, name=name, daemon=True).start()


def _await_wallet(wallet: Wallet) -> None:
    """A node that has just started is not ready; one that stays away is an error."""
    give_up_s = time.monotonic() + WALLET_WAIT_S
    complaint = ""
    while True:
        try:
            wallet.check()
        except WalletUnavailable as away:
            if time.monotonic() > give_up_s:
                raise
            if str(away) != complaint:
                complaint = str(away)
                log.warning("waiting for the wallet: %s", complaint)
            time.sleep(WALLET_RETRY_S)
        else:
            return


def _demand_own_books(session: Session, house: House) -> None:
    """One database, one network: practice books never mix with coins."""
    mine = house.books.account("")
    strangers = [
        holding.name.partition(":")[2]
        for holding in holdings(session)
        if not holding.name.endswith(mine)
    ]
    if strangers:
        raise InvalidSetup(
            f"these are the books of wallet {strangers[0]}, not of {house.books.wallet_key}: choose "
            "others with --data-dir or server.database"
        )


def _open_books(session: Session, house: House) -> None:
    _demand_own_books(session, house)
    house.books.open(session, house.now_ms())


def work(config: Config) -> None:
    """Pays without listening, until SIGTERM or SIGINT. Prints one line of JSON when ready."""
    if config.server.database is None:
        raise InvalidSetup(
            "a worker beside `central serve` needs server.database: from a file, one process pays"
        )
    _end_on_signals()
    with open_house(config) as house:
        announce(house)
        threading.Event().wait()


def _end_on_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # the server, once down, raises it again


def serve(config: Config, *, pays: bool = True) -> None:
    """Until SIGTERM or SIGINT. Prints one line of JSON when ready."""
    _end_on_signals()
    with ExitStack() as closing:
        if config.server.database is None:
            closing.enter_context(only_server(config.server.data_dir))
        listener = closing.enter_context(_listen(config))
        house = closing.enter_context(open_house(config, pays=pays))
        metrics = Metrics(house)
        if config.server.metrics_port is not None:
            closing.callback(_serve_metrics(metrics, config.server.metrics_port))
        bounds = Bounds()
        app = Counted(Bounded(build_app(house), bounds), metrics)
        host, port = listener.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        gc.freeze()  # what is there by now stays, and need not be looked through again and again
        announce(house, url=url)
        proxies = config.server.trusted_proxies
        uvicorn.Server(server_settings(app, bounds, proxies)).run(sockets=[listener])


def server_settings(
    app: ASGIApp, bounds: Bounds, trusted_proxies: Sequence[str] = ()
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=bounded_protocol(bounds),
        loop="uvloop",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_keep_alive=bounds.idle_s,
        timeout_graceful_shutdown=STOP_WAIT_S,
        forwarded_allow_ips=list(trusted_proxies),
    )


def _serve_metrics(metrics: Metrics, port: int) -> Callable[[], None]:
    try:
        return metrics.serve(port)
    except OSError as taken:
        raise InvalidSetup(f"cannot serve metrics on port {port}: {taken.strerror}") from taken


def announce(house: House, **place: str) -> None:
    network = house.wallet.network
    if network == "practice":
        click.echo("PRACTICE WALLET: nothing is paid to anyone.", err=True)
    else:
        click.echo(f"Paying coins on network {network}, wallet {house.wallet.name}.", err=True)
    click.echo(json.dumps({"event": "ready", **place, "network": network}))


def _listen(config: Config) -> socket.socket:
    server = config.server
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        listener = socket.create_server((server.host, server.port), family=family, backlog=128)
    except OSError as taken:
        why = str(taken.strerror).partition(" (while ")[0]  # the library says the address again
        raise InvalidSetup(
            f"cannot listen on {server.host}, port {server.port}: {why}; "
            "choose another with --host or --port (0: any free one)"
        ) from taken
    # Whom it accepts inherits this. Else an answer's body waits for the caller's delayed acknowledgement: 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
