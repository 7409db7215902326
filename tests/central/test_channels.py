"""A sales channel sells as a kiosk does, says itself what was paid, and may owe what the operator allows: nothing more."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disbursement.channels.owing import debt, note_payment
from disbursement.commands import main
from disbursement.config import SaleSection
from disbursement.matters import open_matters
from disbursement.sales.models import TransferChange, TransferRow
from kiosk_wire.messages import Refusal

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


@pytest.fixture
def shop(central: Any) -> Any:
    return central.channel(limit_minor=100_000)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, Refusal.model_validate_json(answer.content).code


def prepared(shop: Any, name: str = "1", max_amount_minor: int = 50_000) -> Any:
    assert shop.quote(name).status_code == 200
    return shop.prepare(name, max_amount_minor=max_amount_minor)


def owed(central: Any, name: str = "shop-1") -> tuple[int, int]:
    now = central.house.db.run(lambda session: debt(session, name))
    return now.owed_minor, now.open_minor


def test_a_channel_sells_from_quote_to_coins(shop: Any, central: Any) -> None:
    """Seventy dollars less two of fee at 68,250.00 with the mark-up: 99,633 base units, as a kiosk's customer gets."""
    assert prepared(shop).json()["state"] == "prepared"
    assert owed(central) == (0, 50_000)
    answer = shop.finalize(7_000)
    assert (answer.status_code, answer.json()["state"]) == (200, "finalized")
    assert owed(central) == (7_000, 0)
    central.work()
    told = shop.transfer().json()
    assert (told["state"], told["amount_base_units"]) == ("confirmed", 99_633)
    assert central.payments() == [(ADDRESS, 99_633)]
    central.demand_sound_books()


def test_a_dismissed_sale_owes_and_locks_nothing(shop: Any, central: Any) -> None:
    prepared(shop)
    assert shop.finalize(0).json()["state"] == "dismissed"
    assert owed(central) == (0, 0)
    assert central.locked() == 0
    central.work()
    assert central.payments() == []


def test_a_channel_is_believed_up_to_its_limit_and_no_further(shop: Any, central: Any) -> None:
    prepared(shop, "1")
    assert shop.finalize(50_000, "1").status_code == 200
    prepared(shop, "2", 40_000)
    assert refusal(prepared(shop, "3", 10_001)) == (409, "limit_reached")
    assert prepared(shop, "4", 10_000).status_code == 200
    assert owed(central) == (50_000, 50_000)
    assert shop.finalize(0, "2").status_code == 200
    assert prepared(shop, "5", 40_000).status_code == 200
    central.demand_sound_books()


def test_what_a_channel_pays_it_may_owe_again(shop: Any, central: Any) -> None:
    prepared(shop, "1", 100_000)
    shop.finalize(100_000, "1")
    assert refusal(prepared(shop, "2", 1_000)) == (409, "limit_reached")
    central.house.db.run(lambda s: note_payment(s, "shop-1", 1_000, "bank", central.clock()))
    assert prepared(shop, "2", 1_000).status_code == 200


def test_a_channel_may_owe_nothing_until_somebody_says_so(central: Any) -> None:
    assert refusal(prepared(central.channel())) == (409, "limit_reached")


def test_a_lower_limit_holds_up_no_commit(shop: Any, central: Any) -> None:
    prepared(shop)
    key = shop.key
    again = central.channel(limit_minor=0)
    again.key, shop.key = key, again.key
    assert shop.finalize(50_000).status_code == 200
    assert refusal(prepared(shop, "2", 1_000)) == (409, "limit_reached")


@pytest.mark.parametrize("committed_minor", [50_001, 237, 1])
def test_what_cannot_be_paid_is_refused_and_can_still_be_committed_rightly(
    shop: Any, central: Any, committed_minor: int
) -> None:
    prepared(shop)
    assert refusal(shop.finalize(committed_minor)) == (422, "amount_out_of_range")
    assert shop.transfer().json()["state"] == "prepared"
    assert shop.finalize(238).json()["state"] == "finalized"


