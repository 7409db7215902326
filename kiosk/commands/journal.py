"""`kiosk journal`: what the machine wrote down, for a person who must be sure of it."""

import sqlite3
import sys
from pathlib import Path

import click

from kiosk.errors import InvalidInput
from kiosk.journal.verify import Verdict
from kiosk.journal.verify import verify as verify_file

_config = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The kiosk's configuration; its journal is looked at.",
)
_database = click.option(
    "--database",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Look at this file instead, e.g. one made by `kiosk journal copy`.",
)


@click.group()
def journal() -> None:
    """Verify, export and copy the journal. Read-only, also while the core runs."""


def _chosen(config_path: Path | None, database: Path | None) -> Path:
    """Raises InvalidInput."""
    from kiosk.config import load_config  # noqa: PLC0415  # only who needs it waits

    if database is None and config_path is None:
        raise InvalidInput("say which journal: --config FILE, or --database FILE")
    path = database or load_config(config_path).database if config_path else database
    if path is None or not path.is_file():
        raise InvalidInput(f"{path}: there is no such database")
    return path


@journal.command()
@_config
@_database
def verify(config_path: Path | None, database: Path | None) -> None:
    """Say whether any row was changed, removed or moved, and whether the books agree.

    Journal, outbox and evidence are checked against their hashes, the book of bills and the sale in hand against the
    outbox, and the cash equation over the whole life. The exit status is 0 when all is well, and 1 when something is
    wrong: each finding names the table and the row.

    What was cut off the end, in all tables at once, nobody can see from the file alone. Compare the hashes at the end
    with `central kiosk list`, which shows the last event of this kiosk that central has, and its hash.
    """
    path = _chosen(config_path, database)
    verdict = _verified(path)
    for finding in verdict.findings:
        click.echo(f"WRONG  {finding}")
    for line in _told(verdict):
        click.echo(line)
    sys.exit(1 if verdict.findings else 0)


def _verified(path: Path) -> Verdict:
    try:
        return verify_file(path, lambda said: click.echo(f"{said} ...", err=True))
    except (sqlite3.DatabaseError, ValueError) as error:
        click.echo(f"WRONG  {path}: cannot be read as a journal: {error}; keep the file")
        sys.exit(1)


def _told(verdict: Verdict) -> list[str]:
    known = verdict.acknowledged
    return [
        f"journal: {verdict.rows} rows, the last is {verdict.journal.seq}, hash {verdict.journal.hash}",
        f"outbox: {verdict.events} events, the last is {verdict.outbox.seq}, hash {verdict.outbox.hash}",
        f"central has acknowledged event {known.seq}, hash {known.hash}"
        if known.seq
        else "central has acknowledged no event",
        f"{len(verdict.findings)} things are wrong: keep the file as it is, and call support"
        if verdict.findings
        else "all is well",
    ]
