"""From the first scan to a wallet that the customer has declared their own."""

import json
from pathlib import Path

import pytest

from drivers.scanner.events import CodeSeen, CodeUnreadable, StartScanning, StopScanning
from kiosk.journal.outbox import OutboxReader
from kiosk.screen_link import intents
from kiosk_bench import ADDRESS, Bench, make_config
from kiosk_wire.messages import EventKind, KioskEvent

OTHER = "bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry"  # BIP-173, on regtest


@pytest.fixture
def twice(tmp_path: Path):
    """A kiosk whose operator has every code shown twice."""
    bench = Bench(tmp_path)
    scanner = bench.config.scanner.model_copy(update={"second_scan": True})
    bench.config = make_config(tmp_path).model_copy(update={"scanner": scanner})
    bench.store.close()
    bench.boot()
    bench.start()
    yield bench
    bench.store.close()


def declarations(bench: Bench) -> list[KioskEvent]:
    reader = OutboxReader(bench.config.database)
    facts = [event for event in reader.after(0, 1_000) if event.kind is EventKind.WALLET_DECLARED]
    reader.close()
    return facts


class TestDeclaration:
    def test_it_is_a_fact_with_its_time_and_the_language_it_was_read_in(self, bench: Bench):
        bench.send(intents.ChooseLanguage(language="es"))
        bench.scan()
        assert declarations(bench) == []
        bench.clock.seconds += 17
        bench.send(intents.WalletConfirmed())
        [fact] = declarations(bench)
        assert fact.at_ms == bench.clock.true_ms()
        assert fact.session_id == bench.screen.session_id
        assert json.loads(fact.body) == {
            "coin": "BTC",
            "network": "regtest",
            "address": ADDRESS,
            "language": "es",
        }

    def test_none_without_the_customers_touch(self, bench: Bench):
        bench.scan()
        bench.send(intents.ScanAgainRequested(), CodeSeen(ADDRESS))
        bench.pass_s(61)
        assert bench.state == "cancelled"
        assert declarations(bench) == []

    def test_what_the_code_says_of_itself_is_shown_with_the_address(self, bench: Bench):
        bench.send(
            intents.StartRequested(),
            intents.TermsAccepted(),
            CodeSeen(f"bitcoin:{ADDRESS}?amount=0.0025&label=Savings"),
        )
        assert bench.screen.wallet_label == "Savings"
        assert bench.screen.requested_base_units == 250_000
        bench.send(intents.ScanAgainRequested())
        assert (bench.screen.wallet_label, bench.screen.requested_base_units) == (None, None)


class TestSecondScan:
    def test_one_scan_is_enough_unless_the_operator_asks_for_two(self, bench: Bench):
        bench.scan()
        assert bench.state == "confirming_wallet"

    def test_the_same_wallet_twice_is_confirmed_however_it_is_written(self, twice: Bench):
        twice.scan()
        assert (twice.state, twice.screen.state) == ("scanning_again", "scanning_again")
        assert twice.ports.scanner[-1] == StartScanning()
        twice.send(CodeSeen(ADDRESS.upper()))
        assert (twice.state, twice.screen.address) == ("confirming_wallet", ADDRESS)
        assert twice.ports.scanner[-1] == StopScanning()

    def test_another_wallet_begins_anew_and_is_not_kept(self, twice: Bench):
        twice.scan()
        twice.send(CodeSeen(OTHER))
        assert twice.state == "scanning"
        assert twice.screen.notice.code == "qr_not_the_same_wallet"
        assert twice.screen.address is None
        twice.send(CodeSeen(OTHER))
        assert (twice.state, twice.screen.notice) == ("scanning_again", None)
        twice.send(CodeSeen(OTHER))
        assert (twice.state, twice.screen.address) == ("confirming_wallet", OTHER)

    def test_what_cannot_be_paid_is_refused_in_words_and_the_first_scan_stays(self, twice: Bench):
        twice.scan()
        twice.send(CodeSeen("https://example.org/"))
        assert (twice.state, twice.screen.notice.code) == ("scanning_again", "qr_web_page")
        twice.send(CodeUnreadable())
        assert twice.screen.notice.code == "qr_unreadable"
        twice.send(CodeSeen(ADDRESS))
        assert twice.state == "confirming_wallet"

    def test_no_touch_stands_in_for_it(self, twice: Bench):
        twice.scan()
        twice.send(intents.WalletConfirmed(), intents.ScanAgainRequested())
        assert twice.state == "scanning_again"
        assert declarations(twice) == []

    def test_scanning_again_after_a_no_is_twice_again(self, twice: Bench):
        twice.scan()
        twice.send(CodeSeen(ADDRESS), intents.ScanAgainRequested())
        assert (twice.state, twice.screen.address) == ("scanning", None)
        twice.send(CodeSeen(OTHER))
        assert twice.state == "scanning_again"

    def test_it_ends_as_scanning_does(self, twice: Bench):
        twice.scan()
        twice.pass_s(61)
        assert (twice.state, twice.screen.notice.code) == ("cancelled", "timed_out")
        twice.send(intents.DismissRequested())
        twice.scan()
        assert twice.screen.can_cancel
        twice.send(intents.CancelRequested())
        assert twice.state == "cancelled"

    def test_a_restart_in_between_ends_the_sale(self, twice: Bench):
        twice.scan()
        twice.restart()
        assert (twice.state, twice.screen.notice.code) == ("cancelled", "restarted")
