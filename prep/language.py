"""Sentences in Finnish, Swedish and English: messages with facts, and how facts are written in each.

English is the language of the source. The catalogues are ``prep/locale/<language>/<area>.po``; they are read
as they stand (there is no compiled copy that could be stale).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prep.terms import Language

LOCALE_DIR = Path(__file__).parent / "locale"
HELSINKI = ZoneInfo("Europe/Helsinki")
# Each language by its own name, so that whoever needs it can read it.
OWN_NAMES = {Language.FI: "Suomi", Language.SV: "Svenska", Language.EN: "English"}
# "{" is the sign after "z".
_AFTER_Z = str.maketrans({"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"})
_LOCALES = {Language.FI: "fi_FI", Language.SV: "sv_FI", Language.EN: "en_FI"}


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is not yet in any language: a template and the facts that fill it."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return in_language(self, Language.EN)

    def __hash__(self) -> int:
        return hash((self.template, tuple(sorted((k, str(v)) for k, v in self.facts.items()))))


def say(template: str, /, **facts: Any) -> Message:
    """A message; ``say`` is the keyword by which sentences are collected for translation.

    >>> str(say("{n} premises have no address.", n=1240))
    '1\\xa0240 premises have no address.'
    """
    return Message(template, facts)


def in_language(message: "Message | str", language: Language) -> str:
    """The sentence in a language; a plain string is data (a name, a file) and stays as it is."""
    if isinstance(message, str):
        return message
    text = _gettext(message.template, language)
    return text.format(**{name: as_written(value, language) for name, value in message.facts.items()})


def as_written(value: Any, language: Language) -> str:
    """A fact as it is written in running text: numbers, days and moments the Finnish way."""
    from babel.numbers import format_decimal

    match value:
        case Message():
            return in_language(value, language)
        case str():
            return str(value)
        case bool():
            return str(value)
        case datetime():
            return moment(value, language)
        case date():
            return day(value)
        case int() | float():
            return format_decimal(value, locale=_number_locale(language))
        case _ if isinstance(value, Iterable):
            return ", ".join(as_written(one, language) for one in value)
        case _:
            return str(value)


def day(value: date) -> str:
    """A day as written in Finland in all three languages.

    >>> day(date(2026, 11, 3))
    '3.11.2026'
    """
    return f"{value.day}.{value.month}.{value.year}"


def moment(value: datetime, language: Language) -> str:
    """A moment in Finnish time: ``22.11.2026 klo 10.46``, in Swedish ``kl. 10.46``."""
    local = value.astimezone(HELSINKI)
    word = {Language.FI: "klo ", Language.SV: "kl. ", Language.EN: ""}[language]
    return f"{day(local.date())} {word}{local.hour}.{local.minute:02d}"


def percent(share: float, language: Language = Language.FI, *, digits: int = 0) -> str:
    """A share in [0, 1] as a percentage that never rounds a possible thing to 0 or to 100.

    >>> percent(0.714), percent(0.99997), percent(0.00004), percent(1.0)
    ('71\\xa0%', '>\\xa099\\xa0%', '<\\xa01\\xa0%', '100\\xa0%')
    """
    from babel.numbers import format_decimal

    locale = _number_locale(language)
    unit = 10.0**-digits
    number = float(format(share * 100, f".{digits}f"))
    if share > 0 and number == 0:
        return f"<\xa0{format_decimal(unit, locale=locale)}\xa0%"
    if share < 1 and number == 100:
        return f">\xa0{format_decimal(100 - unit, locale=locale)}\xa0%"
    pattern = f"0.{'0' * digits}" if digits else "0"
    return f"{format_decimal(number, format=pattern, locale=locale)}\xa0%"


def sort_key(text: str) -> tuple[str, str]:
    """Finnish and Swedish alphabetical order: å ä ö last, capitals and accents ignored.

    >>> sorted(["Ähtäri", "Åbo", "Äänekoski", "Vöyri", "Akaa", "Ö"], key=sort_key)
    ['Akaa', 'Vöyri', 'Åbo', 'Ähtäri', 'Äänekoski', 'Ö']
    """
    import unicodedata

    kept = text.casefold().translate(
        {ord("å"): "{a", ord("ä"): "{b", ord("ö"): "{c", ord("æ"): "{b", ord("ø"): "{c"}
    )
    plain = "".join(c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return plain, text


def _number_locale(language: Language) -> str:
    # English text in Finland keeps Finnish numbers, so that a figure reads the same in all three.
    return "fi_FI" if language is Language.EN else _LOCALES[language]


def _gettext(template: str, language: Language) -> str:
    if language is Language.EN or not template:
        return template
    return _catalogue(language).gettext(template) or template


@cache
def _catalogue(language: Language) -> Any:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    merged = Catalog(locale=str(language))
    for path in sorted((LOCALE_DIR / str(language)).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=str(language)):
                if entry.id and entry.string:
                    merged.add(entry.id, entry.string)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)
