"""The sheets of a chain, a body and a binder from the database, as they stand on a day."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.cards.assembly import COUNTY_ROLES
from prep.cards.chain_records import callers_of, post_of
from prep.cards.content import load_library
from prep.cards.imprint import DataAge, Ground
from prep.cards.numbers import as_dialled
from prep.cards.records import load_directory
from prep.cards.sheets import BodySheet, Calls, ChainSheet, ContactSheet, Cover, Post, Reached
from prep.freshness import known_on, state_of
from prep.language import in_language, say
from prep.models import Body, Chain, ContactPoint, County, Installation, Municipality, Person
from prep.registry.bodies import seat_standing
from prep.registry.contacts import duty_desks, roles_standing
from prep.registry.names import name_of
from prep.registry.people import callable_points
from prep.terms import ActorKind, Classification, Disruption, Language, ListMode, State

_NumberOf = Callable[[ContactPoint], str]


class SheetMaker:
    """Makes the sheets of one printing: one language, one day, one view of the numbers."""

    def __init__(
        self,
        session: Session,
        *,
        language: Language,
        classification: Classification,
        on: date,
        at: datetime,
        number_of: _NumberOf = lambda point: point.value,
    ):
        self._session = session
        self._language = language
        self._classification = classification
        self._on = on
        self._at = at
        self._number_of = number_of
        # When each number on the sheet was confirmed.
        self._days: dict[int, date | None] = {}

    def chain(self, chain: Chain) -> ChainSheet:
        """Call lists and seats of a chain."""
        calls = tuple(
            Calls(
                caller=self._name(caller),
                in_order=mode is ListMode.SERIAL,
                posts=tuple(self._post(*post_of(one, on=self._on)) for one in targets),
            )
            for caller, mode, targets in callers_of(chain)
        )
        seats = self._seats(chain.body)
        return ChainSheet(
            ground=self.ground(),
            body=name_of(chain.body, self._language),
            version=chain.version,
            deadline_min=chain.deadline_min,
            quorum=chain.body.quorum or len(seats),
            calls=calls,
            seats=seats,
        )

    def body(self, body: Body) -> BodySheet:
        """Seats, members and deputies of a body."""
        seats = self._seats(body)
        return BodySheet(
            ground=self.ground(),
            body=name_of(body, self._language),
            place=name_of(body.municipality or body.county, self._language),
            convener=str(body.convener.get(str(self._language), "")),
            quorum=body.quorum,
            seats=seats,
        )

    def contacts(self) -> ContactSheet:
        """The desks staffed round the clock, and the roles that belong to no municipality."""
        county = self._session.scalars(select(County).order_by(County.id)).first()
        desks = tuple(
            Post(desk.name, self._reached(desk))
            for desk in duty_desks(self._session)
            if desk.kind is ActorKind.DUTY_DESK
        )
        roles = tuple(
            self._post(one.role, one.holder, one.deputies)
            for one in roles_standing(self._session, on=self._on)
            if one.role.municipality_code is None
        )
        groups = ((say("Round the clock"), desks), (say("Named roles"), roles))
        return ContactSheet(self.ground(), name_of(county, self._language) if county else "", groups)

    def cover(self, municipality: Municipality | None) -> Cover:
        """The cover of the binder of a municipality, or with None of the county: the cards that go into it.

        Raises
        ------
        NotFound
            There is no county in the database.
        """
        directory = load_directory(self._session, on=self._on)
        code = municipality.code if municipality else None
        place = next(one for one in (directory.county, *directory.municipalities) if one.code == code)
        contents = [] if code is None else [(in_language(say("Contact card"), self._language), 1)]
        library = load_library()
        for disruption in Disruption:
            roles = library.roles_with_card(disruption)
            count = sum((role in COUNTY_ROLES) == (code is None) for role in roles)
            if count:
                contents.append((library.disruptions[disruption].title.in_language(self._language), count))
        return Cover(self.ground(), place.name.in_language(self._language), tuple(contents))

    def _seats(self, body: Body) -> tuple[Post, ...]:
        standings = [seat_standing(seat, on=self._on) for seat in body.seats]
        return tuple(self._post(one.seat, one.holder, one.deputies) for one in standings)

    def _post(self, named: object, holder: Person | None, deputies: Iterable[Person]) -> Post:
        return Post(
            name=self._name(named),
            holder=self._reached(holder) if holder else None,
            deputies=tuple(self._reached(one) for one in deputies),
        )

    def _name(self, named: object) -> str:
        return named.name if isinstance(named, Person) else name_of(named, self._language)

    def _reached(self, person: Person) -> Reached:
        points = callable_points(person)
        days = [known_on(point) for point in points]
        self._days |= {point.id: day for point, day in zip(points, days, strict=True)}
        known = [day for day in days if day is not None]
        numbers = tuple(
            in_language(as_dialled(point.kind, self._number_of(point)), self._language) for point in points
        )
        if not numbers and person.kind is ActorKind.SYSTEM:
            # A system is called by none, and its line is not one to write on.
            return Reached(person.name, (in_language(say("automatic"), self._language),), age_days=0)
        return Reached(
            name=person.name,
            numbers=numbers,
            age_days=(self._on - min(known)).days if known and len(known) == len(days) else None,
            is_stale=any(state_of(point, on=self._on) is not State.OK for point in points),
        )

    def ground(self) -> Ground:
        """What the sheets made so far say about themselves."""
        installation = self._session.scalars(select(Installation)).first()
        return Ground(
            language=self._language,
            classification=self._classification,
            printed_at=self._at,
            data_age=DataAge.of(self._days.values()),
            is_demo=bool(installation and installation.is_demo),
        )