def test_the_end_of_a_sale_is_said_once(shop: Any, central: Any) -> None:
    prepared(shop)
    first = shop.finalize(7_000).json()
    assert shop.finalize(7_000).json() == first
    assert refusal(shop.finalize(8_000)) == (409, "transfer_closed")
    assert refusal(shop.finalize(0)) == (409, "transfer_closed")
    central.work()
    assert len(central.payments()) == 1


def test_a_dismissal_that_overtakes_its_prepare_counts(shop: Any, central: Any) -> None:
    shop.quote()
    assert shop.finalize(0).json()["state"] == "dismissed"
    assert refusal(shop.prepare()) == (409, "transfer_closed")
    assert refusal(shop.finalize(5_000, "2")) == (404, "not_found")
    assert central.locked() == 0


def test_each_speaker_has_its_own_ways(shop: Any, central: Any) -> None:
    """A kiosk's money speaks through its events, and nobody ends another's sale."""
    kiosk, other = central.kiosk(), central.channel(10**6, "shop-2")
    prepared(shop)
    kiosk.quote("2")
    kiosk.prepare("2")
    told = {"committed_minor": 0}
    assert refusal(kiosk.post("/v1/transfers/transfer-2/finalize", told)) == (403, "not_allowed")
    assert refusal(kiosk.post("/v1/requests", {})) == (403, "not_allowed")
    assert refusal(kiosk.post("/v1/transfers/batch", {})) == (403, "not_allowed")
    shop.happened("kiosk_started", version="1")
    assert refusal(shop.report()) == (403, "not_allowed")
    for name in ("1", "2"):
        assert refusal(other.finalize(0, name)) == (404, "not_found")
        assert refusal(other.transfer(name)) == (404, "not_found")
    kiosk.finalized(0, "1")
    kiosk.report()
    assert shop.transfer("1").json()["state"] == "prepared"


def test_a_channel_signs_as_a_channel(shop: Any) -> None:
    shop.kind = type(shop.kind).KIOSK
    assert refusal(shop.quote()) == (403, "unknown_speaker")


def test_a_large_payout_of_a_channel_waits_for_a_person(open_central: Any, tmp_path: Path) -> None:
    rules = SaleSection(approve_above_minor=5_000)
    central = open_central(tmp_path, rules=rules)
    shop = central.channel(10**6)
    prepared(shop)
    shop.finalize(7_000)
    central.work()
    assert central.payments() == []
    [matter] = central.house.db.run(lambda s: open_matters(s, rules, central.clock()))
    assert "channel shop-1, sale session-1: 70.00 USD committed" in matter.text


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["prepare", "finalize", "dismiss", "pay"]),
            st.integers(1, 4),
            st.integers(0, 60_000),
        ),
        max_size=14,
    )
)
def test_whatever_a_channel_does_it_never_owes_more_than_its_limit(
    open_central: Any, tmp_path_factory: Any, acts: list[tuple[str, int, int]]
) -> None:
    central = open_central(tmp_path_factory.mktemp("central"))
    shop = central.channel(limit_minor=100_000)
    paid_minor = 0
    for number in range(1, 5):
        shop.quote(str(number))
    for act, number, amount in acts:
        if act == "prepare":
            shop.prepare(str(number), max_amount_minor=max(1, amount))
        elif act == "pay":
            central.house.db.run(
                lambda s, a=amount: note_payment(s, "shop-1", a, "bank", central.clock())
            )
            paid_minor += amount
        else:
            shop.finalize(amount if act == "finalize" else 0, str(number))
        owed_minor, open_minor = owed(central)
        assert owed_minor + open_minor <= 100_000
        committed = [r.committed_minor for r in central.all(TransferRow) if r.amount_base_units]
        assert owed_minor == sum(committed) - paid_minor
        central.demand_sound_books()
    central.work()
    paid = [r.amount_base_units for r in central.all(TransferRow) if r.amount_base_units]
    assert sorted(amount for _, amount in central.payments()) == sorted(paid)


