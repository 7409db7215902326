"""What a receipt must say."""

import pytest

from drivers.bill_acceptor import events
from drivers.printer.document import Document, Heading, Line, Pair
from kiosk.receipt import compose_receipt, decimal, grouped
from kiosk.receipt_words import WORDS
from kiosk.screen_link import intents
from kiosk_bench import ADDRESS, TXID
from kiosk_wire.messages import TransferState


def text_of(document: Document) -> str:
    lines = []
    for element in document.elements:
        match element:
            case Heading(text) | Line(text):
                lines.append(text)
            case Pair(label, value):
                lines.append(f"{label}: {value}")
    return "\n".join(lines)


def printed(bench) -> str:
    return text_of(bench.ports.printed[-1].document)


def test_a_paid_receipt_says_what_the_law_and_the_customer_ask(bench):
    bench.prepare()
    bench.insert()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    text = printed(bench)
    sale = bench.core.memory.sale
    for part in (
        "Corner Shop",
        "TEST NETWORK",
        "Cash in: 40.00 USD",
        "Fee: 1.00 USD",
        "Market price of 1 BTC: 95,000.00 USD",
        "Mark-up: 5.00 %",
        "Your price of 1 BTC: 99,750.00 USD",
        "You get: 0.00039097 BTC",
        grouped(ADDRESS),
        TXID,
        f"Sale: {sale.session_id}",
        "+1 555 0100",
    ):
        assert part in text


def test_a_queued_receipt_promises_and_does_not_claim(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.pass_s(30)
    text = printed(bench)
    assert "Recorded, not sent yet" in text
    assert "Your 20.00 USD is recorded" in text
    assert TXID not in text


def test_a_disputed_receipt_says_what_is_safe_then_what_happens_then_the_code(bench):
    bench.prepare()
    bench.send(events.BillEscrowed(events.Bill(2_000, "USD")))
    bench.pass_s(70)
    text, code = printed(bench), bench.screen.claim_code
    safe, next_, quote = "Your 20.00 USD is recorded.", "our staff will open it", code
    assert text.index(safe) < text.index(next_) < text.index(quote)


def test_a_receipt_of_a_paid_sale_says_also_what_is_in_doubt(bench):
    bench.prepare()
    bench.insert()
    bench.send(events.BillEscrowed(events.Bill(10_000, "USD")))
    bench.pass_s(70)
    bench.send(intents.SendRequested(), bench.paid())
    text = printed(bench)
    assert "Your coins are on their way" in text
    assert "Your 100.00 USD is recorded." in text
    assert "Under review: 100.00 USD" in text


def test_what_cannot_be_sent_is_not_promised_as_coins(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid(state=TransferState.REFUND_DUE, txid=None))
    text = printed(bench)
    assert "To be settled" in text
    assert "Cash in: 20.00 USD" in text
    assert "You get" not in text
    assert "To the wallet" not in text


def test_a_practice_receipt_does_not_say_that_coins_were_sent(bench):
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    kiosk = bench.config.kiosk.model_copy(update={"network": "practice"})
    config = bench.config.model_copy(update={"kiosk": kiosk})
    text = text_of(compose_receipt(config, bench.core.memory.sale, bench.clock.now_ms()))
    assert "PRACTICE - NO COINS ARE SENT" in text
    assert "on their way to your wallet" not in text
    assert "You would get: 0.00019047 BTC" in text


def test_the_claim_code_is_the_easiest_thing_to_find(bench):
    """A person reads it out on the phone; it is as large as nothing else but the headings."""
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.pass_s(30)
    elements = bench.ports.printed[-1].document.elements
    code = elements.index(Heading(bench.core.memory.sale.claim_code))
    assert elements[code - 1] == Line("Claim code", align="centre")


def test_it_speaks_the_customers_language(bench):
    bench.send(intents.ChooseLanguage(language="es"))
    bench.prepare()
    bench.insert()
    bench.commit()
    bench.send(bench.paid())
    assert "Usted recibe: 0,00019047 BTC" in printed(bench)  # 1900e8 / 9975000, rounded down


def test_both_languages_say_the_same_things():
    assert set(WORDS["en"]) == set(WORDS["es"])


@pytest.mark.parametrize(
    ("units", "exponent", "english", "spanish"),
    [
        (4_000, 2, "40.00", "40,00"),
        (123_456_789, 2, "1,234,567.89", "1.234.567,89"),
        (1, 8, "0.00000001", "0,00000001"),
    ],
)
def test_numbers_follow_the_language(units, exponent, english, spanish):
    assert decimal(units, exponent, WORDS["en"]) == english
    assert decimal(units, exponent, WORDS["es"]) == spanish
