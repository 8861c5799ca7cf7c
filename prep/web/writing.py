"""How facts are written on a page: sentences in its language, numbers and days as in Finland."""

from datetime import date, datetime
from typing import Any, Protocol

from flask import Flask

from prep.language import HELSINKI, Message, as_written, day, in_language, moment, percent, say
from prep.registry.names import clause_of
from prep.terms import Language
from prep.web.language import page_language

DASH = "–"


class Named(Protocol):
    """What has a name in Finnish and in Swedish."""

    name_fi: Any
    name_sv: Any


def write_with(app: Flask) -> None:
    """Teach the templates to write."""
    environment = app.jinja_env
    environment.globals["_"] = translated
    environment.finalize = written
    environment.filters.update(
        named=named,
        clause=clause,
        number=number,
        coordinate=coordinate,
        percent=share,
        span=share_span,
        weekday=weekday_and_moment,
        clock_of=lambda at: f"{at.astimezone(HELSINKI):%-H.%M}",
        local_day=lambda at: at.astimezone(HELSINKI).date(),
        local_hour=lambda at: at.astimezone(HELSINKI).hour,
        age=age,
        sentence=as_sentence,
        words=lambda words: words.get(page_language().value) or words.get("fi", ""),
        in_page=lambda words: in_language(words, page_language()),
        written_day=lambda value: day(value) if value else "",
    )


def translated(template: str, /, **facts: Any) -> str:
    """A sentence of a template in the language of the page; named ``_`` there."""
    return in_language(Message(template, facts), page_language())


def written(value: Any) -> Any:
    """What stands between double braces, as it is written on the page."""
    match value:
        case None:
            return ""
        case Message():
            return in_language(value, page_language())
        case datetime():
            return moment(value, page_language())
        case date():
            return day(value)
        case _:
            return value


def named(thing: Named | None, language: Language | None = None) -> str:
    """The name of a thing in the language of the page; a thing without an English name keeps the Finnish."""
    if thing is None:
        return DASH
    language = language or page_language()
    found = getattr(thing, f"name_{language.value}", "") or thing.name_fi
    return str(found)


def clause(thing: object) -> str:
    """The clause of the agreement behind a thing, in the language of the page."""
    return clause_of(thing, page_language())


def number(value: float | None) -> str:
    """A number with a space between thousands; a dash for what is not known."""
    return DASH if value is None else as_written(value, page_language())


def coordinate(degrees: float | None) -> str:
    """Degrees with the five decimals that tell a door from the next (about a metre)."""
    return DASH if degrees is None else f"{degrees:.5f}".replace(".", ",")


def share(value: float | None, digits: int = 0) -> str:
    """A share as a percentage."""
    return DASH if value is None else percent(value, page_language(), digits=digits)


def share_span(interval: tuple[float, float]) -> str:
    """An interval of shares, the sign once: ``70–72 %``."""
    low, high = (percent(one, page_language()) for one in interval)
    if low == high:
        return low
    low_figure = low.removesuffix("\xa0%")
    return f"{low_figure}–{high}"


def weekday_and_moment(at: datetime) -> str:
    """A moment with its weekday, as the first words of a line."""
    from babel.dates import format_date

    language = page_language()
    locale = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}[language.value]
    local = at.astimezone(HELSINKI)
    name = format_date(local.date(), "cccc", locale=locale)
    return f"{name[:1].upper()}{name[1:]} {moment(at, language)}"


def short_weekday(day: date) -> str:
    """The weekday of a day, short: ``ma``, ``mån``, ``Mon``."""
    from babel.dates import format_date

    locale = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}[page_language().value]
    return str(format_date(day, "ccc", locale=locale))


def as_sentence(words: Message | str) -> str:
    """Words with a capital at their beginning."""
    text = in_language(words, page_language())
    return f"{text[:1].upper()}{text[1:]}"


def age(days: int | None) -> str:
    """An age in days, short enough for a column."""
    if days is None:
        return in_language(say("not known"), page_language())
    return in_language(say("{n} d", n=days), page_language())
