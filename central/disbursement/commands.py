"""`central`: run the disbursement service, register kiosks, see how things stand, settle by hand."""

import logging
from pathlib import Path

import click
from pythonjsonlogger.json import JsonFormatter
from sqlalchemy.orm import Session

from disbursement.accounts.commands import debtor_group
from disbursement.cases import case_lines, open_lines
from disbursement.channels.commands import channel_group
from disbursement.command_options import F, house_options, load, note_option
from disbursement.customers.commands import customer_group
from disbursement.customers.sanctions.commands import sanctions_group
from disbursement.database import open_database
from disbursement.house import system_now_ms
from disbursement.kiosks.models import Kiosk
from disbursement.matters import settle
from disbursement.parties.commands import party_group
from disbursement.requests.commands import request_group
from disbursement.sales.approvals import approve
from disbursement.sales.unheard import finalize_by_hand
from disbursement.speakers.keys import read_public_key
from disbursement.speakers.registering import register, remove
from disbursement.status import MEANING, kiosk_lines, status_lines
from kiosk_wire.messages import TransferState

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def _json_lines() -> logging.Formatter:
    return JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
    )


def _log_options(command: F) -> F:
    for option in (
        click.option("--json-log", is_flag=True, help="Log as lines of JSON."),
        click.option(
            "--verbose", is_flag=True, help="Log what happens, not only what goes wrong."
        ),
    ):
        command = option(command)
    return command


def _log(*, verbose: bool, json_log: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_json_lines() if json_log else logging.Formatter(LOG_FORMAT))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stater-central")
def main() -> None:
    """The central disbursement service of a fleet of crypto ATMs.

    It quotes prices, locks funds before the first banknote goes in, takes in what the kiosks report, and
    pays each sale exactly once.
    """


main.add_command(request_group)
main.add_command(debtor_group)
main.add_command(party_group)
main.add_command(channel_group)
main.add_command(sanctions_group)
main.add_command(customer_group)


@main.command("serve")
@house_options
@click.option("--host", help="Address to listen on [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; 0 picks a free one.")
@click.option("--no-worker", is_flag=True, help="Answer kiosks alone: `central worker` pays.")
@_log_options
def serve_command(  # noqa: PLR0913  # one parameter an option
    config_file: Path | None,
    data_dir: Path | None,
    host: str | None,
    port: int | None,
    *,
    no_worker: bool,
    verbose: bool,
    json_log: bool,
) -> None:
    """Run the service until Ctrl-C or SIGTERM.

    Prints one line of JSON when it is ready. It may be killed at any time: the next start goes on.
    """
    from disbursement.service import serve  # noqa: PLC0415  # slow to import: only who serves waits

    _log(verbose=verbose, json_log=json_log)
    serve(load(config_file, data_dir, host=host, port=port), pays=not no_worker)


@main.command("worker")
@house_options
@_log_options
def worker_command(
    config_file: Path | None, data_dir: Path | None, *, verbose: bool, json_log: bool
) -> None:
    """Pay without answering kiosks, until Ctrl-C or SIGTERM: beside `central serve`, on the same PostgreSQL.

    Any number may run. What one held that was killed, the others take up once its lease has expired.
    """
    from disbursement.service import work  # noqa: PLC0415  # slow to import

    _log(verbose=verbose, json_log=json_log)
    work(load(config_file, data_dir))


@main.command("migrate")
@house_options
def migrate_command(config_file: Path | None, data_dir: Path | None) -> None:
    """Bring the tables up to date, or make them where there are none.

    Every start does this by itself. By hand it shows, before the service is ended, that it can be done.
    """
    from disbursement.workflows import migrate  # noqa: PLC0415  # slow to import

    config = load(config_file, data_dir)
    with open_database(config, new=True) as db:
        migrate(db)
    click.echo(f"The books in {config.books_place} are up to date.")


@main.command("status")
@house_options
def status_command(config_file: Path | None, data_dir: Path | None) -> None:
    """Show transfers, what needs a person, open balances, funds, and kiosks, in words. Works while the service runs.

    What needs a person begins with its name. Once it is done, `central settle NAME` closes it; a sale whose
    kiosk went silent is ended with `central finalize TRANSFER_ID`.
    """
    config = load(config_file, data_dir)
    with open_database(config) as db:
        lines = db.run(lambda session: status_lines(session, config.sale, system_now_ms()))
    click.echo("\n".join(lines))


