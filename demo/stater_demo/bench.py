"""`bin/bench`: how fast the product is, measured on its real parts."""

import sys
from pathlib import Path

import click

from stater_demo import bench_acceptors, bench_fuzz, bench_journal
from stater_demo.problem import DemoProblem


@click.group(invoke_without_command=True)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure the product on this machine, beside what the machine itself can do."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command("acceptors")
@click.option(
    "--bills",
    type=click.IntRange(1, 900),
    default=100,
    show_default=True,
    help="How many one-dollar bills to feed to each.",
)
def acceptors(bills: int) -> None:
    """Each protocol: from a reported credit to its commit on disk; CPU of an idle kiosk."""
    try:
        bench_acceptors.run(bills, click.echo)
    except DemoProblem as problem:
        click.echo(f"bench: {problem}", err=True)
        sys.exit(1)


@main.command("fuzz")
@click.option(
    "--streams",
    type=click.IntRange(1),
    default=1_000_000,
    show_default=True,
    help="How many damaged streams for each protocol.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The first stream's seed.")
def fuzz(streams: int, seed: int) -> None:
    """Damaged streams for every bill acceptor codec; about a minute for each 100,000."""
    try:
        bench_fuzz.run(streams, seed, click.echo)
    except DemoProblem as problem:
        click.echo(f"bench: {problem}", err=True)
        sys.exit(1)


@main.command("journal")
@click.option(
    "--sales",
    type=click.IntRange(10),
    default=200,
    show_default=True,
    help="How many sales of two bills.",
)
@click.option(
    "--on",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder on the disk to measure; without it, where temporary files go.",
)
def journal(sales: int, folder: Path | None) -> None:
    """Commits of a bill beside bare SQLite commits, and what a sale writes to the disk."""
    bench_journal.run(sales, folder, click.echo)


if __name__ == "__main__":
    main(prog_name="bin/bench")
