"""One language with its words and its way of writing numbers.

Responsible for: looking up a text, and writing money, coins, numbers and times so that a customer of this
language and this currency reads them without thinking.
Not responsible for: which language is shown; that is the snapshot's.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QTranslator

TRANSLATIONS = Path(__file__).parent / "translations"
SOURCE_LANGUAGE = "en"  # the language the texts are written in

OWN_NAMES = {
    "en": "English",
    "es": "Español",
}  # Qt's own names add the country: "American English"


@dataclass(frozen=True)
class Language:
    code: str
    locale: QLocale
    translator: QTranslator

    @property
    def right_to_left(self) -> bool:
        return self.locale.textDirection() == Qt.LayoutDirection.RightToLeft

    def translate(self, context: str, text: str) -> str:
        return self.translator.translate(context, text) or text

    def number(self, value: int) -> str:
        return self.locale.toString(value)

    def decimal(self, value: int, exponent: int) -> str:
        """`value` with its last `exponent` digits behind the decimal sign. Integers only, never a float."""
        whole, rest = divmod(abs(value), 10**exponent)
        sign = "-" if value < 0 else ""
        text = sign + self.locale.toString(whole)
        if exponent == 0:
            return text
        digits = "".join(self.locale.toString(int(digit)) for digit in f"{rest:0{exponent}}")
        return text + self.locale.decimalPoint() + digits

    def money(self, minor: int, currency: str, exponent: int) -> str:
        pattern = self.locale.toCurrencyString(1, _symbol(currency))
        return pattern.replace(self.locale.toString(1), self.decimal(minor, exponent)).strip()

    def round_money(self, minor: int, currency: str, exponent: int) -> str:
        """Money as on banknotes: without the cents when there are none."""
        whole, rest = divmod(minor, 10**exponent)
        return self.money(minor, currency, exponent) if rest else self.money(whole, currency, 0)

    def percent(self, basis_points: int) -> str:
        return f"{self.decimal(basis_points, 2)}\N{NO-BREAK SPACE}{self.locale.percent()}"


def own_name(code: str) -> str:
    return OWN_NAMES.get(code) or QLocale(code).nativeLanguageName() or code


@cache
def load_language(code: str, currency: str) -> Language:
    """A language without a translation file speaks English, in its own numbers and direction."""
    translator = QTranslator()
    translator.load(str(TRANSLATIONS / f"stater_{code}.qm"))
    return Language(code=code, locale=_locale(code, currency), translator=translator)


def _locale(code: str, currency: str) -> QLocale:
    """Numbers as people of this language write them where the currency is used: Spanish with dollars is es_US.

    A currency code begins with its country's code (ISO 4217).
    """
    territory = QLocale.codeToTerritory(currency[:2])
    local = QLocale(QLocale.codeToLanguage(code), territory)
    return local if local.territory() == territory else QLocale(code)


@cache
def _symbol(currency: str) -> str:
    """As at home, if that is written from left to right: our font has no other letters."""
    home = QLocale.codeToTerritory(currency[:2])
    everywhere = QLocale.matchingLocales(
        QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry
    )
    users = [
        locale
        for locale in everywhere
        if _iso_code(locale) == currency
        and locale.textDirection() == Qt.LayoutDirection.LeftToRight
    ]
    users.sort(key=lambda locale: locale.territory() != home)
    return users[0].currencySymbol() if users else f"{currency}\N{NO-BREAK SPACE}"


def _iso_code(locale: QLocale) -> str:
    return locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode)
