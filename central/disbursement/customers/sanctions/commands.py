"""`central sanctions`: the list by hand."""

from pathlib import Path

import click

from disbursement.command_options import house_options, load
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.models import SanctionsListRow
from disbursement.customers.sanctions.reading import read_list
from disbursement.database import open_database
from disbursement.errors import InvalidSetup
from disbursement.house import system_now_ms
from kiosk_wire.age import age


@click.group("sanctions")
def sanctions_group() -> None:
    """Load OFAC's list of sanctioned people and wallets.

    As soon as one is loaded, no sale to an address on it begins. Fetch sdn_advanced.xml (or sdn.xml) from OFAC's
    Sanctions List Service whenever it changes; their web page has the SHA-256 of each.
    """


@sanctions_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", help="What OFAC says the file's SHA-256 is; any other file is refused.")
@click.option(
    "--may-shrink", is_flag=True, help="Take a list with a fifth fewer entries, or less."
)
@house_options
def load_command(
    file: Path,
    sha256: str | None,
    config_file: Path | None,
    data_dir: Path | None,
    *,
    may_shrink: bool,
) -> None:
    """Read FILE, sdn_advanced.xml or sdn.xml, and let it count from now on. Works while the service runs.

    A list that is cut short, older than the one that counts, or not a list is refused, and the old one stays.
    """
    config = load(config_file, data_dir)
    with click.progressbar(length=file.stat().st_size, label=f"Reading {file.name}") as bar:
        found = read_list(file, lambda read: bar.update(read - bar.pos))
    if sha256 is not None and sha256.lower() != found.sha256:
        raise InvalidSetup(f"{file}: its SHA-256 is {found.sha256}, not {sha256}: fetch it again")
    with open_database(config) as db:
        row = db.run(
            lambda session: books.replace(session, found, system_now_ms(), may_shrink=may_shrink),
            serializable=True,
        )
    click.echo(f"It counts now: {in_words(row)}.")


@sanctions_group.command("show")
@house_options
def show_command(config_file: Path | None, data_dir: Path | None) -> None:
    """Show which list counts."""
    with open_database(load(config_file, data_dir)) as db:
        row = db.run(books.current)
    if row is None:
        click.echo("No list is loaded: nothing is compared. `central sanctions load FILE`")
        return
    since = age(system_now_ms() - row.loaded_at_ms)
    click.echo(f"{in_words(row)}, loaded {since} ago, sha256 {row.sha256}")


def in_words(row: SanctionsListRow) -> str:
    return (
        f"list {row.list_id} of {row.published_on} ({row.schema} schema), {row.parties} entries, "
        f"{row.wallets} wallet addresses"
    )
