"""Checks every QML file against Qt and against our Python view models: `python -m ui.lint`.

A misspelt property of a view model is an error here, before it is a blank on a customer's screen.
"""

import subprocess
import sys
from pathlib import Path

import click

from ui.build import TOOLS, BuildFailed, build_types

QML = Path(__file__).parent / "qml"


def qml_files() -> list[Path]:
    return sorted(QML.rglob("*.qml"))


def lint() -> int:
    """Absolute import paths: with relative ones qmllint takes our singleton for none."""
    types = build_types()
    paths: list[str | Path] = ["-I", QML.resolve(), "-I", types.resolve()]
    command = [TOOLS / "qmllint", "-W", "0", *paths, *qml_files()]
    return subprocess.run(command, check=False).returncode


def unformatted() -> list[Path]:
    return [file for file in qml_files() if _formatted(file) != file.read_text(encoding="utf-8")]


def _formatted(file: Path) -> str:
    command = [TOOLS / "qmlformat", file]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@click.command()
def main() -> None:
    """Check the screen's QML: names, types and format."""
    try:
        status = lint()
    except BuildFailed as error:
        raise click.ClickException(str(error)) from error
    for file in unformatted():
        status = 1
        click.echo(f"{file}: run `pyside6-qmlformat -i {file}`", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main(prog_name="python -m ui.lint")