@main.command("case")
@click.argument("code", required=False)
@house_options
def case_command(code: str | None, config_file: Path | None, data_dir: Path | None) -> None:
    """Show what the claim code CODE stands for: bills, payment, what is open and what to do next.

    The code may be typed in small letters and without its hyphen. Without one, every bill that is open is listed,
    the oldest first. Works while the service runs.
    """
    config = load(config_file, data_dir)
    with open_database(config) as db:

        def told(session: Session) -> list[str]:
            if code is None:
                return open_lines(session, config.sale, system_now_ms())
            return case_lines(session, config.sale, code, system_now_ms())

        lines = db.run(told)
    click.echo("\n".join(lines))


@main.command("settle")
@click.argument("name")
@note_option
@house_options
def settle_command(name: str, note: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Settled by hand: close what `central status` lists as NAME under "Needing a person".

    First do what it needs, e.g. give the customer the cash back; this writes down that it was done. It is
    kept for ever with the time and the note, and whatever the kiosk repeats later does not open it again.

    NAME may be any transfer that is still to be paid, also one that waits for approval: it is never paid as coins
    then, and its funds are free again. One that is signed cannot be settled: its coins may be on their way.
    """
    from disbursement.service import open_office  # noqa: PLC0415  # slow to import

    with open_office(load(config_file, data_dir)) as house:
        done = house.db.run(lambda session: settle(house, session, name, note))
    click.echo(f"Settled by hand: {done.name}  {done.text}")


@main.command("finalize")
@click.argument("transfer_id")
@note_option
@house_options
def finalize_command(
    transfer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """End a sale whose kiosk went silent, for the bills credited so far.

    They are paid as coins, as if the kiosk had said so; without any, the locked funds are free again. Only for a
    transfer that `central status` lists as without a word. Works while the service runs.
    """
    from disbursement.service import open_office  # noqa: PLC0415  # slow to import

    with open_office(load(config_file, data_dir)) as house:
        row = finalize_by_hand(house, transfer_id, note)
    state = TransferState(row.state)
    click.echo(f"Transfer {row.transfer_id} is {state.value} now: {MEANING[state]}.")


@main.command("approve")
@click.argument("transfer_id")
@note_option
@house_options
def approve_command(
    transfer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Let a payout be paid that `central status` lists as waiting for approval. Works while the service runs."""
    from disbursement.service import open_office  # noqa: PLC0415  # slow to import

    with open_office(load(config_file, data_dir)) as house:
        approve(house, transfer_id, note)
    click.echo(f"Transfer {transfer_id} is paid now.")


@main.group("kiosk")
def kiosk_group() -> None:
    """Register the kiosks that may speak to this service."""


@kiosk_group.command("add")
@click.argument("kiosk_id")
@click.option(
    "--public-key",
    required=True,
    help="The kiosk's Ed25519 public key: a file (PEM, hex, base64), or the key in hex or base64.",
)
@house_options
def kiosk_add(
    kiosk_id: str, public_key: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Register KIOSK_ID, or give it a new key.

    This may be done before the service has ever run; where there are no books yet, it begins them.
    """
    key = read_public_key(public_key)
    with open_database(load(config_file, data_dir), new=True) as db:
        db.run(
            lambda session: register(session, Kiosk, kiosk_id, key, system_now_ms()),
            serializable=True,
        )
    click.echo(f"Kiosk {kiosk_id} may speak, with key {key.hex()}.")


@kiosk_group.command("list")
@house_options
def kiosk_list(config_file: Path | None, data_dir: Path | None) -> None:
    """Show the registered kiosks, and how far their events came: `kiosk journal verify` shows the same hash."""
    with open_database(load(config_file, data_dir)) as db:
        lines = db.run(lambda session: kiosk_lines(session, system_now_ms()))
    click.echo("\n".join(lines))


@kiosk_group.command("remove")
@click.argument("kiosk_id")
@house_options
def kiosk_remove(kiosk_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Refuse KIOSK_ID from now on. What it reported is kept, and what it sold is paid."""
    with open_database(load(config_file, data_dir)) as db:
        db.run(lambda session: remove(session, Kiosk, kiosk_id, system_now_ms()))
    click.echo(f"Kiosk {kiosk_id} is refused from now on.")
