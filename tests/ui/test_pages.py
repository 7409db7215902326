"""What is said in each state, as pure functions of the snapshot."""

import pytest

from kiosk.screen_link.snapshot import (
    CashView,
    DeadlineView,
    Notice,
    PayoutView,
    ScreenState,
    ServiceView,
    Snapshot,
)
from ui.inputs import Inputs
from ui.language import load_language
from ui.pages.away import PATIENCE_MS, derive_away_page
from ui.pages.frame import derive_frame
from ui.pages.page import NO_CHOICE
from ui.pages.proof import derive_proof
from ui.pages.row import Row
from ui.pages.sale import derive_sale, group_address
from ui.pages.table import derive_page
from ui.samples import ADDRESS, TXID, sample

S = ScreenState


def told(snapshot: Snapshot, *, since_ms: int = 0) -> Inputs:
    language = load_language(snapshot.language, snapshot.currency)
    return Inputs(snapshot, language, since_snapshot_ms=since_ms)


@pytest.mark.parametrize("state", [S.JAMMED, S.QUEUED, S.DISPUTED, S.RECOVERING])
def test_bad_news_says_first_what_is_safe_and_gives_the_claim_code(state: ScreenState) -> None:
    inputs = told(sample(state))
    assert derive_page(inputs).headline.endswith("is recorded.")
    assert derive_proof(inputs).claim_code == "7K3Q-9MXD"
    assert "+1 555 010 0199" in derive_proof(inputs).quote_line


def test_a_bill_on_its_way_is_counted_among_what_is_recorded() -> None:
    cash = CashView(credited_minor=4_000, in_transit_minor=2_000)
    assert derive_page(told(sample(S.JAMMED, cash=cash))).headline == "Your $60 is recorded."


def test_the_claim_code_is_not_shown_before_it_is_needed() -> None:
    assert derive_proof(told(sample(S.INSERTING))).claim_code == ""
    assert derive_proof(told(sample(S.INSERTING)), away=True).claim_code == "7K3Q-9MXD"


@pytest.mark.parametrize("state", [S.SCANNING, S.PREPARING, S.INSERTING, S.STACKING, S.REVIEWING])
def test_a_bill_in_doubt_is_named_with_its_code_where_no_place_is_for_it(
    state: ScreenState,
) -> None:
    cash = CashView(disputed_minor=2_000, disputed_bills=1)
    notice = Notice(code="bill_rejected_other")
    page = derive_page(told(sample(state, cash=cash, claim_code="7K3Q-9MXD", notice=notice)))
    assert page.notice.startswith("Your $20 bill is recorded.")
    assert "7K3Q-9MXD" in page.notice
    said_already = Notice(code="bill_disputed", amount_minor=2_000)
    page = derive_page(told(sample(state, cash=cash, claim_code="7K3Q-9MXD", notice=said_already)))
    assert page.notice.count("is recorded") == 1


def test_a_cancelled_sale_gives_the_code_of_a_bill_in_doubt() -> None:
    cash = CashView(disputed_minor=2_000, disputed_bills=1)
    inputs = told(sample(S.CANCELLED, cash=cash, claim_code="7K3Q-9MXD"))
    assert derive_page(inputs).headline == "Your $20 is recorded."
    assert derive_proof(inputs).claim_code == "7K3Q-9MXD"


def test_a_bill_of_unknown_value_is_recorded_too() -> None:
    inputs = told(
        sample(S.DISPUTED, cash=CashView(disputed_bills=1), notice=Notice(code="bill_disputed"))
    )
    assert derive_page(inputs).headline == "Your bill is recorded."
    assert "$0" not in str(derive_page(inputs))


def test_where_nothing_was_counted_nothing_is_promised_back() -> None:
    page = derive_page(told(sample(S.DISPUTED, cash=CashView())))
    assert page.headline == "No cash was counted."
    assert "pay it back" not in page.detail


def test_a_cancelled_sale_says_that_no_cash_was_taken_and_why() -> None:
    page = derive_page(told(sample(S.CANCELLED, notice=Notice(code="central_unreachable"))))
    assert page.headline == "No cash was taken."
    assert page.detail.startswith("Our service cannot be reached right now.")
    assert page.notice == ""


def test_coins_that_cannot_be_sent_are_paid_back() -> None:
    cash = CashView(credited_minor=4_000)
    page = derive_page(told(sample(S.DISPUTED, cash=cash, notice=Notice(code="central_refused"))))
    assert page.headline == "Your $40 is recorded."
    assert "pay it back" in page.detail


def test_the_slot_says_what_it_takes_and_when_it_takes_no_more() -> None:
    assert derive_page(told(sample(S.INSERTING))).detail == "Bills up to $100. In all, up to $500."
    full = CashView(credited_minor=50_000, limit_minor=50_000)
    page = derive_page(told(sample(S.INSERTING, cash=full)))
    assert page.headline == "That is all we can take in this sale"
    assert page.picture == "none"


