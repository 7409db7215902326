"""`kiosk journal`: what the machine wrote down, for a person who must be sure of it."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kiosk.errors import InvalidInput
from kiosk.journal.opening import existing
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

    if database is not None:
        return existing(database)
    if config_path is None:
        raise InvalidInput("say which journal: --config FILE, or --database FILE")
    return existing(load_config(config_path).database)


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
    sys.exit(_report(_chosen(config_path, database)))


@journal.command()
@click.argument("session")
@click.option(
    "--config",
    "config_path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The kiosk's configuration: whose journal it is, and what stands on its receipts.",
)
@_database
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The .zip to make  [default: SESSION.zip here]",
)
def export(session: str, config_path: Path, database: Path | None, out: Path | None) -> None:
    """Put all that is known of one sale into a .zip, for a dispute.

    SESSION is the sale's id or its claim code. In the .zip are the events, the bills, what was reported to central,
    the receipt, the raw trace of each disputed bill, the hashes that prove them, and a README.txt that says what
    happened and how to check it.

    The customer's wallet address is in it: give it only to those who must judge the case.
    """
    from kiosk.config import load_config  # noqa: PLC0415
    from kiosk.journal.export import export_session  # noqa: PLC0415

    target = out or Path(f"{session.upper()}.zip")
    path = _chosen(config_path, database)
    with _unreadable(path):
        made = export_session(load_config(config_path), path, session, target)
    click.echo(
        f"{target}: {len(made.journal)} events, {len(made.bills)} bills, {len(made.traces)} traces."
        " The customer's wallet address is in it."
    )


@journal.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@_config
@_database
def copy(target: Path, config_path: Path | None, database: Path | None) -> None:
    """Copy the whole database to FILE, also while the core runs.

    FILE is one moment of it, on disk when the command ends, and verified. The core does not wait for it. A file that is
    there already is not overwritten. A damaged database is better copied with cp, together with its -wal and -shm.
    """
    from kiosk.journal.copying import copy_database  # noqa: PLC0415

    path = _chosen(config_path, database)
    with _unreadable(path):
        copy_database(path, target, lambda said: click.echo(f"{said} ...", err=True))
    sys.exit(_report(target))


def _report(path: Path) -> int:
    """The exit status."""
    with _unreadable(path):
        verdict = verify_file(path, lambda said: click.echo(f"{said} ...", err=True))
    for finding in verdict.findings:
        click.echo(f"WRONG  {finding}")
    for line in _told(verdict):
        click.echo(line)
    return 1 if verdict.findings else 0


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    try:
        yield
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
