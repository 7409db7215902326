"""Whether a text holds the words of a seed: BIP-39 in every language, Electrum's and Monero's own.

A dozen words in a row out of one list are a seed, with a checksum or not: nobody writes so. Chinese without
spaces is another matter: its lists are the commonest characters, so there the checksum decides.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from string import digits

from bip_utils.bip.bip39 import Bip39Languages, Bip39MnemonicValidator
from bip_utils.bip.bip39.bip39_mnemonic_utils import Bip39WordsListGetter
from bip_utils.electrum.mnemonic_v1 import ElectrumV1Languages
from bip_utils.electrum.mnemonic_v1.electrum_v1_mnemonic_utils import ElectrumV1WordsListGetter
from bip_utils.monero.mnemonic_legacy import MoneroLanguages, MoneroMnemonicValidator
from bip_utils.monero.mnemonic_legacy.monero_mnemonic_utils import MoneroWordsListGetter

_FEWEST_WORDS = 12
_BIP39_LENGTHS = (12, 15, 18, 21, 24)
_MONERO_LENGTH = 25
_CHINESE = (Bip39Languages.CHINESE_SIMPLIFIED, Bip39Languages.CHINESE_TRADITIONAL)
_LISTS = (
    (Bip39Languages, Bip39WordsListGetter),
    (ElectrumV1Languages, ElectrumV1WordsListGetter),
    (MoneroLanguages, MoneroWordsListGetter),
)


def has_seed_words(text: str) -> bool:
    spaced = "".join(char if char.isalnum() else " " for char in _folded(text))
    words = [word for part in spaced.split() if (word := part.strip(digits))]
    if len(words) >= _FEWEST_WORDS and any(_has_run(words, known) for known in _word_lists()):
        return True
    return any(_is_chinese_seed(word) for word in words if not word.isascii())


def _folded(text: str) -> str:
    """Without accents and capitals: a phone may write either."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _has_run(words: list[str], known: frozenset[str]) -> bool:
    run = 0
    for word in words:
        run = run + 1 if word in known else 0
        if run == _FEWEST_WORDS:
            return True
    return False


@cache
def _word_lists() -> tuple[frozenset[str], ...]:
    return tuple(_load())


def _load() -> Iterator[frozenset[str]]:
    for languages, getter in _LISTS:
        for language in languages:
            words = getter.Instance().GetByLanguage(language)
            yield frozenset(_folded(words.GetWordAtIdx(i)) for i in range(words.Length()))


def _is_chinese_seed(characters: str) -> bool:
    mnemonic = " ".join(characters)
    if len(characters) in _BIP39_LENGTHS:
        return any(Bip39MnemonicValidator(lang).IsValid(mnemonic) for lang in _CHINESE)
    if len(characters) == _MONERO_LENGTH:
        chinese = MoneroMnemonicValidator(MoneroLanguages.CHINESE_SIMPLIFIED)
        return bool(chinese.IsValid(mnemonic))
    return False