def test_no_more_bills_are_asked_for_when_none_would_be_taken() -> None:
    full = CashView(credited_minor=50_000, limit_minor=50_000)
    assert derive_page(told(sample(S.REVIEWING, cash=full))).secondary == NO_CHOICE


def test_out_of_service_names_causes_once_and_never_internals() -> None:
    service = ServiceView(
        status="out_of_service", reasons=("acceptor-silent", "acceptor-missing", "cashbox-full")
    )
    page = derive_page(told(sample(S.OUT_OF_SERVICE, service=service)))
    assert page.detail.splitlines() == [
        "The bill slot needs attention from our staff.",
        "The cash box is full and is waiting to be emptied.",
        "Sorry. Please come back later.",
    ]


def test_a_machine_that_cannot_go_on_keeps_the_code_of_whoever_has_cash_in() -> None:
    service = ServiceView(status="out_of_service", reasons=("storage",))
    sale = {"session_id": "s1", "claim_code": "7K3Q-9MXD", "cash": CashView(credited_minor=4_000)}
    inputs = told(sample(S.OUT_OF_SERVICE, service=service, **sale))
    assert derive_page(inputs).headline == "Your $40 is recorded."
    assert derive_proof(inputs).claim_code == "7K3Q-9MXD"
    between_sales = sample(
        S.OUT_OF_SERVICE, service=service, cash=CashView(in_transit_minor=2_000)
    )
    assert derive_page(told(between_sales)).headline.startswith("Out of service.")


def test_a_machine_that_only_starts_is_not_out_of_service() -> None:
    service = ServiceView(status="out_of_service", reasons=("starting",))
    page = derive_page(told(sample(S.OUT_OF_SERVICE, service=service)))
    assert (page.headline, page.picture) == ("One moment, please", "wait")
    broken = ServiceView(status="out_of_service", reasons=("acceptor-jam", "starting"))
    page = derive_page(told(sample(S.OUT_OF_SERVICE, service=broken)))
    assert page.headline.startswith("Out of service.")


def test_a_machine_without_receipts_says_so_before_the_sale() -> None:
    degraded = ServiceView(status="degraded", reasons=("printer-paper-end",))
    page = derive_page(told(sample(S.IDLE, service=degraded)))
    assert page.notice == "The receipt paper has run out."


def test_paper_near_its_end_is_not_the_customers_worry() -> None:
    degraded = ServiceView(status="degraded", reasons=("printer-paper-near-end",))
    assert derive_page(told(sample(S.IDLE, service=degraded))).notice == ""


def test_practice_never_claims_that_coins_are_on_their_way_unsaid() -> None:
    assert derive_frame(told(sample(S.PAID, network="practice"))).banner == (
        "PRACTICE MODE - no bitcoin is sent"
    )
    page = derive_page(told(sample(S.PAID, network="practice")))
    assert page.headline == "The practice sale is done"
    assert page.detail == "This was practice: no bitcoin was sent."


@pytest.mark.parametrize("network", ["testnet", "regtest"])
def test_a_test_network_says_so_on_every_screen(network: str) -> None:
    for state in ScreenState:
        banner = derive_frame(told(sample(state, network=network))).banner
        assert banner == "TEST NETWORK - these coins have no value"


def test_the_real_network_has_no_banner() -> None:
    assert derive_frame(told(sample(S.PAID))).banner == ""


def test_the_ring_counts_down_from_the_moment_of_the_snapshot() -> None:
    deadline = DeadlineView(left_ms=90_000, total_ms=120_000)
    start = derive_frame(told(sample(S.SCANNING, deadline=deadline)))
    assert (start.ring_text, start.ring_fraction) == ("1:30", 0.75)
    later = derive_frame(told(sample(S.SCANNING, deadline=deadline), since_ms=60_500))
    assert (later.ring_text, later.ring_fraction) == ("30", 29_500 / 120_000)
    over = derive_frame(told(sample(S.SCANNING, deadline=deadline), since_ms=500_000))
    assert (over.ring_text, over.ring_fraction) == ("0", 0.0)


def test_no_deadline_no_ring() -> None:
    frame = derive_frame(told(sample(S.IDLE)))
    assert (frame.ring_text, frame.ring_spoken) == ("", "")


def test_market_price_mark_up_and_fee_stand_apart() -> None:
    assert derive_sale(told(sample(S.REVIEWING))).price_rows == (
        Row("1 BTC on the market", "$97,000.00"),
        Row("Mark-up", "5.00\N{NO-BREAK SPACE}%"),
        Row("1 BTC for you", "$101,850.00"),
        Row("Fee", "$1.50"),
        Row("Price from", "Coinbase, 40 s ago"),
    )


def test_what_is_received_is_the_payout_once_there_is_one() -> None:
    assert derive_sale(told(sample(S.REVIEWING))).coin_amount == "0.00037800"
    payout = PayoutView(amount_base_units=41_230)
    assert derive_sale(told(sample(S.PAID, payout=payout))).coin_amount == "0.00041230"


