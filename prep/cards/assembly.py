"""Cards put together from their texts and the directory; knows neither the database nor the layout."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from prep.cards.action import ActionCard, LegalLine, MessageTemplate
from prep.cards.calling import ContactRow
from prep.cards.contact import ContactCard, ContactSection
from prep.cards.content import CardText, Library, MessageText, Texts
from prep.cards.directory import Directory, Holder, Number, Place, Post, Premises
from prep.cards.imprint import DataAge, Imprint
from prep.cards.later import Phase, Step
from prep.cards.numbers import as_dialled
from prep.cards.premises import PremisesRow
from prep.language import Message, in_language, say
from prep.terms import (
    CardKind,
    CardPhase,
    CardRole,
    Classification,
    Disruption,
    FreshnessKind,
    Language,
    SiteStatus,
    SiteUse,
    TextStatus,
    strictest,
)

Card = ActionCard | ContactCard

# Roles that the county fills; all others are filled by each municipality.
COUNTY_ROLES = frozenset(
    {
        CardRole.RESCUE_DUTY_OFFICER,
        CardRole.SITUATION_CENTRE,
        CardRole.HEALTH_COMMAND,
        CardRole.SOCIAL_EMERGENCY,
        CardRole.ENVIRONMENTAL_HEALTH,
    }
)
# So many premises stand on a card; the whole list is elsewhere.
PREMISES_ON_CARD = 3
# A contact card has no text of its own that could have versions.
_CONTACT_VERSION = 1

PHASES = {
    CardPhase.FIRST_15_MIN: say("0–15 min"),
    CardPhase.FIRST_60_MIN: say("15–60 min"),
    CardPhase.HOURS_2_12: say("2–12 h"),
    CardPhase.AFTER_12_H: say("after 12 h"),
    CardPhase.STAND_DOWN: say("at the end"),
}
_TO = {"residents": say("To residents"), "group": say("To the management group")}
# Blanks of the message templates, to be written in: about 15 mm for a time, 45 mm for a place.
_BLANKS = {"time": 8, "next_time": 8, "place": 24}
_PREMISES_TITLES = {
    SiteUse.ASSEMBLY_POINT: say("Assembly points"),
    SiteUse.ASSEMBLY_CENTRE: say("Assembly centres"),
    SiteUse.EVACUATION_CENTRE: say("Evacuation centres"),
    SiteUse.TEMPORARY_ACCOMMODATION: say("Temporary accommodation"),
    SiteUse.CATERING: say("Catering"),
}
# In the order in which they are offered; premises that are out or in use are not offered.
_STATUSES = {
    SiteStatus.AVAILABLE: say("available"),
    SiteStatus.CONDITIONAL: say("on conditions"),
    SiteStatus.OFFERED: say("offered, not agreed"),
    SiteStatus.UNKNOWN: say("availability unknown"),
}


# What makes two cards versions of one: kind, place, role and disruption.
CardKey = tuple[CardKind, str | None, CardRole | None, Disruption | None]


@dataclass(frozen=True, slots=True)
class Printing:
    """What holds for all cards of one printing."""

    language: Language
    classification: Classification
    on: date
    at: datetime
    # Within how many days each kind of value is confirmed again.
    intervals: Mapping[FreshnessKind, int]


def action_cards(
    directory: Directory,
    library: Library,
    printing: Printing,
    *,
    place: Place,
    role: CardRole | None = None,
    disruption: Disruption | None = None,
    only: Container[CardKey] | None = None,
) -> list[ActionCard]:
    """The action cards of a place, by disruption and role; of one role or disruption, or only some, if given."""
    return [
        action_card(directory, library, printing, place=place, role=one_role, disruption=one_disruption)
        for one_disruption in ([disruption] if disruption else Disruption)
        for one_role in library.roles_with_card(one_disruption)
        if role in (None, one_role)
        and (one_role in COUNTY_ROLES) == (place.code is None)
        and (only is None or (CardKind.ACTION, place.code, one_role, one_disruption) in only)
    ]


def action_card(
    directory: Directory,
    library: Library,
    printing: Printing,
    *,
    place: Place,
    role: CardRole,
    disruption: Disruption,
) -> ActionCard:
    """The card of a role of a place.

    Raises
    ------
    NotFound
        No card has been written for this role in this disruption.
    """
    text = library.card(role, disruption)
    language = printing.language
    posts = _posts(directory, library, place, role)
    use = text.premises_use
    premises = _offered(place.premises, use) if use else []
    ages = _data_age(posts, premises)
    return ActionCard(
        imprint=_imprint(directory, printing, premises, ages, version=text.version, status=text.status),
        municipality_code=place.code,
        for_whom=place.name.in_language(language),
        role_code=role,
        disruption=disruption,
        title=text.title.in_language(language),
        role=text.role_title.in_language(language),
        reports_to=text.reports_to.in_language(language),
        mission=text.mission.in_language(language),
        limits=text.limits.in_language(language),
        phases=_phases(text, language),
        contacts=_rows(posts, printing),
        contacts_note=_contacts_note(place),
        premises=tuple(_premises_row(one, use, place, printing) for one in premises) if use else None,
        premises_title=_PREMISES_TITLES[use] if use else None,
        messages=tuple(_message(message, place) for message in text.messages),
        legal_basis=tuple(
            LegalLine(f"{basis.act} {basis.section}", basis.text.in_language(language), basis.verified)
            for basis in text.legal_basis
        ),
        linked=tuple(
            f"{library.roles[other].title.in_language(language)} ({other})" for other in text.linked
        ),
    )


def contact_card(directory: Directory, library: Library, printing: Printing, *, place: Place) -> ContactCard:
    """The contact card of a municipality: management group, named roles, desks."""
    if place.code is None:
        raise ValueError("a contact card is a municipality's")
    lists = {
        say("Management group"): place.group,
        say("Named roles"): (*_preparedness(place, library), *place.other_roles),
        say("Round the clock"): _desks(place, library),
    }
    posts = [post for group in lists.values() for post in group]
    return ContactCard(
        imprint=_imprint(
            directory, printing, [], _data_age(posts, []), version=_CONTACT_VERSION, status=None
        ),
        municipality_code=place.code,
        for_whom=place.name.in_language(printing.language),
        sections=tuple(ContactSection(title, _rows(group, printing)) for title, group in lists.items()),
    )


def _posts(directory: Directory, library: Library, place: Place, role: CardRole) -> list[Post]:
    """Everyone whom a role of a place calls, in calling order, nobody twice."""
    if place.code is not None:
        return [*_merged(place.group, _preparedness(place, library)), *_desks(place, library)]
    contacts = [
        Post(municipality.name, post.holder, post.deputies)
        for municipality in directory.municipalities
        for post in _preparedness(municipality, library)
    ]
    # The situation centre does not call itself.
    desks = [] if role is CardRole.SITUATION_CENTRE else _desks(place, library)
    return [*desks, *directory.other_desks, *contacts]


def _merged(group: Iterable[Post], roles: Iterable[Post]) -> list[Post]:
    """The group, then the roles; a role whose holder has a seat is named beside the seat."""
    posts = list(group)
    for role in roles:
        same = [number for number, post in enumerate(posts) if role.holder and post.holder == role.holder]
        if not same:
            posts.append(role)
            continue
        seat = posts[same[0]]
        others = tuple(deputy for deputy in role.deputies if deputy not in seat.deputies)
        name = seat.name if seat.name == role.name else _both(seat.name, role.name)
        posts[same[0]] = replace(seat, name=name, deputies=seat.deputies + others)
    return posts


def _both(first: Texts, second: Texts) -> Texts:
    """Two names of one person's work, as one: ``Tekninen johtaja, varautumisen yhteyshenkilö``."""

    def joined(language: Language) -> str:
        name = second.in_language(language)
        return f"{first.in_language(language)}, {name[:1].lower()}{name[1:]}"

    return Texts(**{str(language): joined(language) for language in Language})


