"""Cards as prints, for the formats other than A4 and for a page: the same content under the same code."""

from prep.cards.action import ActionCard
from prep.cards.calling import ContactRow
from prep.cards.contact import ContactCard
from prep.cards.imprint import CLASSIFICATIONS, DRAFT, Imprint
from prep.cards.opening import PremisesCard
from prep.cards.parts import Facts, Part, People, PersonLine, Points, Print, Prose, Steps
from prep.cards.tables import age_words
from prep.language import say
from prep.terms import Language, TextStatus


def print_of(card: ActionCard | ContactCard) -> Print:
    """A card as a print."""
    return _action(card) if isinstance(card, ActionCard) else _contact(card)


def premises_print(card: PremisesCard) -> Print:
    """The card of premises as a print."""
    written = card.imprint.written
    parts: list[Part] = [
        _people(
            written(say("Who opens, in this order")),
            tuple(
                ContactRow(written(one.power), one.name, (one.number,) if one.number else ())
                for one in card.openers
            ),
            card.imprint,
            is_aged=False,
        ),
        Facts(
            written(say("The premises")),
            tuple((written(label), "" if value is None else written(value)) for label, value in card.facts),
        ),
    ]
    if card.lacks:
        lacks = tuple(
            f"{written(what)} – {written(remedy)}" if remedy else written(what) for what, remedy in card.lacks
        )
        parts.append(Points(written(say("What they lack")), lacks))
    parts += [Steps(written(part.title), tuple(written(one) for one in part.lines)) for part in card.steps]
    return _print(card, card.title, card.name, (card.where,) if card.where else (), parts)


def _action(card: ActionCard) -> Print:
    written = card.imprint.written
    parts: list[Part] = [Prose("", (f"{written(say('Mission:'))} {card.mission}",))]
    parts += [
        Steps(phase.title, tuple(step.text for step in phase.steps), first=phase.steps[0].number)
        for phase in card.phases
        if phase.steps
    ]
    parts.append(_people(written(say("Call in this order")), card.contacts, card.imprint))
    if card.premises is not None and card.premises_title is not None:
        places = tuple(
            ", ".join(
                part for part in (one.name, one.address, written(one.status), _keys(one.key_holders)) if part
            )
            for one in card.premises
        )
        nothing = (written(say("none in the register: write down what you open")),)
        parts.append(Points(written(card.premises_title), places or nothing))
    for message in card.messages:
        parts.append(Prose(message.to_fi, (message.fi,), language=Language.FI))
        parts.append(Prose(message.to_sv, (message.sv,), language=Language.SV))
    parts.append(Prose(written(say("Limits")), (card.limits,)))
    kind = written(say("Action card"))
    reports = written(say("reports to: {who}", who=card.reports_to))
    return _print(card, f"{kind} · {card.for_whom}", card.title, (card.role, reports), parts)


def _contact(card: ContactCard) -> Print:
    parts: list[Part] = [
        _people(card.imprint.written(section.title), section.rows, card.imprint) for section in card.sections
    ]
    below = card.imprint.written(say("No answer in 3 minutes: the next one."))
    return _print(card, card.title, card.for_whom, (below,), parts)


def _print(
    card: ActionCard | ContactCard | PremisesCard,
    kicker: str,
    title: str,
    below: tuple[str, ...],
    parts: list[Part],
) -> Print:
    imprint = card.imprint
    printed = imprint.written(say("printed {at}", at=imprint.printed_at))
    draft = (imprint.written(DRAFT),) if imprint.status is TextStatus.DRAFT else ()
    return Print(
        name=card.name,
        kicker=kicker,
        title=title,
        below=(*below, *draft),
        code=card.code,
        language=imprint.language,
        parts=tuple(parts),
        foot=f"{imprint.validity()} · {printed}",
        classification=imprint.written(CLASSIFICATIONS[imprint.classification]),
        data_age=imprint.written(imprint.data_age.in_words()),
        is_demo=imprint.is_demo,
    )


def _people(title: str, rows: tuple[ContactRow, ...], imprint: Imprint, *, is_aged: bool = True) -> People:
    """Everyone; the age of a number only where it keeps one from trusting it."""
    lines = tuple(
        PersonLine(
            row.post,
            row.name,
            row.numbers,
            imprint.written(age_words(row.age_days, is_stale=row.is_stale))
            if is_aged and row.numbers and (row.age_days is None or row.is_stale)
            else "",
            row.is_deputy,
        )
        for row in rows
    )
    # Nobody in the register: a name and a number to write in.
    return People(
        title, lines or (PersonLine(imprint.written(say("write down whom you reach")), "", ()),) * 3
    )


def _keys(holders: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {number}".strip() for name, number in holders)
