"""Cards from the database."""

from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.cards import assembly
from prep.cards.action import ActionCard
from prep.cards.assembly import Card, CardKey, Printing, review_due
from prep.cards.contact import ContactCard
from prep.cards.content import Texts
from prep.cards.directory import Directory, Holder, Number, Place, Post, Premises
from prep.cards.text_records import library_in_use
from prep.errors import NotFound, Problem
from prep.freshness import intervals
from prep.language import say, sort_key
from prep.models import County, Installation, IssuedCard, KeyHolder, Municipality, Person, Role, Seat, Site
from prep.registry.bodies import SeatStanding, bodies_standing
from prep.registry.contacts import RoleStanding, duty_desks, roles_standing
from prep.registry.names import name_of
from prep.registry.people import callable_points
from prep.terms import (
    ActorKind,
    BodyKind,
    CardKind,
    CardRole,
    Classification,
    ContactKind,
    Disruption,
    Language,
)

# A second key holder for the night when the first does not answer; the list of premises has them all.
KEY_HOLDERS_ON_CARD = 2

_Card = TypeVar("_Card", ActionCard, ContactCard, Card)


def county_cards(
    session: Session,
    *,
    kinds: Collection[CardKind] = tuple(CardKind),
    municipality: Municipality | None = None,
    role: CardRole | None = None,
    disruption: Disruption | None = None,
    only: Container[CardKey] | None = None,
    language: Language,
    classification: Classification = Classification.INTERNAL,
    on: date,
    at: datetime,
    seen: Callable[[Directory], Directory] = lambda directory: directory,
) -> list[Card]:
    """The cards of the county and its municipalities, or those of one municipality.

    By place, the county first; within a place the contact card, then the action cards by disruption and role.
    With a role or a disruption only action cards are made.

    Parameters
    ----------
    only
        The cards that are wanted among these; the others are not made.
    on
        The day on which those who hold the posts are looked up, and from which ages are counted.
    at
        The moment that the cards bear as that of printing.
    seen
        What those for whom the cards are made may see of the directory, for example with numbers masked.
    """
    directory = seen(load_directory(session, on=on))
    printing = Printing(language, classification, on, at, intervals(session))
    library = library_in_use(session)
    by_name = sorted(directory.municipalities, key=lambda place: sort_key(place.name.in_language(language)))
    cards: list[Card] = []
    for place in (directory.county, *by_name):
        if municipality is not None and place.code != municipality.code:
            continue
        if (
            CardKind.CONTACT in kinds
            and place.code is not None
            and not (role or disruption)
            and (only is None or (CardKind.CONTACT, place.code, None, None) in only)
        ):
            cards.append(assembly.contact_card(directory, library, printing, place=place))
        if CardKind.ACTION in kinds:
            cards += assembly.action_cards(
                directory, library, printing, place=place, role=role, disruption=disruption, only=only
            )
    return _as_issued(session, cards)


def action_card(
    session: Session,
    municipality: Municipality | None,
    role: CardRole,
    disruption: Disruption,
    language: Language,
    *,
    classification: Classification = Classification.INTERNAL,
    on: date,
    at: datetime,
) -> ActionCard:
    """The card of a role of a municipality, or with None of the county.

    Raises
    ------
    NotFound
        No card has been written for this role in this disruption.
    """
    directory = load_directory(session, on=on)
    printing = Printing(language, classification, on, at, intervals(session))
    place = _place(directory, municipality)
    library = library_in_use(session)
    card = assembly.action_card(directory, library, printing, place=place, role=role, disruption=disruption)
    return _as_issued(session, [card])[0]


def contact_card(
    session: Session,
    municipality: Municipality,
    language: Language,
    *,
    classification: Classification = Classification.INTERNAL,
    on: date,
    at: datetime,
) -> ContactCard:
    """The contact card of a municipality."""
    directory = load_directory(session, on=on)
    printing = Printing(language, classification, on, at, intervals(session))
    place = _place(directory, municipality)
    return _as_issued(
        session, [assembly.contact_card(directory, library_in_use(session), printing, place=place)]
    )[0]


def load_directory(session: Session, *, on: date) -> Directory:
    """All that cards say about a county, as it stands on a day; a fixed number of queries.

    Raises
    ------
    NotFound
        There is no county in the database.
    """
    county = session.scalars(select(County).options(selectinload(County.municipalities))).first()
    if county is None:
        raise NotFound(
            Problem(
                place=say("The database"),
                value=None,
                rule=say("There is no county in it yet."),
                remedy=say("Run “prep demo” for an invented one, or “prep init --region PACK” for your own."),
            )
        )
    groups = _groups(session, on)
    roles = _roles(session, on)
    centres, other_desks = _desks(session, county)
    premises = _premises(session, county)
    places = tuple(
        Place(
            code=one.code,
            name=_names(one),
            group=tuple(groups.get(one.code, ())),
            preparedness=tuple(post for key, post in roles.get(one.code, ()) if _is_preparedness(key)),
            other_roles=tuple(post for key, post in roles.get(one.code, ()) if not _is_preparedness(key)),
            desks=centres,
            premises=tuple(premises.get(one.code, ())),
        )
        for one in county.municipalities
    )
    whole = Place(
        code=None,
        name=_names(county),
        group=(),
        preparedness=(),
        other_roles=(),
        desks=centres,
        premises=tuple(site for place in places for site in place.premises),
    )
    installation = session.scalars(select(Installation)).first()
    return Directory(
        county=whole,
        municipalities=places,
        other_desks=other_desks,
        is_demo=bool(installation and installation.is_demo),
    )


