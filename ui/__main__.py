"""Starts the kiosk's screen: `kiosk screen`, which is `python -m ui`."""

import logging
import sys
from pathlib import Path

import click

from kiosk.screen_link.link import DEFAULT_SOCKET
from ui.app import Options, run
from ui.build import BuildFailed, ensure_translations


@click.command()
@click.option(
    "--socket",
    type=click.Path(path_type=Path),
    default=DEFAULT_SOCKET,
    show_default=True,
    help="The Unix socket where the kiosk core speaks.",
)
@click.option("--windowed", is_flag=True, help="A window on a desk instead of the whole screen.")
@click.option(
    "--portrait",
    "orientation",
    flag_value="portrait",
    help="Lay out for an upright panel, whatever the window's shape.",
)
@click.option(
    "--landscape",
    "orientation",
    flag_value="landscape",
    help="Lay out for a wide panel, whatever the window's shape.",
)
@click.option(
    "--grab-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep a numbered picture of every state shown, in this folder. Animations stand still.",
)
def main(socket: Path, *, windowed: bool, orientation: str | None, grab_dir: Path | None) -> None:
    """Show the kiosk's screen and speak with the kiosk core.

    Without --portrait or --landscape the layout follows the shape of the window.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        ensure_translations()
        if grab_dir is not None:
            grab_dir.mkdir(parents=True, exist_ok=True)
    except BuildFailed as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{grab_dir}: {error.strerror}") from error
    sys.exit(run(Options(socket, windowed, orientation or "", grab_dir)))


if __name__ == "__main__":
    main(prog_name="kiosk screen")
