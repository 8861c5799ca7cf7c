"""The list of people: what each holds, the columns, and the choices above it."""

from datetime import date

from sqlalchemy.orm import Session

from prep.auth.roles import Permission
from prep.language import OWN_NAMES, Message, in_language, say, sort_key
from prep.models import Person
from prep.registry.bodies import bodies_standing
from prep.registry.contacts import numbers_state, roles_standing
from prep.terms import ActorKind, State
from prep.web.choices import Choice, choices
from prep.web.language import page_language
from prep.web.registry import dialled
from prep.web.sight import seen_places
from prep.web.tables import Column
from prep.web.words import word
from prep.web.writing import named


def oldest_days(person: Person, *, on: date) -> int | None:
    """The age of the number that was confirmed longest ago; None where one never was, or there is none."""
    ages = [point.age_days(on=on) for point in person.contact_points]
    known = [age for age in ages if age is not None]
    return max(known) if known and len(known) == len(ages) else None


def posts_held(session: Session, *, on: date) -> dict[int, list[str]]:
    """What each person holds or stands in for on a day, in words, by the person's id."""
    found: dict[int, list[str]] = {}
    for role in roles_standing(session, on=on):
        for rank, person in enumerate([role.holder, *role.deputies]):
            if person is not None:
                found.setdefault(person.id, []).append(_as_held(named(role.role), rank))
    for body in bodies_standing(session, on=on):
        for seat in body.seats:
            for rank, person in enumerate([seat.holder, *seat.deputies]):
                if person is not None:
                    post = f"{named(body.body)}: {named(seat.seat)}"
                    found.setdefault(person.id, []).append(_as_held(post, rank))
    return found


def columns(posts: dict[int, list[str]], *, on: date) -> tuple[Column[Person], ...]:
    """Every column of the list."""
    return (
        Column("name", say("Name"), lambda one: one.name, names=True),
        Column("title", say("Title"), lambda one: one.title or None, extra=True),
        Column("organisation", say("Organisation"), lambda one: one.organisation or None, extra=True),
        Column(
            "municipality",
            say("Municipality"),
            lambda one: named(one.municipality) if one.municipality else None,
        ),
        Column("posts", say("Posts"), lambda one: ", ".join(posts.get(one.id, [])) or None),
        Column(
            "number",
            say("First number"),
            lambda one: dialled(one.contact_points[0]) if one.contact_points else None,
        ),
        Column(
            "email",
            say("E-mail"),
            lambda one: next((dialled(point) for point in one.contact_points if "@" in point.value), None),
            extra=True,
        ),
        Column(
            "age",
            say("Confirmed"),
            lambda one: oldest_days(one, on=on),
            order=lambda one: (numbers_state(one, on=on), oldest_days(one, on=on) or 0),
            note=say("days ago"),
        ),
        Column("language", say("Language"), lambda one: OWN_NAMES[one.language], extra=True),
        Column("kind", say("Kind"), lambda one: word(one.kind), extra=True),
    )


def filters(
    session: Session, *, place: str, kind: ActorKind | None, state: State | None
) -> list[tuple[Message, list[Choice]]]:
    """The choices above the list."""
    places = sorted(seen_places(session, Permission.CONTACT_READ), key=lambda one: sort_key(named(one)))
    everything = ("", say("All"))
    return [
        (
            say("Municipality"),
            choices("kunta", [everything, *((one.code, named(one)) for one in places)], chosen=place),
        ),
        (
            say("State of the numbers"),
            choices("tila", [everything, *((one.value, word(one)) for one in State)], chosen=state or ""),
        ),
        (
            say("Kind"),
            choices("laji", [everything, *((one.value, word(one)) for one in ActorKind)], chosen=kind or ""),
        ),
    ]


def _as_held(post: str, rank: int) -> str:
    return in_language(say("{post}, deputy", post=post), page_language()) if rank else post