def _preparedness(place: Place, library: Library) -> tuple[Post, ...]:
    """The preparedness contact; where the register has no such role it stands there as vacant."""
    return place.preparedness or (Post(library.roles[CardRole.PREPAREDNESS_CONTACT].title, None),)


def _desks(place: Place, library: Library) -> tuple[Post, ...]:
    return place.desks or (Post(library.roles[CardRole.SITUATION_CENTRE].title, None),)


def _contacts_note(place: Place) -> Message | None:
    if place.code is None:
        return say("municipalities: contact persons")
    return None if place.group else say("the management group is not in the register")


def _rows(posts: Iterable[Post], printing: Printing) -> tuple[ContactRow, ...]:
    return tuple(row for post in posts for row in _rows_of(post, printing))


def _rows_of(post: Post, printing: Printing) -> Iterator[ContactRow]:
    name = post.name.in_language(printing.language)
    if post.is_desk and post.holder:
        desk = in_language(say("on duty 24 h"), printing.language)
        yield replace(_row(name, replace(post.holder, name=desk), printing), is_desk=True)
    else:
        yield _row(name, post.holder, printing) if post.holder else ContactRow(name)
    for deputy in post.deputies:
        yield _row(name, deputy, printing, is_deputy=True)


def _row(post: str, holder: Holder, printing: Printing, *, is_deputy: bool = False) -> ContactRow:
    age_days = _oldest([number.confirmed_on for number in holder.numbers], printing)
    return ContactRow(
        post=post,
        name=holder.name,
        numbers=tuple(
            in_language(as_dialled(number.kind, number.value), printing.language) for number in holder.numbers
        ),
        age_days=age_days,
        is_deputy=is_deputy,
        is_stale=_is_stale(FreshnessKind.CONTACT, age_days, printing),
    )


