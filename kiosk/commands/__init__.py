"""`kiosk`: the commands of the machine."""

import faulthandler
import logging
import os
import sys
from pathlib import Path

import click

from kiosk.commands.case import case
from kiosk.commands.device_bill_acceptor import bill_acceptor
from kiosk.commands.device_decode import decode
from kiosk.commands.device_printer import printer
from kiosk.commands.device_probe import probe
from kiosk.commands.device_scan import scan
from kiosk.commands.device_scan_image import scan_image
from kiosk.commands.journal import journal
from kiosk.errors import InvalidInput


class _Commands(click.Group):
    """What a person got wrong is told in words, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except InvalidInput as error:
            for line in str(error).splitlines():
                click.echo(f"kiosk: {line}", err=True)
            sys.exit(2)


@click.group(cls=_Commands)
@click.option("--verbose", is_flag=True, help="Say more of what happens, on standard error.")
def main(*, verbose: bool) -> None:
    """The software of a crypto ATM: banknotes in, crypto out."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("transitions").setLevel(logging.WARNING)
    for chatty in ("httpx2", "httpcore2"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


_config = click.option(
    "--config",
    "config_path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The kiosk's configuration, a TOML file; see docs/configuration.md.",
)


@main.command()
@_config
def core(config_path: Path) -> None:
    """Run the core: devices, journal, central. It is meant to be restarted whenever it ends."""
    from kiosk.config import load_config  # noqa: PLC0415  # each command loads what it needs
    from kiosk.core.assembly import run_kiosk  # noqa: PLC0415

    faulthandler.enable()  # a watchdog ends us by SIGABRT: the log shows where every thread stood
    sys.exit(run_kiosk(load_config(config_path)))


@main.command()
@_config
def key(config_path: Path) -> None:
    """Print the public key that central knows the kiosk by.

    The key is made on first use.
    """
    from kiosk.config import load_config  # noqa: PLC0415
    from kiosk.sync.key import load_or_make_key, public_pem  # noqa: PLC0415

    click.echo(public_pem(load_or_make_key(load_config(config_path).central.key_file)), nl=False)


@main.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def screen(arguments: tuple[str, ...]) -> None:
    """Run the screen, a process of its own."""
    os.execv(sys.executable, [sys.executable, "-m", "ui", *arguments])  # noqa: S606  # no shell wanted


@main.group()
def device() -> None:
    """Try one device by hand, without the core."""


device.add_command(bill_acceptor)
device.add_command(decode)
device.add_command(printer)
device.add_command(probe)
device.add_command(scan)
device.add_command(scan_image)
main.add_command(case)
main.add_command(journal)
