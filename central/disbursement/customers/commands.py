"""`central customer`: what a person at the operator's decides about customers, always with a note."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from disbursement.command_options import F, house_options, load, note_option
from disbursement.customers import keeping, register, screening
from disbursement.customers.register import Person
from disbursement.customers.screening import Screener
from disbursement.customers.words import list_lines, show_lines
from disbursement.database import open_database
from disbursement.errors import InvalidSetup
from disbursement.house import system_now_ms

Work = Callable[[Session, int], None]


@click.group("customer")
def customer_group() -> None:
    """Look after customers: who they are, who may buy, and what is kept of them.

    \b
    central customer list
    central customer name ID --name "Jo Example" --born 1980-02-29 --note "passport seen"
    central customer review ID --note "passport and proof of address seen"
    central customer clear ID --note "another date of birth"

    Every change is kept for ever, with its time and its note. Phones and names are masked without --reveal.
    """


def _reveal_option(command: F) -> F:
    return click.option("--reveal", is_flag=True, help="Show phones, names and birthdays.")(
        command
    )


def _change(config_file: Path | None, data_dir: Path | None, work: Work) -> None:
    with open_database(load(config_file, data_dir)) as db:
        db.run(lambda session: work(session, system_now_ms()))


@customer_group.command("list")
@_reveal_option
@house_options
def list_command(config_file: Path | None, data_dir: Path | None, *, reveal: bool) -> None:
    """Show all customers. Works while the service runs."""
    with open_database(load(config_file, data_dir)) as db:
        lines = db.run(lambda session: list_lines(session, reveal=reveal))
    click.echo("\n".join(lines))


@customer_group.command("show")
@click.argument("customer_id")
@_reveal_option
@house_options
def show_command(
    customer_id: str, config_file: Path | None, data_dir: Path | None, *, reveal: bool
) -> None:
    """Show a customer with every change, and with what the sanctions list has of like names."""
    with open_database(load(config_file, data_dir)) as db:
        lines = db.run(lambda session: show_lines(session, customer_id, reveal=reveal))
    click.echo("\n".join(lines))


@customer_group.command("name")
@click.argument("customer_id")
@click.option("--name", required=True, help="As in the papers.")
@click.option("--born", required=True, type=click.DateTime(["%Y-%m-%d"]), help="1980-02-29")
@note_option
@house_options
def name_command(  # noqa: PLR0913  # one parameter an option
    *,
    customer_id: str,
    name: str,
    born: datetime,
    note: str,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Write down who a customer is. The name is held against the sanctions list at once."""
    person = Person(" ".join(name.split()), born.date())
    if not person.name.isprintable() or not person.name:
        raise InvalidSetup("a name is one line of letters")
    with open_database(load(config_file, data_dir)) as db:

        def work(session: Session) -> None:
            customer = register.find(session, customer_id)
            register.give_name(session, customer, person, note, system_now_ms())

        db.run(work)
        screening.screen(db, Screener(), customer_id, system_now_ms())
        lines = db.run(lambda session: show_lines(session, customer_id, reveal=False))
    click.echo("\n".join(lines))


@customer_group.command("review")
@click.argument("customer_id")
@note_option
@house_options
def review_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """You have looked at who it is: the highest tier, as long as the name is held against the list that counts."""
    _change(config_file, data_dir, lambda s, now_ms: register.review(s, customer_id, note, now_ms))
    click.echo(f"Customer {customer_id} is reviewed.")


@customer_group.command("block")
@click.argument("customer_id")
@note_option
@house_options
def block_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Sell nothing more to a customer, nor to an address that they bought to. What was promised is paid."""
    _change(config_file, data_dir, lambda s, now_ms: register.block(s, customer_id, note, now_ms))
    click.echo(f"Customer {customer_id} is blocked.")


@customer_group.command("unblock")
@click.argument("customer_id")
@note_option
@house_options
def unblock_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Sell to a blocked customer again."""
    _change(
        config_file, data_dir, lambda s, now_ms: register.unblock(s, customer_id, note, now_ms)
    )
    click.echo(f"Customer {customer_id} is not blocked any more.")


@customer_group.command("clear")
@click.argument("customer_id")
@note_option
@house_options
def clear_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Decide that a customer under review is another than those on the list. Asked again when either changes."""
    _decide(config_file, data_dir, customer_id, note, is_the_same=False)
    click.echo(f"Customer {customer_id} is another, and no longer under review.")


@customer_group.command("confirm")
@click.argument("customer_id")
@note_option
@house_options
def confirm_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Decide that a customer under review is on the list. They are blocked; the law may want a report."""
    _decide(config_file, data_dir, customer_id, note, is_the_same=True)
    click.echo(f"Customer {customer_id} is on the list, and blocked.")


def _decide(
    config_file: Path | None,
    data_dir: Path | None,
    customer_id: str,
    note: str,
    *,
    is_the_same: bool,
) -> None:
    def work(session: Session, now_ms: int) -> None:
        screening.decide(session, customer_id, note, now_ms, is_the_same=is_the_same)

    _change(config_file, data_dir, work)


@customer_group.command("export")
@click.argument("customer_id")
@house_options
def export_command(customer_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Print all that is kept of a customer, as JSON, for the customer to have."""
    with open_database(load(config_file, data_dir)) as db:
        kept = db.run(lambda session: keeping.export(session, customer_id))
    click.echo(json.dumps(kept, indent=2, ensure_ascii=False))


@customer_group.command("erase")
@click.argument("customer_id")
@note_option
@house_options
def erase_command(
    customer_id: str, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Forget phone, name and birthday of a customer, once the law no longer wants them kept (customers.retention_years).

    Sales and decisions are kept, of nobody.
    """
    config = load(config_file, data_dir)
    rules = config.customers
    if rules is None:
        raise InvalidSetup("how long customers are kept is in [customers], which is missing")
    with open_database(config) as db:
        db.run(lambda session: keeping.erase(session, rules, customer_id, note, system_now_ms()))
    click.echo(f"Customer {customer_id} is forgotten.")
