"""What has to be confirmed, as the review page shows it: in groups, each with who answers for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.roles import Permission
from prep.language import Message, in_language, say
from prep.models import ContactPoint, RoleTerm, SeatTerm, Site
from prep.registry.ownership import Answering, Owner, owners
from prep.registry.review import Asked, Item, items, municipality_of
from prep.terms import FreshnessKind, State, worst
from prep.web.findings import address_of
from prep.web.language import page_language
from prep.web.posts import ROLE, SEAT
from prep.web.registry import dialled, key_phones
from prep.web.sight import may
from prep.web.words import word
from prep.web.writing import named

# What it takes to confirm a value.
NEEDED: Mapping[FreshnessKind, Permission] = {
    FreshnessKind.CONTACT: Permission.CONTACT_EDIT,
    FreshnessKind.ROLE: Permission.CONTACT_EDIT,
    FreshnessKind.SEAT: Permission.BODY_EDIT,
    FreshnessKind.SITE: Permission.SITE_EDIT,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one person, of one body, or of the premises on one list, the worst first."""

    key: str
    title: str
    detail: str
    href: str
    owner: Owner
    items: tuple[Item, ...]

    @property
    def state(self) -> State:
        """As bad as the worst in it."""
        return worst(item.state for item in self.items)


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What whoever asks may confirm and has to be: ``mine`` is what falls to them, ``everything`` all of it."""

    mine: tuple[Item, ...]
    everything: tuple[Item, ...]
    owners: Mapping[str | None, Owner]
    # Whether what no municipality keeps is theirs to confirm.
    is_planner: bool


def to_confirm(session: Session) -> ToConfirm:
    """What is due today among what whoever asks may confirm.

    A municipality's own people answer for all of it; to the county's planners falls what nobody else answers for.
    """
    today = clock.today()
    answering = owners(session, on=today, language=page_language())
    due = tuple(item for item in items(session, on=today) if item.is_due and may_confirm(item.row, item.kind))
    mine = tuple(
        item
        for item in due
        if not may(NEEDED[item.kind]) or answering[item.municipality].answering is Answering.COUNTY
    )
    return ToConfirm(mine, due, answering, is_planner=any(may(needed) for needed in NEEDED.values()))


def may_confirm(row: Asked, kind: FreshnessKind) -> bool:
    """Whether whoever asks may confirm a value."""
    return may(NEEDED[kind], municipality_of(row))


def groups(found: Iterable[Item], answering: Mapping[str | None, Owner]) -> list[Group]:
    """Values in groups, the group with the worst of them first."""
    by_key: dict[str, list[Item]] = {}
    for item in sorted(found, key=lambda item: item.rank):
        by_key.setdefault(_group_key(item), []).append(item)
    return [
        Group(
            key,
            *_heading(several[0].row),
            owner=answering[several[0].municipality],
            items=tuple(several),
        )
        for key, several in by_key.items()
    ]


def value_words(row: Asked) -> str:
    """A value as one reads it."""
    match row:
        case ContactPoint():
            return dialled(row)
        case RoleTerm():
            return _as_held(named(row.role), row.rank)
        case SeatTerm():
            return f"{row.person.name}: {_as_held(named(row.seat), row.rank)}"
        case Site():
            return row.name


def detail_words(row: Asked) -> str:
    """What stands below a value."""
    match row:
        case ContactPoint():
            parts = [in_language(word(row.kind), page_language()), row.purpose]
        case RoleTerm() | SeatTerm():
            decided = in_language(say("decided {day}", day=row.decided_on), page_language())
            since = in_language(say("since {day}", day=row.starts), page_language())
            parts = [since, decided if row.decided_on else ""]
        case Site():
            uses = ", ".join(in_language(word(one.use), page_language()) for one in row.uses)
            keys = [
                " ".join((one.person.name if one.person else one.name, *key_phones(one)))
                for one in row.key_holders
            ]
            parts = [uses, *keys]
    return " · ".join(part for part in parts if part)


def edit_address(row: Asked) -> str:
    """Where a value that is not right is mended."""
    match row:
        case ContactPoint():
            return url_for("numbers.edit", number=row.person_id, point_number=row.id)
        case RoleTerm():
            return url_for("appointing.edit", kind=ROLE, number=row.id)
        case SeatTerm():
            return url_for("appointing.edit", kind=SEAT, number=row.id)
        case Site():
            return url_for("site_editing.edit", number=row.id)


def _group_key(item: Item) -> str:
    match item.row:
        case SeatTerm():
            return f"body-{item.row.seat.body_id}"
        case Site():
            return f"premises-{item.row.municipality_code}"
        case _:
            return f"person-{item.row.person_id}"


def _heading(row: Asked) -> tuple[str, str, str]:
    match row:
        case SeatTerm():
            body = row.seat.body
            kind = in_language(word(body.kind), page_language())
            return named(body), kind, address_of("body", body.key)
        case Site():
            place = row.municipality
            return (
                in_language(say("Premises: {place}", place=named(place)), page_language()),
                "",
                url_for("sites.listed", kunta=place.code),
            )
        case _:
            person = row.person
            detail = ", ".join(part for part in (person.title, person.organisation) if part)
            return person.name, detail, url_for("people.one", number=person.id)


def _as_held(post: str, rank: int) -> str:
    words: Message | str = say("{post}, deputy {n}", post=post, n=rank) if rank else post
    return in_language(words, page_language())
