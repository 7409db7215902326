"""`central party`: who may speak for which accounts."""

from collections.abc import Sequence
from pathlib import Path

import click

from disbursement.command_options import house_options, load
from disbursement.database import open_database
from disbursement.errors import InvalidSetup
from disbursement.house import system_now_ms
from disbursement.parties.models import PartyRow, Side
from disbursement.parties.party import Ids
from disbursement.parties.registering import add, party_lines
from disbursement.speakers.keys import read_public_key
from disbursement.speakers.registering import remove


@click.group("party")
def party_group() -> None:
    """Register the parties that hold accounts, and say whom each speaks for."""


@party_group.command("add")
@click.argument("party_id")
@click.argument("public_key")
@click.option(
    "--debtor",
    "debtors",
    multiple=True,
    metavar="ID",
    help="It speaks for this debtor: issues its money. May be given several times; 7..9 is a range.",
)
@click.option(
    "--creditor",
    "creditors",
    multiple=True,
    metavar="ID",
    help="It speaks for this creditor, with all debtors. May be given several times; 7..9 is a range.",
)
@house_options
def party_add(  # noqa: PLR0913, PLR0917  # one parameter an option
    party_id: str,
    public_key: str,
    debtors: Sequence[str],
    creditors: Sequence[str],
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Register PARTY_ID with its Ed25519 PUBLIC_KEY (a file, or hex or base64), or give it a new key and other ids.

    The ids it had before are no longer its own unless they are given again. It reads the outbox from the start then.
    """
    ids = {
        side: [Ids.read(text, side) for text in given]
        for side, given in ((Side.DEBTOR, debtors), (Side.CREDITOR, creditors))
    }
    if not any(ids.values()):
        raise InvalidSetup(f"whom does {party_id} speak for? Give --debtor or --creditor")
    key = read_public_key(public_key)
    with open_database(load(config_file, data_dir), new=True) as db:
        db.run(
            lambda session: add(session, party_id, key, ids, system_now_ms()), serializable=True
        )
    click.echo(f"Party {party_id} may speak, with key {key.hex()}.")


@party_group.command("list")
@house_options
def party_list(config_file: Path | None, data_dir: Path | None) -> None:
    """Show the parties, whom they speak for, and how far they have read the outbox."""
    with open_database(load(config_file, data_dir)) as db:
        click.echo("\n".join(db.run(party_lines)))


@party_group.command("remove")
@click.argument("party_id")
@house_options
def party_remove(party_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Refuse PARTY_ID from now on. Its accounts, and what they hold, stay as they are."""
    with open_database(load(config_file, data_dir)) as db:
        db.run(lambda session: remove(session, PartyRow, party_id, system_now_ms()))
    click.echo(f"Party {party_id} is refused from now on.")
