"""A county from its region pack: municipalities, constituencies, roles, bodies and seats, all still empty."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import __version__, clock
from prep.errors import Problem, Refused
from prep.language import say
from prep.models import (
    Body,
    Constituency,
    County,
    Installation,
    MeetingRule,
    Municipality,
    Person,
    Role,
    Seat,
)
from prep.regions import agreement as pact
from prep.regions.base import Words
from prep.regions.kinds import BodyScope, ConstituencyUse, RoleScope, SeatBasis
from prep.regions.schema import RegionPack
from prep.terms import ActorKind, BodyKind, Language

_MANAGEMENT_GROUP = Path(__file__).parent / "management_group.toml"


def install(session: Session, pack: RegionPack, *, is_demo: bool = False) -> County:
    """Write the county of a pack into an empty database.

    Every municipality gets a management group with the posts of ``management_group.toml``, a proposal to begin
    with. A seat is made where the agreement states how many there are; nobody is in any of them yet.

    Raises
    ------
    Refused
        If a county is there already.
    """
    if session.scalar(select(Installation)) is not None:
        raise Refused(
            Problem(
                place=say("The database"),
                value=session.scalar(select(County.name_fi)),
                rule=say("There is a county in it already."),
                remedy=say("Set PREP_INSTANCE to another folder, and begin there."),
            )
        )
    session.add(Installation(created_at=clock.now(), created_with=f"prep {__version__}", is_demo=is_demo))
    county = County(key=pack.key, pack=json.loads(pack.model_dump_json()), **_names(pack.county.name))
    _add_places(county, pack)
    session.add(county)
    # The rows that follow refer to these by their numbers.
    session.flush()
    session.add_all(_roles(county, pack))
    bodies = list(_bodies(county, pack))
    session.add_all(bodies)
    session.flush()
    _join_parts(bodies, pack)
    session.add_all(_management_groups(county))
    session.add_all(_situation_centres(county, pack))
    session.flush()
    return county


def management_group_key(code: str) -> str:
    """The key of a municipality's management group, by the municipality's code."""
    return f"management-group-{code}"


def installed_pack(session: Session) -> RegionPack:
    """The region pack of the county in the database.

    Raises
    ------
    Refused
        Before there is a county.
    """
    pack = session.scalars(select(County.pack)).first()
    if pack is None:
        raise Refused(
            Problem(
                place=say("The database"),
                value=None,
                rule=say("There is no county in it yet."),
                remedy=say("Run “prep demo” for an invented one, or “prep init --region PACK” for your own."),
            )
        )
    return RegionPack.model_validate_json(json.dumps(pack))


def _names(words: Words, *, english: bool = True) -> dict[str, str]:
    languages = [Language.FI, Language.SV, *([Language.EN] if english else [])]
    return {f"name_{language}": words.in_language(language) for language in languages}


def _add_places(county: County, pack: RegionPack) -> None:
    by_code = {}
    for one in pack.municipalities:
        population = one.population()
        by_code[one.code] = Municipality(
            code=one.code,
            population=population.people if population else None,
            population_on=population.day if population else None,
            lat=one.centre.lat if one.centre else None,
            lon=one.centre.lon if one.centre else None,
            **_names(one.name, english=False),
        )
    county.municipalities = list(by_code.values())
    for area in pack.constituencies:
        if area.use is ConstituencyUse.SEATS:
            county.constituencies.append(
                Constituency(
                    key=area.key,
                    is_inferred=area.inferred,
                    note=area.note.in_language(Language.FI) if area.note else "",
                    municipalities=[by_code[code] for code in area.municipalities],
                    **_names(area.name, english=False),
                )
            )


def _clause(pack: RegionPack, key: str | None) -> dict[str, str]:
    """A clause as it is named on the screen: the agreement, the number and the heading, else the subject."""
    if key is None:
        return {}
    clause, agreement = pack.clause(key), pack.agreement_of(key)
    return {
        f"clause_{language}": ": ".join(
            (
                agreement.name.in_language(language) if agreement else clause.document,
                " ".join(
                    filter(None, (clause.number, clause.heading or clause.subject.in_language(language)))
                ),
            )
        )
        for language in Language
    }


def _roles(county: County, pack: RegionPack) -> Iterator[Role]:
    for role in pack.roles:
        codes = (
            [one.code for one in county.municipalities] if role.scope is RoleScope.MUNICIPALITY else [None]
        )
        for code in codes:
            yield Role(
                county_id=county.id,
                key=role.key,
                municipality_code=code,
                **_clause(pack, role.clause),
                **_names(role.name),
            )


def _bodies(county: County, pack: RegionPack) -> Iterator[Body]:
    for body in pack.bodies:
        local = body.scope is BodyScope.MUNICIPALITY
        for place in county.municipalities if local else [None]:
            yield Body(
                county_id=county.id,
                key=f"{body.key}-{place.code}" if place else body.key,
                kind=body.kind,
                municipality_code=place.code if place else None,
                quorum=body.quorum,
                level=body.level,
                is_to_be_established=body.to_be_established,
                purpose=_words(body.purpose),
                convener=_words(body.convener),
                communication=body.communication,
                meeting_rules=[
                    MeetingRule(
                        position=position,
                        min=one.min,
                        max=one.max,
                        period=one.period,
                        is_per_area=one.per_area,
                    )
                    for position, one in enumerate(body.meetings, start=1)
                ],
                **_clause(pack, body.clause),
                seats=list(_seats(county, pack, body)),
                **_names(body.name),
            )


def _join_parts(bodies: Iterable[Body], pack: RegionPack) -> None:
    """Say of every body of which other it is a part, where both are one in the region."""
    made = {body.key: body for body in bodies}
    for body in pack.bodies:
        if body.parent in made and body.key in made:
            made[body.key].parent_id = made[body.parent].id


def _words(words: Words | None) -> dict[str, str]:
    return {language.value: words.in_language(language) for language in Language} if words else {}


def _seats(county: County, pack: RegionPack, body: pact.Body) -> Iterator[Seat]:
    areas = {one.key: one for one in county.constituencies}
    nominated = {one.key: one.role for one in pack.nominations}
    position = 0
    for seat in body.seats:
        for suffix, place, is_optional in _places_of(county, seat):
            position += 1
            names = _names(seat.name)
            if place is not None:
                names = {
                    "name_fi": f"{names['name_fi']}, {place.name_fi}",
                    "name_sv": f"{names['name_sv']}, {place.name_sv}",
                    "name_en": f"{names['name_en']}, {place.name_fi}",
                }
            yield Seat(
                key=f"{seat.key}{suffix}",
                position=position,
                basis=seat.basis,
                constituency=areas.get(seat.constituency or ""),
                municipality_code=place.code if place else None,
                organisation=_words(seat.organisation),
                nominated_role=nominated.get(seat.nomination or ""),
                is_required=bool(seat.required),
                is_optional=is_optional,
                **_clause(pack, seat.clause),
                **names,
            )


def _places_of(county: County, seat: pact.Seat) -> list[tuple[str, Municipality | None, bool]]:
    """The seats of a kind: a suffix for the key of each, its municipality if it has one, and whether it may stay empty.

    Of “one to four” the first has to be filled, the others may be.
    """
    # Who is sent together by several is one person; of the others only a stated number is a number.
    together = {SeatBasis.CONSTITUENCY, SeatBasis.NOMINATION}
    least = seat.number or (1 if seat.basis in together else 0)
    most = seat.number_max or least
    counted = [(f"-{n}" if most > 1 else "", n > least) for n in range(1, most + 1)]
    if seat.basis is SeatBasis.MUNICIPALITY:
        return [
            (f"-{place.code}{suffix}", place, is_optional)
            for place in county.municipalities
            for suffix, is_optional in counted
        ]
    return [(suffix, None, is_optional) for suffix, is_optional in counted]


def _management_groups(county: County) -> Iterator[Body]:
    template = tomllib.loads(_MANAGEMENT_GROUP.read_text(encoding="utf-8"))
    for place in county.municipalities:
        names = {
            f"name_{language}": template["name"][language].format(
                municipality=place.name_sv if language == "sv" else place.name_fi
            )
            for language in ("fi", "sv", "en")
        }
        yield Body(
            county_id=county.id,
            key=management_group_key(place.code),
            kind=BodyKind.MANAGEMENT_GROUP,
            municipality_code=place.code,
            seats=[
                Seat(
                    key=post["key"],
                    position=position,
                    is_chair=post.get("chair", False),
                    **{f"name_{language}": post[language] for language in ("fi", "sv", "en")},
                )
                for position, post in enumerate(template["post"], start=1)
            ],
            **names,
        )


def _situation_centres(county: County, pack: RegionPack) -> Iterator[Person]:
    for centre in pack.situation_centres:
        yield Person(
            county_id=county.id,
            key=centre.key,
            kind=ActorKind.DUTY_DESK,
            name=centre.name.in_language(Language.FI),
            organisation=centre.kept_by.in_language(Language.FI) if centre.kept_by else "",
        )