def _offered(premises: Iterable[Premises], use: SiteUse) -> list[Premises]:
    """The premises of a use that can be had: those known to be available first, then the largest."""
    order = list(_STATUSES)
    suited = [one for one in premises if use in one.capacities and one.status in _STATUSES]

    def rank(one: Premises) -> tuple[int, bool, int, str]:
        places = one.places(use)
        return order.index(one.status), places is None, -(places or 0), one.name.fi

    return sorted(suited, key=rank)[:PREMISES_ON_CARD]


def _premises_row(one: Premises, use: SiteUse, place: Place, printing: Printing) -> PremisesRow:
    language = printing.language
    town = one.municipality.in_language(language) if place.code is None else ""
    key_days = [number.confirmed_on for number in _numbers([], [one])]
    key_age = _oldest(key_days, printing)
    site_age = _oldest([one.confirmed_on], printing)
    return PremisesRow(
        name=one.name.in_language(language),
        address=", ".join(part for part in (one.address, town) if part),
        status=_STATUSES[one.status],
        stated_capacity=one.capacities[use],
        fire_max_persons=one.fire_max_persons,
        backup_power_h=one.backup_power_h,
        key_holders=tuple(
            (
                holder.name,
                ", ".join(in_language(as_dialled(n.kind, n.value), language) for n in holder.numbers[:1]),
            )
            for holder in one.key_holders
        ),
        age_days=_oldest([one.confirmed_on, *key_days], printing),
        is_stale=_is_stale(FreshnessKind.SITE, site_age, printing)
        or _is_stale(FreshnessKind.CONTACT, key_age, printing),
    )


def _is_stale(kind: FreshnessKind, age_days: int | None, printing: Printing) -> bool:
    return age_days is not None and age_days > printing.intervals[kind]


def _oldest(days: Sequence[date | None], printing: Printing) -> int | None:
    """The age of the oldest; None when there is none, or one was never confirmed."""
    ages = [(printing.on - day).days for day in days if day is not None]
    return max(ages) if ages and len(ages) == len(days) else None


def _data_age(posts: Iterable[Post], premises: Sequence[Premises]) -> DataAge:
    days = [one.confirmed_on for one in premises]
    days += [number.confirmed_on for number in _numbers(posts, premises)]
    return DataAge.of(days)


def _numbers(posts: Iterable[Post], premises: Iterable[Premises]) -> Iterator[Number]:
    for post in posts:
        for holder in (post.holder, *post.deputies):
            yield from holder.numbers if holder else ()
    for one in premises:
        for holder in one.key_holders:
            yield from holder.numbers[:1]


def _imprint(
    directory: Directory,
    printing: Printing,
    premises: Iterable[Premises],
    data_age: DataAge,
    *,
    version: int,
    status: TextStatus | None,
) -> Imprint:
    """``valid_from`` is the day of printing; ``prep.cards.records`` knows whether the card is older."""
    labels = [printing.classification, *(one.classification for one in premises)]
    return Imprint(
        language=printing.language,
        version=version,
        status=status,
        valid_from=printing.on,
        review_due=review_due(printing.on, printing.intervals),
        # A card is as secret as the most secret of what stands on it.
        classification=strictest(labels),
        printed_at=printing.at,
        data_age=data_age,
        is_demo=directory.is_demo,
    )


def review_due(valid_from: date, intervals: Mapping[FreshnessKind, int]) -> date:
    """When a card is to be looked through: when numbers confirmed on its first day count as old."""
    return valid_from + timedelta(days=intervals[FreshnessKind.CONTACT])


def _phases(text: CardText, language: Language) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            in_language(PHASES[phase.phase], language),
            tuple(Step(step.number, step.text.in_language(language)) for step in phase.steps),
            is_first_hour=phase.phase.is_first_hour,
        )
        for phase in text.phases
    )


def _message(message: MessageText, place: Place) -> MessageTemplate:
    """A template with the name of the place in it, and blanks for what is known only then."""
    blanks = {name: "_" * length for name, length in _BLANKS.items()}
    to = _TO[message.to]
    return MessageTemplate(
        to_fi=in_language(to, Language.FI),
        to_sv=in_language(to, Language.SV),
        fi=_filled(message.fi, {**blanks, "municipality": place.name.fi}),
        sv=_filled(message.sv, {**blanks, "municipality": place.name.sv}),
    )


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
