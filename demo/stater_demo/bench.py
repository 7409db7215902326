"""`bin/bench`: how fast the product is, measured on its real parts."""

import sys
from pathlib import Path

import click

from hardware_sim.camera.field import CONDITIONS
from stater_demo import (
    bench_acceptors,
    bench_central,
    bench_chaos,
    bench_fuzz,
    bench_journal,
    bench_preview,
    bench_recovery,
    bench_scan,
    bench_strange,
)
from stater_demo.problem import DemoProblem


class _Benches(click.Group):
    """What stood in the way is told in words, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DemoProblem as problem:
            click.echo(f"bench: {problem}", err=True)
            sys.exit(1)


@click.group(cls=_Benches, invoke_without_command=True)
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
    bench_acceptors.run(bills, click.echo)


@main.command("central")
@click.option("--quick", is_flag=True, help="Half a second for each row: about a minute.")
def central(*, quick: bool) -> None:
    """Two-phase transfers a second over HTTP, single and in bulk, beside bare SQL; SQLite and PostgreSQL.

    With 1, 8 and 32 clients, and with 10 accounts and 100,000. The real service on throw-away books, as durable as real
    ones; clients, service and database share this machine. Some five minutes; --quick, one.
    """
    bench_central.run(click.echo, quick=quick)


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
    bench_fuzz.run(streams, seed, click.echo)


@main.command("chaos")
@click.option(
    "--seeds",
    type=click.IntRange(1),
    default=2_000,
    show_default=True,
    help="How many lives; each has its own customers, devices and troubles.",
)
@click.option(
    "--first", type=click.IntRange(0), default=1, show_default=True, help="The first seed."
)
@click.option("--tell", type=click.IntRange(0), help="Live this one seed, and tell its story.")
def chaos(seeds: int, first: int, tell: int | None) -> None:
    """The whole system in one process on a virtual clock, and everything breaking, by seed.

    Core, drivers, sync and central are the product's; devices, network, disks, mains and the coins' network are
    simulated. After every commit the books are held against where the banknotes are. About a second a seed.
    """
    if tell is None:
        bench_chaos.run(range(first, first + seeds), click.echo)
    else:
        bench_chaos.tell_story(tell, click.echo)


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


@main.command("preview")
@click.option(
    "--seconds",
    type=click.IntRange(1, 600),
    default=20,
    show_default=True,
    help="How long, for each shape of the screen.",
)
def preview(seconds: int) -> None:
    """The camera's picture on the scan screen: pictures shown a second, and what both sides take for it."""
    bench_preview.run(seconds, click.echo)


@main.command("recovery")
@click.option(
    "--sales",
    type=click.IntRange(1),
    default=20_000,
    show_default=True,
    help="How many sales of two bills the journal holds, spread over a year.",
)
@click.option(
    "--kills",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="How often each kiosk is killed.",
)
def recovery(sales: int, kills: int) -> None:
    """From SIGKILL to ready for service: an empty kiosk, and one with a year of sales.

    The year is written by the kiosk's own core on a moved clock, on a disk in memory, with the retention at work. That
    takes some minutes, once: it is kept in the user's cache for as long as the code that wrote it stays the same.
    """
    try:
        bench_recovery.run(sales, kills, click.echo)
    except DemoProblem as problem:
        click.echo(f"bench: {problem}", err=True)
        sys.exit(1)


@main.command("scan")
@click.option(
    "--images",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Photographs instead of generated frames; a manifest.json beside them may say what they hold.",
)
@click.option(
    "--cases",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many of each condition, severity and size are generated.",
)
@click.option(
    "--condition",
    "conditions",
    type=click.Choice(list(CONDITIONS)),
    multiple=True,
    metavar="NAME",
    help=f"Generate this one alone; may be given several times: {', '.join(CONDITIONS)}.",
)
@click.option(
    "--damaged", type=click.IntRange(1), help="So many damaged codes instead: any wrong text?"
)
@click.option(
    "--strange",
    type=click.IntRange(1),
    help="Pictures made to stall, and so many damaged codes, say 10000, through the reading process of the kiosk "
    "instead: does the camera's picture go on?",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Other numbers, other frames."
)
@click.option(
    "--quick", is_flag=True, help="A taste: middle severity, 640x480, without OpenCV's detectors."
)
def scan(  # noqa: PLR0913  # one parameter an option
    *,
    folder: Path | None,
    cases: int,
    conditions: tuple[str, ...],
    damaged: int | None,
    strange: int | None,
    seed: int,
    quick: bool,
) -> None:
    """QR codes: what is read and how fast, beside pyzbar, zxing-cpp, OpenCV and a reference cascade.

    Frames are generated as kiosk cameras see them: eighteen conditions in three severities and two sizes, as single pictures
    and as two seconds of film. The reference is the best known order of the two libraries: zxing-cpp, at twice
    the size, with local contrast, then zbar on a flattened picture. All share one core. Some minutes; --quick, one.
    """
    if damaged is not None:
        bench_scan.scan_damaged(damaged, seed, click.echo)
    elif strange is not None:
        bench_strange.scan_strange(strange, seed, click.echo)
    elif folder is not None:
        bench_scan.scan_photos(folder, click.echo, quick=quick)
    else:
        bench_scan.scan_field(cases, seed, click.echo, conditions=conditions, quick=quick)


if __name__ == "__main__":
    main(prog_name="bin/bench")
