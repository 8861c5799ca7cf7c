"""A binder from the database, as it stands on a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.alerting.records import chains_query
from prep.attachments import contents_of
from prep.binder.content import Binder, Chapter, Entry, Leaflet, Part, PartKind, Piece
from prep.cards.action import ActionCard
from prep.cards.assembly import Card
from prep.cards.contact import ContactCard
from prep.cards.directory import Directory
from prep.cards.map_records import map_of
from prep.cards.map_sheets import map_sheet
from prep.cards.opening import PremisesCard
from prep.cards.poster_records import poster_of
from prep.cards.records import county_cards
from prep.cards.sheet_records import SheetMaker
from prep.cards.sheets import SHEETS, body_sheet, call_list, contact_sheet, cover, drill_form
from prep.cards.site_records import premises_card
from prep.evacuation.records import SiteView, site_states
from prep.language import in_language, say, sort_key
from prep.models import Body, Chain, ContactPoint, Installation, KeyHolder, Municipality, Person, Site
from prep.regions.outlines import CountyMap
from prep.registry.bodies import bodies_standing
from prep.registry.names import name_of, name_of_site
from prep.registry.people import callable_points
from prep.registry.sites import municipalities
from prep.terms import Classification, Language, SheetKind, strictest


def numbers_of(holder: KeyHolder) -> list[str]:
    """The numbers of one who opens premises."""
    if holder.person is not None:
        return [point.value for point in callable_points(holder.person)]
    return [holder.phone] if holder.phone else []


@dataclass(frozen=True, slots=True)
class Sight:
    """What those for whom a binder is made may have of it; without more said, everything."""

    # Whether prints of a municipality, or (None) of the county, may be had.
    may_print: Callable[[str | None], bool] = lambda _code: True
    number_of: Callable[[ContactPoint], str] = lambda point: point.value
    key_numbers_of: Callable[[KeyHolder], Sequence[str]] = numbers_of
    seen: Callable[[Directory], Directory] = lambda directory: directory


@dataclass(frozen=True, slots=True)
class Printing:
    """What holds for everything in a binder."""

    language: Language
    classification: Classification
    on: date
    at: datetime


def county_binder(
    session: Session, printing: Printing, land: CountyMap, *, municipality: Municipality | None, sight: Sight
) -> Binder:
    """The binder of a municipality, or with None of the county with all its municipalities.

    Parts in which there is nothing are left out, and so are municipalities of which nothing may be printed.

    Raises
    ------
    NotFound
        There is no county in the database.
    """
    return _Maker(session, printing, land, sight).binder(municipality)


class _Maker:
    def __init__(self, session: Session, printing: Printing, land: CountyMap, sight: Sight):
        self._session = session
        self._printing = printing
        self._language = printing.language
        self._land = land
        self._sight = sight
        self._is_demo = bool(session.scalar(select(Installation.is_demo)))

    def binder(self, municipality: Municipality | None) -> Binder:
        codes = [municipality.code] if municipality else self._codes()
        cards = self._cards(municipality)
        bodies = [one.body for one in bodies_standing(self._session, on=self._printing.on)]
        chains = list(self._session.scalars(chains_query()))
        chapters = [
            Chapter(code, self._place(code), tuple(self._parts(code, bodies, chains, cards.get(code, []))))
            for code in codes
            if self._sight.may_print(code)
        ]
        sheet = self._maker().cover(municipality)
        labels = [self._printing.classification, *_labels(chapters)]
        ground = replace(sheet.ground, classification=strictest(labels))
        return Binder(
            ground=ground,
            place=sheet.place,
            # What is in it the contents tell, on the side after next.
            cover=cover(replace(sheet, ground=ground, contents=())),
            chapters=tuple(chapter for chapter in chapters if chapter.parts),
        )

    def _codes(self) -> list[str | None]:
        by_name = sorted(
            municipalities(self._session), key=lambda one: sort_key(name_of(one, self._language))
        )
        return [None, *(one.code for one in by_name)]

    def _place(self, code: str | None) -> str:
        if code is None:
            return in_language(say("The county itself"), self._language)
        return name_of(self._session.get_one(Municipality, code), self._language)

    def _cards(self, municipality: Municipality | None) -> dict[str | None, list[Card]]:
        found: dict[str | None, list[Card]] = {}
        for card in county_cards(
            self._session,
            municipality=municipality,
            language=self._language,
            classification=self._printing.classification,
            on=self._printing.on,
            at=self._printing.at,
            seen=self._sight.seen,
        ):
            found.setdefault(card.municipality_code, []).append(card)
        return found

    def _parts(
        self, code: str | None, bodies: list[Body], chains: list[Chain], cards: list[Card]
    ) -> Iterator[Part]:
        made = {
            PartKind.CONTACTS: self._contacts(code, cards),
            PartKind.BODIES: self._bodies([one for one in bodies if one.municipality_code == code]),
            PartKind.CHAINS: self._chains([one for one in chains if one.body.municipality_code == code]),
            PartKind.PREMISES: self._premises(code) if code else (),
            PartKind.CARDS: self._action_cards(cards),
        }
        for kind, entries in made.items():
            if found := tuple(entries):
                yield Part(kind, found)

    def _contacts(self, code: str | None, cards: list[Card]) -> Iterator[Entry]:
        if code is None:
            sheet = contact_sheet(self._maker().contacts())
            if sheet.parts:
                yield _single(sheet.kicker, sheet)
        for card in cards:
            if isinstance(card, ContactCard):
                yield _single(card.title, card)

    def _bodies(self, bodies: list[Body]) -> Iterator[Entry]:
        for body in bodies:
            yield _single(name_of(body, self._language), body_sheet(self._maker().body(body)))

    def _chains(self, chains: list[Chain]) -> Iterator[Entry]:
        for chain in chains:
            made = self._maker().chain(chain)
            poster = poster_of(
                chain,
                language=self._language,
                classification=self._printing.classification,
                on=self._printing.on,
                at=self._printing.at,
                number_of=self._sight.number_of,
            )
            sheets = {SheetKind.CALL_LIST: call_list(made), SheetKind.DRILL: drill_form(made)}
            prints = [
                Leaflet(in_language(SHEETS[kind], self._language), sheet) for kind, sheet in sheets.items()
            ]
            picture = Leaflet(in_language(say("The chain as a picture"), self._language), poster)
            yield Entry(name_of(chain.body, self._language), (*prints, picture))

    def _premises(self, code: str) -> Iterator[Entry]:
        views = site_states(self._session, on=self._printing.on, municipality=code)
        if not views:
            return
        sites = self._sites(code)
        municipality = self._session.get_one(Municipality, code)
        plan = map_of(municipality, views, sites, self._land, self._maker(), on=self._printing.on)
        yield _single(in_language(SHEETS[SheetKind.MAP], self._language), map_sheet(plan))
        for view in views:
            card = self._premises_card(sites[view.site_id], view)
            yield _single(name_of_site(view, self._language), card)

    def _premises_card(self, site: Site, view: SiteView) -> PremisesCard:
        return premises_card(
            site,
            view,
            language=self._language,
            at=self._printing.at,
            on=self._printing.on,
            is_demo=self._is_demo,
            numbers=self._sight.key_numbers_of,
            files=contents_of(self._session, site),
        )

    def _sites(self, code: str) -> dict[int, Site]:
        query = select(Site).where(Site.municipality_code == code)
        ways = selectinload(Site.key_holders).joinedload(KeyHolder.person).selectinload(Person.contact_points)
        return {site.id: site for site in self._session.scalars(query.options(ways))}

    def _action_cards(self, cards: list[Card]) -> Iterator[Entry]:
        action = [card for card in cards if isinstance(card, ActionCard)]
        for title, found in groupby(action, key=lambda card: card.title):
            yield Entry(title, tuple(Leaflet(f"{card.role} ({card.role_code})", card) for card in found))

    def _maker(self) -> SheetMaker:
        """One for each sheet: the ages that a sheet tells are those of what stands on it."""
        return SheetMaker(
            self._session,
            language=self._language,
            classification=self._printing.classification,
            on=self._printing.on,
            at=self._printing.at,
            number_of=self._sight.number_of,
        )


def _labels(chapters: Sequence[Chapter]) -> Iterator[Classification]:
    """Of whatever has a classification of its own."""
    for chapter in chapters:
        for one in chapter.leaflets:
            if isinstance(one.piece, ActionCard | ContactCard | PremisesCard):
                yield one.piece.imprint.classification


def _single(title: str, piece: Piece) -> Entry:
    return Entry(title, (Leaflet(title, piece),))
