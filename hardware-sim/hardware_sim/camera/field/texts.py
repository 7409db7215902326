"""What wallets put into a QR code: links, addresses, invoices, long texts. From dice.

The letters are right and the checksums are not: nobody can pay to one of these.
"""

import random
from collections.abc import Callable

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LABELS = ("Corner%20Shop", "Caf%C3%A9%20Luz", "Savings", "Anna%27s%20wallet", "")
_WORDS = [
    "pay",
    "only",
    "after",
    "the",
    "clerk",
    "has",
    "checked",
    "the",
    "amount",
    "and",
    "the",
    "name",
    "on",
    "this",
    "receipt",
]


def _some(dice: random.Random, alphabet: str, length: int) -> str:
    return "".join(dice.choices(alphabet, k=length))


def _segwit(dice: random.Random) -> str:
    return "bc1q" + _some(dice, _BECH32, 38)


def _link(dice: random.Random) -> str:
    amount = dice.randrange(10_000, 9_000_000)
    label = dice.choice(_LABELS)
    return f"bitcoin:{_segwit(dice)}?amount=0.{amount:08}" + (f"&label={label}" if label else "")


def _bare_address(dice: random.Random) -> str:
    return dice.choice(
        (
            _segwit(dice),
            f"bitcoin:{_segwit(dice)}",
            "BITCOIN:" + _segwit(dice).upper(),
            "1" + _some(dice, _BASE58, 33),
            "0x" + _some(dice, "0123456789abcdef", 40),
            "T" + _some(dice, _BASE58, 33),
        )
    )


def _invoice(dice: random.Random) -> str:
    """BOLT-11 has no upper bound; these are as long as phones show them."""
    body = f"lnbc{dice.randrange(10, 9_000)}u1p" + _some(dice, _BECH32, dice.randrange(180, 300))
    return dice.choice((body.upper(), f"lightning:{body}", f"LIGHTNING:{body.upper()}"))


def _long_text(dice: random.Random) -> str:
    words = " ".join(dice.choices(_WORDS, k=dice.randrange(8, 20)))
    return f"{_link(dice)}&message={words.replace(' ', '%20')}"


def short_text(dice: random.Random) -> str:
    """What most people show: an address, with or without an amount."""
    return dice.choice((_link, _bare_address))(dice)


def any_text(dice: random.Random) -> str:
    kinds: tuple[Callable[[random.Random], str], ...] = (
        _link,
        _bare_address,
        _invoice,
        _long_text,
    )
    return dice.choice(kinds)(dice)


def long_text(dice: random.Random, chars: int) -> str:
    """A link that carries an invoice, or a note, of about so many characters."""
    head = _link(dice) + dice.choice(("&lightning=lnbc1p", "&message="))
    return head + _some(dice, _BECH32, max(chars - len(head), 1))
