"""A serial engine, its driver and the kiosk's core together, on a clock moved by hand."""

import pytest

from drivers.scanner.engines import serial_scanner
from drivers.scanner.engines.kinds import ENGINES
from drivers.scanner.events import StopScanning
from kiosk.screen_link import intents
from kiosk_bench import Bench
from scanner_bench import ScannerBench

WALLET = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"  # BIP-173's first key, on regtest
OTHER = "bcrt1qwf52dt9y2sv0f7fwkcpmtfjf74d4np2saeljt6"


class Kiosk:
    def __init__(self, kind, folder):
        self.core = Bench(folder)
        self.core.start()
        self.scanner = ScannerBench(kind)
        self._heard = self._told = 0

    def run(self, for_s=3.0):
        """What the core commands reaches the scanner, and what the scanner says the core."""
        until_s = self.scanner.clock.now_s + for_s
        while self.scanner.clock.now_s < until_s:
            for command in self.core.ports.scanner[self._told :]:
                self.scanner.send(command)
            self._told = len(self.core.ports.scanner)
            self.scanner.turn()
            for event in self.scanner.events[self._heard :]:
                self.core.send(event)
            self._heard = len(self.scanner.events)


@pytest.mark.parametrize("kind", sorted(ENGINES))
def test_a_wallet_held_before_the_engine_leads_to_its_confirmation(tmp_path, kind):
    kiosk = Kiosk(kind, tmp_path)
    kiosk.run()
    kiosk.scanner.optics.show(f"bitcoin:{OTHER}")  # before anybody asked
    kiosk.run()
    kiosk.scanner.optics.hide()
    kiosk.core.send(intents.StartRequested(), intents.TermsAccepted())
    kiosk.run()
    assert kiosk.core.state == "scanning"
    kiosk.scanner.optics.show(f"bitcoin:{WALLET}")
    kiosk.run()
    assert kiosk.core.state == "confirming_wallet"
    assert kiosk.core.screen.address == WALLET
    assert kiosk.core.ports.scanner[-1] == StopScanning()


def test_a_lost_engine_closes_the_machine_and_a_found_one_opens_it(tmp_path, monkeypatch):
    monkeypatch.setattr(serial_scanner, "REOPEN_S", 0.0)
    kiosk = Kiosk("ssi", tmp_path)
    kiosk.run()
    kiosk.scanner.cable.unplug()
    kiosk.run()
    assert "camera-missing" in kiosk.core.screen.service.reasons
    kiosk.scanner.cable.plug()
    kiosk.run()
    assert kiosk.core.screen.service.reasons == ()
