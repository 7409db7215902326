"""`stater-demo`: a whole kiosk on this desk, to play with or to watch."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from stater_demo import headless, on_display
from stater_demo.bills import parse_bills
from stater_demo.customer import MINOR_PER_UNIT
from stater_demo.problem import DemoProblem
from stater_demo.settings import FEE_MINOR, SESSION_LIMIT_MINOR


class _Bills(click.ParamType[tuple[int, ...]]):
    name = "AMOUNT,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        try:
            bills = parse_bills(str(value))
        except ValueError as problem:
            self.fail(str(problem), param, ctx)
        if sum(bills) * MINOR_PER_UNIT <= FEE_MINOR:
            fee = FEE_MINOR // MINOR_PER_UNIT
            self.fail(f"the fee is ${fee}; bills of ${sum(bills)} buy nothing", param, ctx)
        if sum(bills) * MINOR_PER_UNIT > SESSION_LIMIT_MINOR:
            limit = SESSION_LIMIT_MINOR // MINOR_PER_UNIT
            self.fail(f"this kiosk takes ${limit} a sale, not ${sum(bills)}", param, ctx)
        return bills


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--headless",
    "is_headless",
    is_flag=True,
    help="Draw nothing on a display: a scripted customer buys coins, and the run is recorded.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/demo"),
    show_default=True,
    help="Where a headless run leaves its summary, pictures, receipt and database.",
)
@click.option(
    "--bills",
    type=_Bills(),
    default="20,20",
    show_default=True,
    help="The dollar bills that the scripted customer inserts, in order.",
)
def main(is_headless: bool, out: Path, bills: tuple[int, ...]) -> None:  # noqa: FBT001
    """Runs the node, the central service, simulated devices and the kiosk, all real processes.

    With a display you are the customer: feed bills, hold up the phone, pull plugs. Without one, or with
    --headless, a scripted customer buys coins, and the command fails unless everything agrees.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    try:
        if is_headless or not has_display:
            headless.run(out, bills, _say)
        else:
            on_display.run(_say)
    except DemoProblem as problem:
        click.echo(f"demo: {problem}", err=True)
        sys.exit(1)


def _say(line: str) -> None:
    click.echo(f"  {line}")


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
