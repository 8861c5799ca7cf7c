"""Whether the texts of the action cards are fit to print: complete, short, translated, within competence.

The loader refuses what cannot be read; this finds what can be read and is still wrong.
"""

from collections import Counter
from collections.abc import Iterator
from string import Formatter

from prep.cards.competence import COMPETENT, issues_danger_notice, orders_evacuation
from prep.cards.content import COMMON_FILE, ROLES_FILE, CardText, CommonStep, DisruptionText, Library, Texts
from prep.errors import Problem
from prep.language import Message, say
from prep.terms import CardRole, Language

# A step fits two lines of the card at its smallest type; a message fits two joined text messages.
STEP_CHARACTERS = 140
MISSION_CHARACTERS = 140
LIMITS_CHARACTERS = 200
MESSAGE_CHARACTERS = 306
# As many as one A4 side holds with the list of contacts below.
STEPS_PER_CARD = 11

PLACEHOLDERS = frozenset({"municipality", "time", "next_time", "place"})


def lint(library: Library) -> list[Problem]:
    """Everything that is wrong with the texts, in the order of roles, common lines, disruptions, cards.

    A shared text (a common line, the limits of a role) is reported once, in its own file.
    """
    return [
        *_roles(library),
        *_common(library),
        *(problem for text in library.disruptions.values() for problem in _disruption(text)),
        *(problem for card in library.cards() for problem in _card(card, library)),
    ]


def _roles(library: Library) -> Iterator[Problem]:
    for role, text in library.roles.items():
        for name, value, most in (
            ("title", text.title, MISSION_CHARACTERS),
            ("reports_outside", text.reports_outside, MISSION_CHARACTERS),
            ("mission", text.mission, MISSION_CHARACTERS),
            ("limits", text.limits, LIMITS_CHARACTERS),
        ):
            if value is not None:
                place = f"{ROLES_FILE}: {role}, {name}"
                yield from _text(place, value, most=most)
                yield from _beyond_competence(place, value, role)


def _common(library: Library) -> Iterator[Problem]:
    yield from _shared(COMMON_FILE, library.common)


def _shared(file: str, steps: tuple[CommonStep, ...]) -> Iterator[Problem]:
    for number, step in enumerate(steps, start=1):
        place = f"{file}: step {number}"
        yield from _text(place, step, most=STEP_CHARACTERS)
        # They stand on cards of municipal roles, apart from those for the rescue department only.
        if not step.only_roles or not COMPETENT.issuperset(step.only_roles):
            yield from _beyond_competence(place, step, None)


def _disruption(text: DisruptionText) -> Iterator[Problem]:
    yield from _missing(f"{text.file}: title", text.title)
    for basis in text.legal_basis:
        yield from _text(f"{text.file}: legal_basis {basis.act}", basis.text, most=LIMITS_CHARACTERS)
    for message in text.message:
        place = f"{text.file}: message {message.key}"
        yield from _text(place, message, most=MESSAGE_CHARACTERS, placeholders=PLACEHOLDERS)
        yield from _same_placeholders(place, message)
        # The municipality sends it.
        yield from _beyond_competence(place, message, None)
    yield from _shared(text.file, text.step)
    for row in text.card:
        place = f"{text.file}: card {row.role}"
        if row.mission is not None:
            yield from _text(f"{place}, mission", row.mission, most=MISSION_CHARACTERS)
            yield from _beyond_competence(f"{place}, mission", row.mission, row.role)
        for number, step in enumerate(row.step, start=1):
            yield from _text(f"{place}, step {number}", step, most=STEP_CHARACTERS)
            yield from _beyond_competence(f"{place}, step {number}", step, row.role)


def _card(card: CardText, library: Library) -> Iterator[Problem]:
    """What shows only when the common lines and the other cards stand beside it."""
    place = f"{card.disruption}.toml: card {card.role}"
    if len(card.first_hour) > STEPS_PER_CARD:
        rule = say("With the common lines the card has more than {most} lines.", most=STEPS_PER_CARD)
        yield Problem(
            place, str(len(card.first_hour)), rule, say("Join or remove lines: it must fit one side.")
        )
    for phase in card.phases:
        if not phase.steps:
            rule = say("The card has no line for one of its times.")
            yield Problem(place, phase.phase, rule, say("Write what the role does then."))
    for language in Language:
        lines = Counter(step.text.in_language(language).casefold() for step in card.steps)
        for line in (line for line, times in lines.items() if line and times > 1):
            rule = say("The same line stands twice on the card.")
            yield Problem(f"{place}, {language}", line, rule, say("Remove one of the lines."))
    written = library.roles_with_card(card.disruption)
    for role in card.linked:
        if role is card.role or role not in written:
            rule = say("The card refers to a role that has no card of its own beside it.")
            remedy = say("Remove the role from linked, or write its card.")
            yield Problem(f"{place}, linked", role.value, rule, remedy)


def _text(
    place: str, text: Texts, *, most: int, placeholders: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    yield from _missing(place, text)
    yield from _untranslated(place, text)
    for language in Language:
        value, where = text.in_language(language), f"{place}, {language}"
        if len(value) > most:
            rule = say("The text has {n} characters; at most {most} fit.", n=len(value), most=most)
            yield Problem(where, value, rule, say("Shorten the text."))
        found = _placeholders(value)
        if found is None or not found <= placeholders:
            rule = say("The text has a placeholder that nothing fills in.")
            yield Problem(where, value, rule, _placeholder_remedy(placeholders))


def _missing(place: str, text: Texts) -> Iterator[Problem]:
    for language in Language:
        if not text.in_language(language).strip():
            rule = say("The text is missing in one language.")
            yield Problem(f"{place}, {language}", None, rule, say("Write the text in all three languages."))


def _untranslated(place: str, text: Texts) -> Iterator[Problem]:
    """The same text in two languages. A single word can be the same word (Storm); a sentence cannot."""
    values = Counter(text.in_language(language).strip().casefold() for language in Language)
    for value, times in values.items():
        if times > 1 and len(value.split()) > 1:
            rule = say("The text is the same in two languages, so one of them is not translated.")
            yield Problem(place, value, rule, say("Translate the text."))


def _same_placeholders(place: str, text: Texts) -> Iterator[Problem]:
    found = {language: _placeholders(text.in_language(language)) for language in Language}
    if len(set(found.values())) > 1:
        rule = say("The three languages do not have the same placeholders.")
        yield Problem(place, None, rule, say("Give each language the same facts."))


def _placeholders(text: str) -> frozenset[str] | None:
    """The names in braces; None if the braces do not close."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _placeholder_remedy(known: frozenset[str]) -> Message:
    if not known:
        return say("Write the text without braces; only messages are filled in.")
    return say("Use only these placeholders: {known}.", known=sorted(f"{{{name}}}" for name in known))


def _beyond_competence(place: str, text: Texts, role: CardRole | None) -> Iterator[Problem]:
    """``role`` None: what any role of a municipality may say or do."""
    if role in COMPETENT:
        return
    for language in Language:
        value, where = text.in_language(language), f"{place}, {language}"
        if issues_danger_notice(value, language):
            rule = say("This lets a role issue a danger notice that may not (act 466/2012, section 3).")
            yield Problem(where, value, rule, say("Write: ask the rescue authority for a danger notice."))
        if orders_evacuation(value, language):
            rule = say("This lets a role order an evacuation that may not (act 379/2011, section 36).")
            yield Problem(where, value, rule, say("Write: ask the rescue authority to decide."))
