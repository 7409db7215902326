"""`hardware-sim`: simulated devices on pseudo-terminals, for anyone's software."""

import click

from hardware_sim.bill_acceptor.command import bill_acceptor
from hardware_sim.camera.command import camera
from hardware_sim.printer.command import printer
from hardware_sim.scanner.command import scanner


@click.group()
def main() -> None:
    """Simulated devices of a cash kiosk, each seen from the other end of its wire."""


main.add_command(bill_acceptor)
main.add_command(printer)
main.add_command(camera)
main.add_command(scanner)
