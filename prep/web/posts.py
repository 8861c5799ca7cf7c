"""A seat or a named role as a page asks for it: which, whose, and whether whoever asks may fill it."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.models import Person, Role, RoleTerm, Seat, SeatTerm
from prep.regions.kinds import SeatBasis
from prep.registry.appointments import Post, Term, post_of
from prep.registry.people import people
from prep.web.findings import address_of
from prep.web.permissions import require
from prep.web.sight import may
from prep.web.writing import named

# How the two kinds of post stand in an address.
SEAT, ROLE = "paikka", "nimike"


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with its words and addresses, and the municipality whose right it takes to fill it."""

    post: Post
    kind: str
    name: str
    where: str
    municipality: str | None
    needed: Permission
    home: tuple[str, str]

    @property
    def href(self) -> str:
        """The page of the body or municipality in which the post is."""
        return address_of(*self.home)

    def appoint_address(self) -> str:
        """The form by which it is filled."""
        return url_for("appointing.form", kind=self.kind, number=self.post.id)


def view_of(post: Post) -> PostView:
    """A post as pages show it."""
    if isinstance(post, Seat):
        return PostView(
            post,
            SEAT,
            named(post),
            named(post.body),
            post.body.municipality_code,
            Permission.BODY_EDIT,
            ("body", post.body.key),
        )
    home = ("municipality", post.municipality_code) if post.municipality_code else ("roles", post.key)
    where = named(post.municipality) if post.municipality else ""
    return PostView(post, ROLE, named(post), where, post.municipality_code, Permission.CONTACT_EDIT, home)


def find(session: Session, kind: str, number: int) -> PostView:
    """The post of an address, if whoever asks may fill it.

    Raises
    ------
    NotFound
        If there is none, or they may not: the same words for both.
    """
    found: Post | None = session.get(Seat, number) if kind == SEAT else session.get(Role, number)
    if found is None or kind not in {SEAT, ROLE}:
        raise nothing_here()
    view = view_of(found)
    require(view.needed, view.municipality)
    return view


def find_term(session: Session, kind: str, number: int) -> tuple[Term, PostView]:
    """The term of an address, if whoever asks may change it.

    Raises
    ------
    NotFound
        As `find`.
    """
    found: Term | None = session.get(SeatTerm, number) if kind == SEAT else session.get(RoleTerm, number)
    if found is None or kind not in {SEAT, ROLE}:
        raise nothing_here()
    view = view_of(post_of(found))
    require(view.needed, view.municipality)
    return found, view


def appoint_at(post: Post) -> str | None:
    """Where a post is filled; None for those who may not."""
    view = view_of(post)
    return view.appoint_address() if may(view.needed, view.municipality) else None


def candidates(session: Session, view: PostView, *, on: date) -> tuple[list[Person], list[Person]]:
    """Who can be appointed: first those from where the post is filled, then everybody else who may be seen."""
    return near_first(session, _near(view.post), on=on)


def near_first(
    session: Session, near: Container[str | None], *, on: date
) -> tuple[list[Person], list[Person]]:
    """Those of some municipalities (None: of none) who are there on a day, and everybody else who may be seen."""
    everybody = [
        one
        for one in people(session)
        if (one.left_on is None or one.left_on > on) and may(Permission.CONTACT_READ, one.municipality_code)
    ]
    first = [one for one in everybody if one.municipality_code in near]
    return first, [one for one in everybody if one not in first]


def chosen_person(session: Session, given: str) -> Person | None:
    """The person whose number a form sends, if whoever asks may see them."""
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    found = session.get(Person, int(given)) if is_number else None
    if found is None or found.erased_at is not None:
        return None
    return found if may(Permission.CONTACT_READ, found.municipality_code) else None


def _near(post: Post) -> frozenset[str | None]:
    if isinstance(post, Role):
        return frozenset({post.municipality_code})
    if post.basis is SeatBasis.CONSTITUENCY and post.constituency is not None:
        return frozenset(one.code for one in post.constituency.municipalities)
    return frozenset({post.municipality_code or post.body.municipality_code})
