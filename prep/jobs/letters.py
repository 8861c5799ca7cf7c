"""What the messages say. No telephone number and no name of premises stands in a mail: it passes through many hands."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from prep.language import Message, in_language, say
from prep.models import ContactPoint, RoleTerm, SeatTerm, Site
from prep.registry.names import name_of
from prep.registry.review import Item
from prep.terms import Language, State

# More lines than this are not read in a mail.
_MOST_LINES = 40
# As many digits as no house number and no year has, however they are spaced.
_NUMBER = re.compile(r"\+?\d(?:[\s().–-]*\d){5,}")


@dataclass(frozen=True, slots=True)
class Text:
    """A message in one language."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one owner answers for, and why it is theirs."""

    heading: Message
    items: Sequence[Item]


def digest_text(
    name: str,
    sections: Sequence[Section],
    *,
    invitations: Sequence[Message],
    unreached: Sequence[Message],
    queue: str,
    own_link: str | None,
    language: Language,
) -> Text:
    """What waits for somebody this week: entries to confirm, invitations to send.

    ``own_link`` is by which they confirm what is known of themselves.
    """
    number = sum(len(section.items) for section in sections)
    paragraphs = [in_language(say("Hello {name},", name=name), language)]
    if number or unreached:
        words = say("So many entries in prep are waiting to be confirmed: {n}.", n=number)
        paragraphs.append(in_language(words, language))
    lines_left = _MOST_LINES
    for section in sections:
        lines = [in_language(line, language) for line in _lines(section.items, language)]
        shown, left_out = lines[:lines_left], len(lines[lines_left:])
        lines_left -= len(shown)
        if left_out:
            shown.append(in_language(say("and {n} more lines in prep", n=left_out), language))
        heading = in_language(section.heading, language)
        paragraphs.append(
            "\n".join([f"{heading[:1].upper()}{heading[1:]}:", *(f"– {line}" for line in shown)])
        )
    if invitations:
        heading = in_language(say("Invitations to meetings that have to be looked at:"), language)
        paragraphs.append("\n".join([heading, *(f"– {in_language(one, language)}" for one in invitations)]))
    if unreached:
        heading = in_language(say("Nobody could be written to:"), language)
        paragraphs.append("\n".join([heading, *(f"– {in_language(one, language)}" for one in unreached)]))
    if number or unreached:
        paragraphs.append(_with_link(say("Confirm or mend them:"), queue, language))
    if own_link:
        words = say("What is known of yourself you can also confirm without signing in:")
        paragraphs.append(_with_link(words, own_link, language))
    paragraphs.append(in_language(say("When everything is in order, no message is sent."), language))
    subject = (
        say("To confirm in prep: {n}", n=number)
        if number or unreached
        else say("Invitations to look at in prep: {n}", n=len(invitations))
    )
    return _text(subject, paragraphs, language)


def review_text(name: str, *, link: str, until: datetime, county: str, language: Language) -> Text:
    """Asks somebody to confirm what is known of them."""
    paragraphs = [
        in_language(say("Hello {name},", name=name), language),
        in_language(
            say(
                "your numbers and posts are kept in the preparedness register of {county}, so that you are reached "
                "in a disruption. It is time to look whether they are still right.",
                county=county,
            ),
            language,
        ),
        _with_link(say("Look at them and answer here; no password is needed:"), link, language),
        in_language(
            say(
                "The link is yours alone and is good until {moment}, for one answer. Do not pass it on.",
                moment=until,
            ),
            language,
        ),
    ]
    return _text(say("Are your contact details still right?"), paragraphs, language)


def objection_text(
    name: str, who: str, objections: Iterable[tuple[Item, str]], *, address: str, language: Language
) -> Text:
    """Tells whoever answers for it that somebody says that something known of them is wrong."""
    lines = []
    for item, words in objections:
        what = in_language(_what(item, language), language)
        lines.append(f"– {what}: ”{_NUMBER.sub('…', words)}”")
    paragraphs = [
        in_language(say("Hello {name},", name=name), language),
        "\n".join(
            [in_language(say("{who} says that something known of them is wrong:", who=who), language), *lines]
        ),
        in_language(
            say("Until somebody mends or confirms it, it counts as wrong. Numbers stand in prep only."),
            language,
        ),
        _with_link(say("Mend it here:"), address, language),
    ]
    return _text(say("{who}: something is wrong", who=who), paragraphs, language)


def _lines(items: Iterable[Item], language: Language) -> list[Message]:
    """What waits, a line for each person, body and list of premises."""
    several: dict[tuple[str, object], list[Item]] = {}
    for item in items:
        several.setdefault(_line_key(item), []).append(item)
    return [
        say("{what}: {n}, {age}", what=_what(found[0], language), n=len(found), age=_age(found))
        for found in several.values()
    ]


def _line_key(item: Item) -> tuple[str, object]:
    match item.row:
        case ContactPoint():
            return "person", item.row.person_id
        case RoleTerm():
            return "role", item.row.role_id
        case SeatTerm():
            return "body", item.row.seat.body_id
        case Site():
            return "premises", item.row.municipality_code


def _what(item: Item, language: Language) -> Message:
    match item.row:
        case ContactPoint():
            return say("{name}, numbers and addresses", name=item.row.person.name)
        case RoleTerm():
            return say("{role}, who it is", role=name_of(item.row.role, language))
        case SeatTerm():
            return say("{body}, who sits in it", body=name_of(item.row.seat.body, language))
        case Site():
            return say(
                "evacuation premises on the list of {where}", where=name_of(item.row.municipality, language)
            )


def _age(items: Sequence[Item]) -> Message:
    """The worst of them, in words."""
    if any(not isinstance(item.row, Site) and item.row.objection for item in items):
        return say("said to be wrong")
    ages = [item.age_days for item in items]
    known = [age for age in ages if age is not None]
    if State.UNKNOWN in {item.state for item in items}:
        return say("never confirmed")
    return say("last confirmed {days} days ago", days=max(known))


def _with_link(words: Message, link: str, language: Language) -> str:
    return f"{in_language(words, language)}\n{link}"


def _text(subject: Message, paragraphs: Iterable[str], language: Language) -> Text:
    return Text(in_language(subject, language), "\n\n".join(paragraphs) + "\n")
