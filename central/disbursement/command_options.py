"""What `central`'s commands have in common: configuration, notes, and errors in words."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from disbursement.config import Config, load_config
from disbursement.errors import DisbursementError, InvalidSetup

F = TypeVar("F", bound=Callable[..., Any])


class _SetupMistake(click.ClickException):
    exit_code = 2  # as click's own, for arguments that cannot be meant


def _clear_errors(command: F) -> F:
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InvalidSetup as error:
            raise _SetupMistake(str(error)) from error
        except DisbursementError as error:
            raise click.ClickException(str(error)) from error

    return run  # type: ignore[return-value]


def house_options(command: F) -> F:
    for option in (
        click.option(
            "--data-dir",
            type=click.Path(file_okay=False, path_type=Path),
            help="Folder of the books, instead of the configuration's.",
        ),
        click.option(
            "--config",
            "config_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="TOML file. Without one it is the practice house: it pays nobody.",
        ),
    ):
        command = option(command)
    return _clear_errors(command)


def note_option(command: F) -> F:
    return click.option(
        "--note",
        required=True,
        callback=_demand_words,
        help="What was done, by whom and why: kept for ever.",
    )(command)


def _demand_words(_context: click.Context, _option: click.Parameter, note: str) -> str:
    if not note.strip():
        raise click.BadParameter("say what was done")
    return note.strip()


def load(config_file: Path | None, data_dir: Path | None, **server: Any) -> Config:
    config = load_config(config_file)
    if data_dir is not None and config.server.database is not None:
        raise InvalidSetup(
            "--data-dir has no meaning: the books are in the database of server.database"
        )
    given = {"data_dir": data_dir, **server}
    changes = {name: value for name, value in given.items() if value is not None}
    return config.model_copy(update={"server": config.server.model_copy(update=changes)})
