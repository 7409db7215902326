"""`central channel`: which sales channels may speak, how much each may owe, and what it has paid."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from disbursement.channels.lines import channel_line, channel_lines
from disbursement.channels.models import Channel
from disbursement.channels.owing import note_payment
from disbursement.command_options import house_options, load, note_option
from disbursement.database import open_database
from disbursement.house import system_now_ms
from disbursement.speakers.keys import read_public_key
from disbursement.speakers.registering import register, remove

AMOUNT_MAX = 10**12


@click.group("channel")
def channel_group() -> None:
    """Let a web shop, a till or a partner sell as a kiosk does, without cash.

    \b
    central channel add web-shop KEY --limit-minor 500000
    central channel paid web-shop --amount-minor 120000 --note "bank, 20 November"
    central channel list

    What a channel says was paid is believed, and it owes that, up to its limit. Without a limit it may owe nothing, and
    so sells nothing.
    """


@channel_group.command("add")
@click.argument("channel_id", metavar="NAME")
@click.argument("key")
@click.option(
    "--limit-minor",
    type=click.IntRange(0, AMOUNT_MAX),
    help="The most it may owe, open sales counted: in cents. A new channel without one may owe nothing.",
)
@house_options
def add(
    channel_id: str,
    key: str,
    limit_minor: int | None,
    config_file: Path | None,
    data_dir: Path | None,
) -> None:
    """Register NAME, or give it a new key or limit. KEY is its Ed25519 public key: a file (PEM, hex, base64), or itself.

    It works while the service runs. A lower limit holds up new sales alone: what was prepared can be committed.
    """
    public_key = read_public_key(key)
    config = load(config_file, data_dir)

    def work(session: Session) -> str:
        channel = register(session, Channel, channel_id, public_key, system_now_ms())
        if limit_minor is not None:
            channel.limit_minor = limit_minor
        return channel_line(session, channel, config.sale)

    with open_database(config, new=True) as db:
        line = db.run(work, serializable=True)
    click.echo(f"{line}; its key is {public_key.hex()}.")


@channel_group.command("list")
@house_options
def list_(config_file: Path | None, data_dir: Path | None) -> None:
    """Show the channels: what each owes, may come to owe by its open sales, and may owe at most."""
    config = load(config_file, data_dir)
    with open_database(config) as db:
        lines = db.run(lambda session: channel_lines(session, config.sale, system_now_ms()))
    click.echo("\n".join(lines))


@channel_group.command("remove")
@click.argument("channel_id", metavar="NAME")
@house_options
def remove_(channel_id: str, config_file: Path | None, data_dir: Path | None) -> None:
    """Refuse NAME from now on. What it committed is paid, and what it owes stays."""
    with open_database(load(config_file, data_dir)) as db:
        db.run(lambda session: remove(session, Channel, channel_id, system_now_ms()))
    click.echo(f"Channel {channel_id} is refused from now on.")


@channel_group.command("paid")
@click.argument("channel_id", metavar="NAME")
@click.option(
    "--amount-minor",
    required=True,
    type=click.IntRange(-AMOUNT_MAX, AMOUNT_MAX),
    help="In cents; less than nothing takes a mistake back.",
)
@note_option
@house_options
def paid(
    channel_id: str, amount_minor: int, note: str, config_file: Path | None, data_dir: Path | None
) -> None:
    """Write down that NAME paid some of what it owes: so much more may it sell."""
    config = load(config_file, data_dir)
    with open_database(config) as db:
        now = db.run(
            lambda session: note_payment(session, channel_id, amount_minor, note, system_now_ms())
        )
    click.echo(
        f"Channel {channel_id} owes {config.sale.in_words(now.owed_minor, config.sale.currency)} now."
    )
