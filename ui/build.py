"""Makes what the screen needs and the repository does not keep: `python -m ui.build`.

The translations that Qt reads (.qm, from .ts), and the description of our Python types that the QML linter
reads (.qmltypes).
"""

import subprocess
import sys
from pathlib import Path

import click
import PySide6

HERE = Path(__file__).parent
TRANSLATIONS = HERE / "translations"
TYPES = HERE.parent / "build" / "qmltypes"  # an import path of the linter
TOOLS = Path(PySide6.__file__).parent
MODULE = "Kiosk.ViewModels"


class BuildFailed(Exception):
    """A tool of Qt could not do its work."""


def ensure_translations() -> None:
    """Release the translations that are missing or older than their source."""
    for source in sorted(TRANSLATIONS.glob("*.ts")):
        target = source.with_suffix(".qm")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _release(source, target)


def _release(source: Path, target: Path) -> None:
    try:
        _run([TOOLS / "lrelease", "-silent", source, "-qm", target])
    except BuildFailed as error:
        raise BuildFailed(
            f"The screen's texts in {source.name} could not be made ready ({error}). "
            f"Run `python -m ui.build` as a user who may write to {target.parent}."
        ) from error


def build_types() -> Path:
    """Describe the view models for the QML linter; returns its import path."""
    folder = TYPES.joinpath(*MODULE.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    described = folder / "metatypes.json"
    sources = sorted((HERE / "view_models").glob("*_view_model.py"))
    dump = TOOLS / "scripts" / "metaobjectdump.py"
    _run([sys.executable, dump, "-o", described, *sources])
    _run(
        [
            TOOLS / "Qt" / "libexec" / "qmltyperegistrar",
            "--generate-qmltypes", folder / "view_models.qmltypes",
            "-o", folder / "registration.cpp",
            "--import-name", MODULE,
            "--major-version", "1",
            "--minor-version", "0",
            described,
        ]
    )  # fmt: skip
    (folder / "qmldir").write_text(f"module {MODULE}\ntypeinfo view_models.qmltypes\n")
    return TYPES


def _run(command: list[str | Path]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BuildFailed(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        raise BuildFailed(f"{Path(command[0]).name} says: {(done.stderr or done.stdout).strip()}")


@click.command()
def main() -> None:
    """Make the screen's translations and the QML linter's types."""
    try:
        ensure_translations()
        build_types()
    except BuildFailed as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main(prog_name="python -m ui.build")