def asked(**changes: Any) -> dict[str, Any]:
    told = {"request_id": "refund-0017", "requested_by": "anna", "purpose": "order 17"}
    return told | {"amount_base_units": 10_000, "coin": "BTC", "address": ADDRESS} | changes


def test_a_channel_asks_for_coins_that_a_person_must_approve(shop: Any, central: Any) -> None:
    answer = shop.post("/v1/requests", asked())
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert shop.post("/v1/requests", asked()).json() == answer.json()
    assert refusal(shop.post("/v1/requests", asked(amount_base_units=1_000_000))) == (
        409,
        "id_reused",
    )
    assert shop.send("GET", "/v1/requests/refund-0017").json() == answer.json()
    other = central.channel(0, "shop-2")
    assert refusal(other.send("GET", "/v1/requests/refund-0017")) == (404, "not_found")
    central.work()
    assert central.payments() == []


@pytest.mark.parametrize(
    "changes", [{"address": "not-an-address"}, {"coin": "LTC"}, {"purpose": "\n"}]
)
def test_a_request_that_cannot_be_meant_is_refused(shop: Any, changes: dict[str, Any]) -> None:
    assert refusal(shop.post("/v1/requests", asked(**changes))) == (422, "bad_request")


def test_in_a_batch_each_item_stands_for_itself(shop: Any, central: Any) -> None:
    for name in ("1", "2", "3"):
        shop.quote(name)

    def prepare(name: str, cash: int) -> dict[str, Any]:
        return {
            "act": "prepare",
            "transfer_id": f"transfer-{name}",
            "session_id": f"session-{name}",
            "quote_id": f"quote-{name:0>4}",
            "address": ADDRESS,
            "max_amount_minor": cash,
        }

    items = [
        prepare("1", 60_000),
        prepare("2", 60_000),  # together more than the limit
        {"act": "finalize", "transfer_id": "transfer-1", "committed_minor": 10_000},
        prepare("2", 60_000),
        {"act": "status", "transfer_id": "transfer-9"},
        {"act": "finalize", "transfer_id": "transfer-2", "committed_minor": 60_001},
        {"act": "status", "transfer_id": "transfer-2"},
    ]
    answers = shop.post("/v1/transfers/batch", {"items": items}).json()["answers"]
    assert [answer["status"] for answer in answers] == [200, 409, 200, 200, 404, 422, 200]
    assert [(a["refusal"] or a["transfer"]).get("code") for a in answers] == [
        None,
        "limit_reached",
        None,
        None,
        "not_found",
        "amount_out_of_range",
        None,
    ]
    assert answers[6]["transfer"] == shop.transfer("2").json()
    assert owed(central) == (10_000, 60_000)
    assert len(central.all(TransferChange)) == 3
    assert refusal(shop.post("/v1/transfers/batch", {"items": items * 15})) == (422, "bad_request")


def test_the_operator_registers_channels_and_sees_what_they_owe(tmp_path: Path) -> None:
    def run(*words: str) -> Any:
        return CliRunner().invoke(main, ["channel", *words, "--data-dir", str(tmp_path)])

    key, other = (
        Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex() for _ in range(2)
    )
    assert "it may owe 0.00 USD" in run("add", "shop-1", key).output
    assert "it may owe 50.00 USD" in run("add", "shop-1", key, "--limit-minor", "5000").output
    assert "it may owe 50.00 USD" in run("add", "shop-1", other).output  # a new key alone
    refused = run("add", "shop-2", other)
    assert (refused.exit_code, "this is the key of channel 'shop-1'" in refused.output) == (
        2,
        True,
    )
    told = run("paid", "shop-1", "--amount-minor", "1200", "--note", "bank").output
    assert "owes -12.00 USD" in told
    assert "shop-1: owes -12.00 USD" in run("list").output
    assert run("remove", "shop-1").exit_code == 0
    assert run("remove", "shop-1").exit_code == 1
    assert "removed" in run("list").output
    kiosk = CliRunner().invoke(
        main, ["kiosk", "add", "shop-1", "--public-key", key, "--data-dir", str(tmp_path)]
    )
    assert "'shop-1' is a channel" in kiosk.output
