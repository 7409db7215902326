"""`central debtor`: who issues, and on what terms."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.debtors import Terms, change_terms, open_debtor
from disbursement.accounts.protocol.interest import PPM, percent
from disbursement.accounts.protocol.limits import INT64_MAX, RESERVED_DEBTORS_MAX
from disbursement.accounts.protocol.models import CreditorAccount, Debtor
from disbursement.command_options import F, house_options, load
from disbursement.database import open_database
from disbursement.errors import InvalidTerms, NotOpen
from disbursement.house import system_now_ms

DAY_S = 24 * 3600
DEBTOR_ID = click.IntRange(RESERVED_DEBTORS_MAX + 1, INT64_MAX)


@click.group("debtor")
def debtor_group() -> None:
    """Open debtors, who issue what accounts hold, and set their terms."""


def _terms_options(command: F) -> F:
    for option in (
        click.option(
            "--interest", type=Decimal, help="Percent a year, e.g. 2.5; may be negative."
        ),
        click.option(
            "--demurrage",
            type=Decimal,
            help="Percent a year: the lowest that the interest may ever become, e.g. -1.",
        ),
        click.option("--commit-days", type=int, help="How long a lock may wait for its commit."),
        click.option("--note-bytes", type=int, help="The longest note of a transfer."),
        click.option("--info", help="Address of a page about this debtor."),
    ):
        command = option(command)
    return command


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """As `Terms` has them; what was not given stays."""
    changes: dict[str, Any] = {}
    for name, field in (("interest", "interest_rate_ppm"), ("demurrage", "demurrage_rate_ppm")):
        if given[name] is not None:
            ppm = given[name] * PPM / 100
            if ppm != int(ppm):
                raise InvalidTerms(f"the {name} rate has at most four digits after the point")
            changes[field] = int(ppm)
    if given["commit_days"] is not None:
        changes["commit_period_s"] = given["commit_days"] * DAY_S
    if given["note_bytes"] is not None:
        changes["transfer_note_max_bytes"] = given["note_bytes"]
    if given["info"] is not None:
        changes["info_iri"] = given["info"]
    return changes


@debtor_group.command("open")
@click.argument("debtor_id", type=DEBTOR_ID)
@click.option("--wide", is_flag=True, help="Amounts may exceed 64 bits, as wei do.")
@_terms_options
@house_options
def debtor_open(
    debtor_id: int, config_file: Path | None, data_dir: Path | None, *, wide: bool, **given: Any
) -> None:
    """Open DEBTOR_ID with its root account.

    It issues nothing until its party configures that account: `central party add NAME KEY --debtor DEBTOR_ID`.
    """
    terms = replace(Terms(wide=wide), **_changes(given))

    def open_new(session: Session) -> None:
        if session.get(Debtor, debtor_id) is not None:
            raise NotOpen(f"debtor {debtor_id} is open already: `central debtor terms` changes it")
        open_debtor(session, debtor_id, terms, system_now_ms())

    with open_database(load(config_file, data_dir), new=True) as db:
        db.run(open_new)
    click.echo(f"Debtor {debtor_id} is open: {_in_words(terms)}.")


@debtor_group.command("terms")
@click.argument("debtor_id", type=DEBTOR_ID)
@_terms_options
@house_options
def debtor_terms(
    debtor_id: int, config_file: Path | None, data_dir: Path | None, **given: Any
) -> None:
    """Change the terms of DEBTOR_ID; what is not given stays as it is."""

    def change(session: Session) -> Terms:
        debtor = session.get(Debtor, debtor_id, with_for_update=True)
        if debtor is None:
            raise NotOpen(f"there is no debtor {debtor_id}: `central debtor list` shows them")
        terms = replace(_terms_of(debtor), **_changes(given))
        change_terms(session, debtor_id, terms, system_now_ms())
        return terms

    with open_database(load(config_file, data_dir)) as db:
        terms = db.run(change)
    click.echo(f"Debtor {debtor_id}: {_in_words(terms)}.")


@debtor_group.command("list")
@house_options
def debtor_list(config_file: Path | None, data_dir: Path | None) -> None:
    """Show the debtors, their terms, and how many accounts each has."""

    def lines(session: Session) -> list[str]:
        of_debtor = CreditorAccount.debtor_id == Debtor.debtor_id
        accounts = sa.select(sa.func.count()).where(of_debtor).scalar_subquery()
        others = sa.select(Debtor, accounts).where(Debtor.debtor_id > RESERVED_DEBTORS_MAX)
        found = session.execute(others.order_by(Debtor.debtor_id))
        return [
            f"{debtor.debtor_id}  {_in_words(_terms_of(debtor))}; {count} accounts"
            for debtor, count in found
        ] or ["no debtors"]

    with open_database(load(config_file, data_dir)) as db:
        click.echo("\n".join(db.run(lines)))


def _terms_of(debtor: Debtor) -> Terms:
    return Terms(**{name: getattr(debtor, name) for name in Terms.__dataclass_fields__})


def _in_words(terms: Terms) -> str:
    return (
        f"interest {percent(terms.interest_rate_ppm).normalize():f} % a year, "
        f"never below {percent(terms.demurrage_rate_ppm).normalize():f} %, "
        f"commits within {terms.commit_period_s // DAY_S} days, "
        f"notes up to {terms.transfer_note_max_bytes} bytes{', wide' * terms.wide}"
    )