def test_the_transaction_is_shown_by_its_ends() -> None:
    assert (
        Row("Transaction", f"{TXID[:6]} … {TXID[-6:]}") in derive_proof(told(sample(S.PAID))).rows
    )


@pytest.mark.parametrize("length", [0, 1, 26, 34, 42, 62, 64])
def test_an_address_in_groups_is_the_address(length: int) -> None:
    address = ("0123456789abcdefghijklmnopqrstuvwxyz" * 2)[:length]
    groups = group_address(address)
    assert "".join(group.text for group in groups) == address
    assert all(len(group.text) == 4 for group in groups[:-1])
    assert all(group.strong for group in (*groups[:3], *groups[-2:]))
    assert not any(group.strong for group in groups[3:-2])


def test_beside_the_group_that_all_addresses_of_a_kind_begin_with_two_more_are_bright() -> None:
    bright = [group.text for group in group_address(ADDRESS) if group.strong]
    assert bright == ["bc1p", "5cyx", "nuxm", "kedr", "cr"]


def test_no_wallet_is_shown_where_nothing_will_be_sent() -> None:
    refund = CashView(credited_minor=4_000)
    for disputed in (sample(S.DISPUTED), sample(S.DISPUTED, cash=refund)):
        assert derive_sale(told(disputed)).address_groups == ()
    assert derive_sale(told(sample(S.QUEUED))).address_groups


def test_what_ends_without_cash_is_not_shown_as_a_success() -> None:
    assert derive_page(told(sample(S.CANCELLED))).picture == "again"


def test_in_practice_nothing_is_received() -> None:
    practice = told(sample(S.PAID, network="practice"))
    assert derive_sale(practice).coin_label == "You would receive"
    jammed = derive_proof(told(sample(S.JAMMED, network="practice"))).rows
    assert "Would receive" in [row.label for row in jammed]
    assert derive_sale(told(sample(S.PAID))).coin_label == "You receive"


def test_the_core_away_is_one_moment_first_and_later_says_what_is_safe() -> None:
    idle, paying = told(sample(S.IDLE)), told(sample(S.INSERTING))
    assert derive_away_page(idle, 0).headline == "One moment, please"
    assert derive_away_page(paying, 0).headline == "Your $40 is recorded."
    assert derive_away_page(idle, PATIENCE_MS).headline == (
        "Out of service. All money this machine took is recorded."
    )
    assert derive_away_page(paying, PATIENCE_MS).headline == "Your $40 is recorded."
    assert "finishes your sale by itself" in derive_away_page(paying, PATIENCE_MS).detail


def test_every_page_is_one_sentence_in_spanish_too() -> None:
    for state in ScreenState:
        english = derive_page(told(sample(state)))
        spanish = derive_page(told(sample(state, language="es")))
        assert spanish.headline != english.headline
        assert spanish.primary.intent == english.primary.intent


def test_a_price_ages_by_the_cores_time_and_the_screens_own() -> None:
    """The screen's UTC may be wrong; it has no part in it."""
    *_, price_from = derive_sale(told(sample(S.REVIEWING), since_ms=30_000)).price_rows
    assert price_from == Row("Price from", "Coinbase, 1 min ago")


def test_what_a_code_says_of_itself_is_shown_as_unproven_words() -> None:
    claims = derive_sale(told(sample(S.CONFIRMING_WALLET))).wallet_claims
    assert claims.splitlines() == [
        "The code says, unchecked: “Savings”",
        "It asks for 0.00250000\N{NO-BREAK SPACE}BTC. Your cash decides.",
    ]
    silent = sample(S.CONFIRMING_WALLET, wallet_label=None, requested_base_units=None)
    assert derive_sale(told(silent)).wallet_claims == ""


def test_a_story_instead_of_a_label_is_cut_short() -> None:
    story = "Official safe account of the bank, send everything here at once"
    claims = derive_sale(told(sample(S.CONFIRMING_WALLET, wallet_label=story))).wallet_claims
    assert "“Official safe account o…”" in claims


@pytest.mark.parametrize(
    ("network", "named"),
    [("bitcoin", "Bitcoin"), ("regtest", "regtest, for tests"), ("practice", "none: practice")],
)
def test_coin_and_network_are_named_where_the_wallet_is_confirmed(
    network: str, named: str
) -> None:
    sale = derive_sale(told(sample(S.CONFIRMING_WALLET, network=network)))
    assert sale.wallet_caption == f"Bitcoin to this wallet. Network: {named}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_button_is_the_customers_statement_and_its_meaning_stands_by(language: str) -> None:
    page = derive_page(told(sample(S.CONFIRMING_WALLET, language=language)))
    said = {
        "en": ("This is my own wallet", "scam"),
        "es": ("Esta es mi propia billetera", "estafa"),
    }
    assert page.primary.text == said[language][0]
    assert said[language][1] in page.meaning
