"""`central request`: disbursement requests by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from disbursement.command_options import house_options, load, note_option
from disbursement.database import open_database
from disbursement.house import House, system_now_ms
from disbursement.requests import versions, words
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.requests.states import State

APP = "central request add"


def _as_decimal(_context: click.Context, _option: click.Parameter, amount: str) -> Decimal:
    try:
        return Decimal(amount)
    except InvalidOperation as wrong:
        raise click.BadParameter(f"{amount!r} is no decimal number, e.g. 0.0001") from wrong


@contextmanager
def _office(config_file: Path | None, data_dir: Path | None) -> Iterator[House]:
    from disbursement.service import open_office  # noqa: PLC0415  # slow to import

    with open_office(load(config_file, data_dir)) as house:
        yield house


@click.group("request")
def request_group() -> None:
    """Pay coins to anyone, not only to a kiosk's customer: one person asks, another approves.

    \b
    central request add --by anna --amount 0.01 --to ADDRESS --purpose "order 17"
    central request approve ID --by ben --note "seen the contract"
    central request send ID

    No request is approved until the configuration says how much one may take, e.g. requests.max_amount = "0.05".
    Every step is kept for ever, with name, time and note.
    """


@request_group.command("add")
@click.option("--by", "requested_by", required=True, help="Your name: who asks.")
@click.option("--amount", required=True, callback=_as_decimal, help="How many coins, e.g. 0.0001.")
@click.option("--to", "address", required=True, help="The address that gets them.")
@click.option("--purpose", required=True, help="What for.")
@house_options
def add(  # noqa: PLR0913  # one parameter an option
    *,
    requested_by: str,
    amount: Decimal,
    address: str,
    purpose: str,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Ask for coins. Nothing is paid before another person approves it. Prints the request's id."""
    with _office(config_file, data_dir) as house:
        request = CryptoDisburseRequest.submit(
            house,
            requested_by=requested_by,
            requesting_app=APP,
            purpose=purpose,
            amount=amount,
            crypto_currency=house.wallet.coin,
            crypto_address=address,
        )
    click.echo(f"Request {request.request_id}: {words.asked(request.version)}.")
    click.echo(
        f"Another person may now `central request approve {request.request_id}`, or deny it."
    )


@request_group.command("approve")
@click.argument("request_id")
@click.option("--by", required=True, help="Your name; not the requester's.")
@note_option
@house_options
def approve(
    request_id: str, by: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Say yes to a request of another person. It is paid by `central request send`, and not before."""
    with _office(config_file, data_dir) as house:
        request = CryptoDisburseRequest.find(house, request_id)
        request.approve(by=by, note=note)
    click.echo(f"Approved: {words.asked(request.version)}.")
    click.echo(f"`central request send {request_id}` pays it.")


@request_group.command("deny")
@click.argument("request_id")
@click.option("--by", required=True, help="Your name.")
@note_option
@house_options
def deny(
    request_id: str, by: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Say no to a request, for good; also to one that was approved, as long as it is not sent."""
    with _office(config_file, data_dir) as house:
        request = CryptoDisburseRequest.find(house, request_id)
        request.deny(by=by, note=note)
    click.echo(f"Denied: {words.asked(request.version)}.")


@request_group.command("send")
@click.argument("request_id")
@house_options
def send(request_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Pay an approved request: lock its funds and order its payout. Who serves, or serves next, pays it.

    It may be called again at any time: a request is paid once.
    """
    with _office(config_file, data_dir) as house:
        request = CryptoDisburseRequest.find(house, request_id)
        request.send_to_node()
    told = f"Request {request_id} is {request.state} now: {words.MEANING[request.state]}."
    if request.state is State.FAILED_TO_SEND:
        raise click.ClickException(told)
    click.echo(told)


@request_group.command("list")
@house_options
def list_(config_file: Path | None, data_dir: Path | None) -> None:
    """Show all requests, and how long each has been as it is. Works while the service runs."""
    with open_database(load(config_file, data_dir)) as db:
        requests = db.run(versions.all_newest)
    now_ms = system_now_ms()
    click.echo("\n".join(words.list_line(one, now_ms) for one in requests) or "no requests")


@request_group.command("show")
@click.argument("request_id")
@house_options
def show(request_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Show a request with every step of it: when, whose doing, why, and the id of that version."""
    with open_database(load(config_file, data_dir)) as db:
        history = db.run(lambda session: versions.history(session, request_id))
    click.echo("\n".join(words.history_lines(history)))
