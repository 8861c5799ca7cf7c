"""The invented people of the demonstration county, appointed to their seats and roles."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import Body, ContactPoint, County, Person, Role, Seat, SeatTerm
from prep.registry.appointments import Post, appoint
from prep.registry.install import management_group_key
from prep.terms import ActorKind, BodyKind, ContactKind, Evidence, Language, ResourceKind

COUNTY_FILE = Path(__file__).parent / "county.toml"

# A council term is four years; the people here came with one that began a while ago.
_IN_OFFICE_DAYS = 500
_POSTS = ("manager", "preparedness", "technical", "education", "communications")
_NAMED_ROLES = ("preparedness-contact", "alueturva-responsible")


def populate(session: Session, county: County, *, on: date) -> None:
    """Put the people of ``county.toml`` into the installed county, with ages counted back from a day."""
    plan = tomllib.loads(COUNTY_FILE.read_text(encoding="utf-8"))
    cast = _Cast(session, county, on)
    for row in plan["desk"]:
        cast.desk(row)
    for row in plan["group"]:
        cast.management_group(row)
    for row in plan["person"]:
        cast.person(row["name"], row)
    for row in plan["body"]:
        cast.body(row)
    for row in plan["seat"]:
        cast.seat(row)
    for row in plan["role"]:
        cast.shared_role(row)
    for row in plan["quorum"]:
        cast.quorum(row)
    session.flush()


@dataclass(slots=True)
class _Cast:
    """Who has been made so far; a name that comes again is the same person."""

    session: Session
    county: County
    on: date
    people: dict[str, Person] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(101))

    @property
    def since(self) -> date:
        return self.on - timedelta(days=_IN_OFFICE_DAYS)

    def desk(self, row: dict[str, Any]) -> None:
        desk = self.session.scalar(select(Person).where(Person.key == row["key"]))
        if desk is None:
            desk = Person(
                county=self.county,
                key=row["key"],
                kind=ActorKind(row["kind"]),
                name=row["name"],
                organisation=row["organisation"],
                depends_on=ResourceKind(row["depends_on"]) if "depends_on" in row else None,
            )
            self.session.add(desk)
        for position, point in enumerate(row.get("points", []), start=1):
            desk.contact_points.append(
                ContactPoint(
                    position=position,
                    kind=ContactKind(point["kind"]),
                    value=point["value"],
                    operator=point.get("operator"),
                    evidence=Evidence(point["evidence"]),
                    confirmed_on=self.days_ago(point["age_days"]),
                    confirmed_by=desk.name,
                )
            )
        self.session.flush()

    def management_group(self, row: dict[str, Any]) -> None:
        body = self._body(management_group_key(row["municipality"]))
        operators = cycle(row["operators"])
        for post, seat, holder in zip(_POSTS, body.seats, row["holders"], strict=True):
            for rank, name in enumerate([holder, *row.get("deputies", {}).get(post, [])]):
                details = {
                    "municipality": row["municipality"],
                    "organisation": body.municipality.name_fi if body.municipality else "",
                    "title": seat.name_fi if rank == 0 else f"{seat.name_fi}, varalla",
                    "age_days": row.get("ages", {}).get(name, row["age_days"]),
                    "radio": rank == 0 and post in row.get("radio", []),
                    "app": post in row.get("app", []),
                    "only_landline": row.get("only_landline", False),
                    "operator": next(operators),
                    "language": "sv" if name in row.get("swedish", []) else "fi",
                }
                self.appointed(seat, self.person(name, details), rank=rank)
        self._named_roles(row, [row["holders"][1], *row.get("deputies", {}).get("preparedness", [])])

    def _named_roles(self, row: dict[str, Any], names: list[str]) -> None:
        for role in self.session.scalars(
            select(Role)
            .where(Role.municipality_code == row["municipality"], Role.key.in_(_NAMED_ROLES))
            .order_by(Role.id)
        ):
            for rank, name in enumerate(names):
                self.appointed(role, self.people[name], rank=rank)

    def person(self, name: str, details: dict[str, Any]) -> Person:
        if name in self.people:
            return self.people[name]
        person = Person(
            county=self.county,
            municipality_code=details.get("municipality"),
            name=name,
            title=details["title"],
            organisation=details["organisation"],
            language=Language(details.get("language", "fi")),
            contact_points=list(self._points(name, details)),
        )
        self.session.add(person)
        self.people[name] = person
        return person

    def _points(self, name: str, details: dict[str, Any]) -> Iterable[ContactPoint]:
        number = next(self.numbers)
        kinds = [
            (
                ContactKind.LANDLINE if details.get("only_landline") else ContactKind.MOBILE,
                f"+35800000{number:04d}",
            )
        ]
        if details.get("radio"):
            kinds.append((ContactKind.AUTHORITY_RADIO, f"VIRVE 000 {number}"))
        if details.get("app"):
            kinds.append((ContactKind.APP, f"{number}"))
        for position, (kind, value) in enumerate(kinds, start=1):
            yield ContactPoint(
                position=position,
                kind=kind,
                value=value,
                operator=details.get("operator") if kind is ContactKind.MOBILE else None,
                evidence=Evidence.CONFIRMED,
                confirmed_on=self.days_ago(details["age_days"]),
                confirmed_by=name,
            )

    def body(self, row: dict[str, Any]) -> None:
        body = Body(
            county=self.county,
            key=row["key"],
            kind=BodyKind(row["kind"]),
            quorum=row["quorum"],
            quorum_basis=row["basis"],
            **{f"name_{language}": row[language] for language in ("fi", "sv", "en")},
        )
        for position, entry in enumerate(row["seats"], start=1):
            seat = Seat(
                key=entry["key"],
                position=position,
                **{f"name_{language}": entry[language] for language in ("fi", "sv", "en")},
            )
            body.seats.append(seat)
            desk = self.session.scalar(select(Person).where(Person.key == entry.get("holder_desk", "")))
            holders = [desk] if desk else [self.people[entry["holder"]]]
            for rank, person in enumerate(
                [*holders, *(self.people[one] for one in entry.get("deputies", []))]
            ):
                self.appointed(seat, person, rank=rank)
        self.session.add(body)

    def seat(self, row: dict[str, Any]) -> None:
        body = self._body(row["body"])
        seat = next(one for one in body.seats if one.key == row["seat"])
        for rank, name in enumerate([row["holder"], *row.get("deputies", [])]):
            self.appointed(seat, self.people[name], rank=rank)
        if "ended_days" in row:
            # The first vacant day lies so many days back.
            _holder_term(seat).ends = self.days_ago(row["ended_days"] + 1)

    def shared_role(self, row: dict[str, Any]) -> None:
        role = self.session.scalars(select(Role).where(Role.key == row["key"])).one()
        for rank, name in enumerate([row["holder"], *row.get("deputies", [])]):
            self.appointed(role, self.people[name], rank=rank)

    def quorum(self, row: dict[str, Any]) -> None:
        for key in row["bodies"]:
            body = self._body(key)
            body.quorum, body.quorum_basis = row["seats"], row["basis"]
            for seat in body.seats:
                seat.is_required = seat.key in row.get("required", [])

    def appointed(self, post: Post, person: Person, *, rank: int) -> None:
        """Somebody in a post, confirmed when their first number was."""
        term = appoint(self.session, post, person, starts=self.since, rank=rank)
        term.confirmed_on = person.contact_points[0].confirmed_on
        term.confirmed_by = person.name

    def days_ago(self, days: int) -> date:
        return self.on - timedelta(days=days)

    def _body(self, key: str) -> Body:
        return self.session.scalars(select(Body).where(Body.key == key)).one()


def _holder_term(seat: Seat) -> SeatTerm:
    return next(term for term in seat.terms if term.rank == 0)