def _is_preparedness(role_key: str) -> bool:
    """Whether a role is that of the preparedness contact, whatever the agreement calls it."""
    return role_key.startswith("preparedness")


def _groups(session: Session, on: date) -> dict[str, list[Post]]:
    """The seats of the management groups, by municipality."""
    found: dict[str, list[Post]] = {}
    for standing in bodies_standing(session, on=on):
        body = standing.body
        if body.kind is BodyKind.MANAGEMENT_GROUP and body.municipality_code:
            posts = [_post(one.seat, one) for one in standing.seats]
            found.setdefault(body.municipality_code, []).extend(posts)
    return found


def _roles(session: Session, on: date) -> dict[str, list[tuple[str, Post]]]:
    """The named roles with their keys, by municipality."""
    found: dict[str, list[tuple[str, Post]]] = {}
    for standing in roles_standing(session, on=on):
        role = standing.role
        if role.municipality_code:
            found.setdefault(role.municipality_code, []).append((role.key, _post(role, standing)))
    return found


def _desks(session: Session, county: County) -> tuple[tuple[Post, ...], tuple[Post, ...]]:
    """The situation centres, and the other desks staffed round the clock.

    Where the region pack names no situation centre, any desk may be it: all then count as one.
    """
    names = {one["key"]: Texts(**one["name"]) for one in county.pack.get("situation_centres", ())}
    centres: list[Post] = []
    others: list[Post] = []
    for desk in duty_desks(session):
        if desk.kind is ActorKind.DUTY_DESK and desk.county_id == county.id:
            name = names.get(desk.key or "", Texts(fi=desk.name, sv=desk.name, en=desk.name))
            (centres if desk.key in names else others).append(Post(name, _holder(desk), is_desk=True))
    return (tuple(centres), tuple(others)) if centres else (tuple(others), ())


def _premises(session: Session, county: County) -> dict[str, list[Premises]]:
    """The premises, by the municipality that keeps them on its list."""
    sites = session.scalars(
        select(Site)
        .join(Site.municipality)
        .where(Municipality.county_id == county.id)
        .order_by(Site.id)
        .options(
            joinedload(Site.municipality),
            selectinload(Site.uses),
            selectinload(Site.key_holders).joinedload(KeyHolder.person).selectinload(Person.contact_points),
        )
    )
    found: dict[str, list[Premises]] = {}
    for site in sites:
        found.setdefault(site.municipality_code, []).append(
            Premises(
                name=Texts(fi=site.name, sv=site.name_sv or site.name, en=site.name),
                address=site.address,
                municipality=_names(site.municipality),
                status=site.status,
                classification=site.classification,
                capacities={row.use: row.stated_capacity for row in site.uses},
                fire_max_persons=site.fire_max_persons,
                backup_power_h=site.backup_power_h,
                confirmed_on=site.confirmed_on,
                key_holders=tuple(_key_holder(one) for one in site.key_holders[:KEY_HOLDERS_ON_CARD]),
            )
        )
    return found


def _key_holder(row: KeyHolder) -> Holder:
    if row.person:
        return _holder(row.person)
    # A number typed for the premises only; whether it is a mobile makes no difference on paper.
    numbers = (Number(ContactKind.MOBILE, row.phone, row.confirmed_on),) if row.phone else ()
    return Holder(row.name, numbers)


def _post(named: Seat | Role, standing: SeatStanding | RoleStanding) -> Post:
    holder = _holder(standing.holder) if standing.holder else None
    return Post(_names(named), holder, tuple(_holder(person) for person in standing.deputies))


def _holder(person: Person) -> Holder:
    return Holder(
        person.name,
        tuple(Number(point.kind, point.value, point.confirmed_on) for point in callable_points(person)),
    )


def _names(thing: Seat | Role | County | Municipality) -> Texts:
    return Texts(**{str(language): name_of(thing, language) for language in Language})


def _place(directory: Directory, municipality: Municipality | None) -> Place:
    if municipality is None:
        return directory.county
    return next(place for place in directory.municipalities if place.code == municipality.code)


def _as_issued(session: Session, cards: Sequence[_Card]) -> list[_Card]:
    """The cards with the code and the first day under which their content is known already.

    Eight characters are 40 bits: among 100 000 contents two share a code with a probability of 0.5 %. The later
    one then takes another code.
    """
    known = issued(session, [card.code for card in cards])
    taken = {code: row.content_digest for code, row in known.items()}
    settled = []
    for card in cards:
        while taken.setdefault(card.code, card.digest) != card.digest:
            card = _with(card, attempt=card.imprint.attempt + 1)  # noqa: PLW2901
            if row := session.get(IssuedCard, card.code):
                known[row.code] = row
                taken.setdefault(row.code, row.content_digest)
        if row := known.get(card.code):
            due = review_due(row.valid_from, intervals(session))
            card = _with(card, valid_from=row.valid_from, review_due=due)  # noqa: PLW2901
        settled.append(card)
    return settled


def _with(card: _Card, **changes: Any) -> _Card:
    return replace(card, imprint=replace(card.imprint, **changes))


def issued(session: Session, codes: Sequence[str]) -> dict[str, IssuedCard]:
    """Those of the codes that are in the register of issued cards."""
    found: dict[str, IssuedCard] = {}
    # SQLite takes 32 766 values in a statement, older ones 999.
    for start in range(0, len(codes), 500):
        rows = session.scalars(select(IssuedCard).where(IssuedCard.code.in_(codes[start : start + 500])))
        found.update({row.code: row for row in rows})
    return found
