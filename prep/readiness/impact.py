"""What breaks? Everything that rests on a person, a number, or one of the premises, before it is ended or changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from prep.evacuation.records import SiteView, totals
from prep.language import Message, say
from prep.models import (
    Chain,
    ChainItem,
    ChainList,
    ContactPoint,
    IssuedCard,
    KeyHolder,
    Person,
    Role,
    Seat,
    Site,
)
from prep.readiness.needs import places_needed
from prep.registry.appointments import Term, office, post_of, terms_of
from prep.registry.names import name_of, name_of_site
from prep.terms import CardKind, Channel, ContactKind, Language, State

# By which channels a number or address is used.
_CHANNELS: dict[ContactKind, frozenset[Channel]] = {
    ContactKind.MOBILE: frozenset(
        {Channel.CALL, Channel.ROBOT_CALL, Channel.SMS, Channel.APP_OVERRIDE, Channel.APP}
    ),
    ContactKind.LANDLINE: frozenset({Channel.CALL, Channel.ROBOT_CALL, Channel.DUTY_CALL}),
    ContactKind.EMAIL: frozenset({Channel.EMAIL}),
    ContactKind.AUTHORITY_RADIO: frozenset({Channel.RADIO}),
    ContactKind.PAGER: frozenset({Channel.PAGER}),
    ContactKind.SATELLITE: frozenset({Channel.SATELLITE_CALL}),
    ContactKind.APP: frozenset({Channel.APP, Channel.APP_OVERRIDE}),
}


class Touched(StrEnum):
    """What kind of thing rests on something."""

    SEAT = "seat"
    ROLE = "role"
    CHAIN = "chain"
    SITE = "site"
    CARD = "card"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that rests on it. ``is_left_empty``: nobody stands in, so it is without anybody afterwards."""

    kind: Touched
    name: str
    detail: Message
    # The kind and key of the page on which it is mended, and the municipality whose it is.
    about: tuple[str, str]
    municipality: str | None
    is_left_empty: bool = False
    # Where nothing is left empty: whether it is in order all the same, doubtful, or not known.
    otherwise: State = State.OK

    @property
    def state(self) -> State:
        """A thing without anybody is a fault."""
        return State.FAULT if self.is_left_empty else self.otherwise


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that rests on something, the worst first."""

    effects: tuple[Effect, ...]

    @property
    def left_empty(self) -> tuple[Effect, ...]:
        """What would be without anybody."""
        return tuple(one for one in self.effects if one.is_left_empty)

    def of(self, kind: Touched) -> tuple[Effect, ...]:
        """What is of one kind."""
        return tuple(one for one in self.effects if one.kind is kind)


def impact_of_person(session: Session, person: Person, *, on: date, language: Language) -> Impact:
    """What rests on a person from a day on: posts held then or later, chains, keys, printed cards."""
    terms = terms_of(session, person)
    current = [term for term in terms if term.ends is None or term.ends >= on]
    return worst_first(
        [
            *(_post_effect(term, on=on, language=language) for term in current),
            *(effect for effect, _ in _chains_through(session, person, [post_of(term) for term in current])),
            *_key_effects(session, person, language=language),
            *_card_effects(session, person.municipality_code),
        ]
    )


def impact_of_point(session: Session, point: ContactPoint, *, on: date, language: Language) -> Impact:
    """What rests on one number or address: chains that use it, keys, printed cards.

    Left empty is what no other number of the person is used for.
    """
    person = point.person
    terms = terms_of(session, person)
    posts = [post_of(term) for term in terms if term.covers(on)]
    others = [one for one in person.contact_points if one is not point]
    used, left = _CHANNELS[point.kind], frozenset().union(*(_CHANNELS[one.kind] for one in others))
    chains = [
        Effect(
            one.kind,
            one.name,
            say("used by this number: {channels}", channels=len(channels & used)),
            one.about,
            one.municipality,
            is_left_empty=not channels & left,
        )
        for one, channels in _chains_through(session, person, posts)
        if channels & used
    ]
    keys = _key_effects(session, person, language=language) if not others else []
    return worst_first([*chains, *keys, *_card_effects(session, person.municipality_code)])


def impact_of_seat(session: Session, seat: Seat, *, on: date, language: Language) -> Impact:
    """What rests on a seat on a day: whether its body can decide, chains that go through it, printed cards.

    Left empty is a body that cannot decide without it, and could with it.
    """
    body = seat.body
    filled = [one for one in body.seats if office(one.terms, on=on).acting is not None]
    without = [one for one in filled if one is not seat]
    needed = body.quorum or len([one for one in body.seats if not one.is_optional])
    can_now = _can_decide(filled, needed, [one for one in body.seats if one.is_required])
    can_then = _can_decide(without, needed, [one for one in body.seats if one.is_required])
    deciding = Effect(
        Touched.SEAT,
        name_of(body, language),
        say(
            "seats with somebody in them without it: {without}, needed to decide: {needed}",
            without=len(without),
            needed=needed,
        ),
        ("body", body.key),
        body.municipality_code,
        is_left_empty=can_now and not can_then,
    )
    return worst_first(
        [
            deciding,
            *(effect for effect, _ in _chains_through(session, None, [seat])),
            *_card_effects(session, body.municipality_code),
        ]
    )


def _can_decide(filled: list[Seat], needed: int, required: list[Seat]) -> bool:
    return len(filled) >= needed and all(one in filled for one in required)


def impact_of_site(session: Session, site: Site, views: Iterable[SiteView], *, language: Language) -> Impact:
    """What rests on premises: the municipality's sleeping places, and the printed cards that name them.

    ``views`` are those of all premises, or at least of the municipality's. Left empty is a municipality that
    has fewer confirmed places than its need without these premises.
    """
    return worst_first(
        [
            *_place_effects(site, views, language=language),
            *_card_effects(session, site.municipality_code),
        ]
    )


def _place_effects(site: Site, views: Iterable[SiteView], *, language: Language) -> list[Effect]:
    own = [one for one in views if one.municipality_code == site.municipality_code]
    now = totals(own).confirmed_places
    without = totals(one for one in own if one.site_id != site.id).confirmed_places
    place, need = site.municipality, places_needed(site.municipality)
    if without == now or place is None:
        return []
    facts = {"without": without, "now": now}
    return [
        Effect(
            Touched.SITE,
            name_of(place, language),
            say("sleeping places without it: {without}, now {now}", **facts)
            if need is None
            else say("sleeping places without it: {without}, now {now}, need {need}", **facts, need=need),
            ("sites", place.code),
            place.code,
            is_left_empty=need is not None and without < need,
        )
    ]


def worst_first(effects: Iterable[Effect]) -> Impact:
    """All of it in order: what would be without anybody, then by kind and name."""
    order = list(Touched)
    return Impact(
        tuple(sorted(effects, key=lambda one: (not one.is_left_empty, order.index(one.kind), one.name)))
    )


def _post_effect(term: Term, *, on: date, language: Language) -> Effect:
    post = post_of(term)
    held = office([one for one in post.terms if one is not term], on=max(on, term.starts))
    is_empty = held.holder is None and not held.deputies
    if is_empty:
        detail = say("nobody is left in it")
    elif term.rank > 0:
        detail = say("one deputy fewer")
    elif held.acting is not None:
        detail = say("{name} stands in", name=held.acting.name)
    else:
        detail = say("those who stand in are away")
    if isinstance(post, Seat):
        name = f"{name_of(post.body, language)}: {name_of(post, language)}"
        return Effect(
            Touched.SEAT,
            name,
            detail,
            ("body", post.body.key),
            post.body.municipality_code,
            is_left_empty=is_empty,
        )
    where = f"{name_of(post.municipality, language)}: " if post.municipality else ""
    about = ("municipality", post.municipality_code) if post.municipality_code else ("roles", post.key)
    return Effect(
        Touched.ROLE,
        f"{where}{name_of(post, language)}",
        detail,
        about,
        post.municipality_code,
        is_left_empty=is_empty,
    )


def _chains_through(
    session: Session, person: Person | None, posts: list[Seat | Role]
) -> list[tuple[Effect, frozenset[Channel]]]:
    """The chains in which somebody (None: only a post) calls or is called, and by which channels."""
    seats = [post.id for post in posts if isinstance(post, Seat)]
    roles = [post.id for post in posts if isinstance(post, Role)]
    # No row has this number.
    own = person.id if person else -1
    query = (
        select(Chain)
        .join(ChainList, ChainList.chain_id == Chain.id)
        .outerjoin(ChainItem, ChainItem.list_id == ChainList.id)
        .where(
            or_(
                ChainList.caller_person_id == own,
                ChainList.caller_seat_id.in_(seats),
                ChainList.caller_role_id.in_(roles),
                ChainItem.target_person_id == own,
                ChainItem.target_seat_id.in_(seats),
                ChainItem.target_role_id.in_(roles),
            )
        )
        .options(selectinload(Chain.lists).selectinload(ChainList.items), selectinload(Chain.body))
        .distinct()
        .order_by(Chain.id)
    )
    found = []
    for chain in session.scalars(query):
        calls = any(
            one.caller_person_id == own or one.caller_seat_id in seats or one.caller_role_id in roles
            for one in chain.lists
        )
        channels = frozenset(
            Channel(channel)
            for one in chain.lists
            for item in one.items
            if item.target_person_id == own or item.target_seat_id in seats or item.target_role_id in roles
            for channel in item.channels
        )
        detail = say("calls others in it") if calls else say("is called in it")
        effect = Effect(Touched.CHAIN, chain.name, detail, ("chain", chain.key), chain.body.municipality_code)
        found.append((effect, channels))
    return found


def _key_effects(session: Session, person: Person, *, language: Language) -> list[Effect]:
    query = (
        select(KeyHolder)
        .where(KeyHolder.person_id == person.id)
        .options(selectinload(KeyHolder.site).selectinload(Site.key_holders))
    )
    return [
        Effect(
            Touched.SITE,
            name_of_site(one.site, language),
            say("opens it; {n} others do too", n=len(one.site.key_holders) - 1),
            ("site", str(one.site_id)),
            one.site.municipality_code,
            is_left_empty=len(one.site.key_holders) == 1,
        )
        for one in session.scalars(query)
    ]


def _card_effects(session: Session, code: str | None) -> list[Effect]:
    """The printed cards of a place, which name its people and premises; one effect for all of them."""
    cards = session.scalars(select(IssuedCard).where(IssuedCard.municipality_code == code)).all()
    if not cards:
        return []
    kinds = {card.kind for card in cards}
    name = "/".join(sorted(kind.value for kind in kinds if isinstance(kind, CardKind)))
    return [
        Effect(
            Touched.CARD,
            name,
            say("printed cards that name people of this place: {n}", n=len(cards)),
            ("cards", code or ""),
            code,
        )
    ]
