"""The posts that lists name: which role or seat is meant, and how one is written so that it is found again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz, process, utils
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep.exchange.contact_plan import Rights
from prep.exchange.contact_rows import PostSaid
from prep.exchange.findings import Remark, Severity
from prep.exchange.vocabulary import plain_word
from prep.language import Message, in_language, say
from prep.models import Body, County, Municipality, Role, RoleTerm, Seat, SeatTerm
from prep.registry.appointments import Post, Term, post_of
from prep.registry.names import name_of
from prep.terms import Language

Thing = TypeVar("Thing", Body, Seat, Role)
_NEAREST = 3
_LEAST_LIKENESS = 50


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why no post is meant, and the column that it is about."""

    field: str
    remark: Remark


class Posts:
    """Every post that whoever imports may know of."""

    def __init__(self, session: Session, rights: Rights):
        self.rights = rights
        self.county = session.scalars(select(County)).one()
        of_role = selectinload(Role.terms).selectinload(RoleTerm.person)
        of_seat = selectinload(Body.seats).selectinload(Seat.terms).selectinload(SeatTerm.person)
        roles = session.scalars(select(Role).order_by(Role.id).options(of_role)).all()
        bodies = session.scalars(select(Body).order_by(Body.id).options(of_seat)).all()
        self.roles = [one for one in roles if rights.may_see(one.municipality_code)]
        self.bodies = [one for one in bodies if rights.may_see_bodies(one.municipality_code)]

    def terms_by_person(self) -> dict[int, list[Term]]:
        """Every term in these posts, by the person's id, in the order of their first days."""
        found: dict[int, list[Term]] = defaultdict(list)
        for role in self.roles:
            for term in role.terms:
                found[term.person_id].append(term)
        for seat in (seat for body in self.bodies for seat in body.seats):
            for term_of_seat in seat.terms:
                found[term_of_seat.person_id].append(term_of_seat)
        for terms in found.values():
            terms.sort(key=lambda term: term.starts)
        return found

    def find(self, said: PostSaid, *, municipality: str | None) -> Post | NotFound:
        """The post that a row means; ``municipality`` is that of the row."""
        found: Post | NotFound
        if said.role and not said.body and not said.seat:
            found = self._role(said.role, municipality)
        elif said.body:
            found = self._seat(said.body, said.seat or said.role, municipality)
        else:
            found = NotFound("seat", _NO_BODY)
        if isinstance(found, NotFound) or self._may_fill(found):
            return found
        return NotFound("role" if isinstance(found, Role) else "body", _NOT_YOURS)

    def role_text(self, role: Role, *, municipality: str | None, language: Language) -> str:
        """How a role is written on the row of somebody of a municipality, so that it is found again."""
        place = role.municipality or self.county
        name, where = name_of(role, language), name_of(place, language)
        texts = (name, f"{where}: {name}", f"{where}: {role.key}")
        return next(
            (one for one in texts if self._role(one, municipality) is role),
            f"{role.municipality_code}: {role.key}",
        )

    def seat_texts(self, seat: Seat, *, municipality: str | None, language: Language) -> tuple[str, str]:
        """How a body and its seat are written, so that they are found again."""
        bodies = (name_of(seat.body, language), seat.body.key)
        body = next((one for one in bodies if self._body(one, municipality) is seat.body), seat.body.key)
        seats = (name_of(seat, language), seat.key)
        return body, next((one for one in seats if _one(one, seat.body.seats) is seat), seat.key)

    def _may_fill(self, post: Post) -> bool:
        if isinstance(post, Seat):
            return self.rights.may_fill_bodies(post.body.municipality_code)
        return self.rights.may_edit(post.municipality_code)

    def _role(self, text: str, municipality: str | None) -> Role | NotFound:
        place, colon, rest = text.partition(":")
        if colon and rest.strip():
            there = [
                one for one in self.roles if plain_word(place) in _places(one.municipality or self.county)
            ]
            found = _one(rest.strip(), there)
            if found is not None:
                return found
        own = [one for one in self.roles if one.municipality_code == municipality]
        # What is the county's is everybody's.
        for among in (own, [one for one in self.roles if one.municipality_code is None]):
            found = _one(text, among)
            if found is not None:
                return found
        return _unknown("role", say("There is no role of this name here."), text, [*own, *self.roles])

    def _seat(self, body_text: str, seat_text: str, municipality: str | None) -> Seat | NotFound:
        body = self._body(body_text, municipality)
        if body is None and not seat_text:
            # "Perhon johtoryhmä: Kunnanjohtaja" in one cell.
            body_text, _, seat_text = (part.strip() for part in body_text.rpartition(":"))
            if not body_text:
                body_text, seat_text = seat_text, ""
            body = self._body(body_text, municipality)
        if body is None:
            return _unknown("body", say("There is no body of this name here."), body_text, self.bodies)
        if not seat_text and len(body.seats) == 1:
            return body.seats[0]
        if not seat_text:
            return NotFound("body", _which_seat(body))
        found = _one(seat_text, body.seats)
        return found or _unknown("seat", say("The body has no seat of this name."), seat_text, body.seats)

    def _body(self, text: str, municipality: str | None) -> Body | None:
        own = [one for one in self.bodies if one.municipality_code == municipality]
        return _one(text, own) or _one(text, self.bodies)


def post_words(term: Term, language: Language) -> str:
    """A post as it is told of the person in it: where it is, what it is called, and whether they stand in."""
    post = post_of(term)
    place = post.body if isinstance(post, Seat) else post.municipality
    name = name_of(post, language)
    whole = f"{name_of(place, language)}: {name}" if place is not None else name
    return in_language(say("{post}, deputy", post=whole), language) if term.rank else whole


def not_given(rule: Message) -> Message:
    """Why a row gives no post to the person that it names, who lands without it."""
    return say("{rule} The post was not given.", rule=rule)


def _one(text: str, among: Sequence[Thing]) -> Thing | None:
    """The only one that is called so; by its key where a name is that of several."""
    wanted = plain_word(text)
    for is_called in (_by_name, _by_key):
        found = [one for one in among if is_called(one, wanted)]
        if len(found) == 1:
            return found[0]
    return None


def _by_name(one: Body | Seat | Role, wanted: str) -> bool:
    names = {plain_word(name) for name in (one.name_fi, one.name_sv, one.name_en)}
    if isinstance(one, Body) and one.municipality is not None:
        # "Perho: häiriötilanteiden johtoryhmä" is on Perho's own list the "häiriötilanteiden johtoryhmä".
        names |= {name.removeprefix(f"{place}: ") for name in names for place in _places(one.municipality)}
    return wanted in names


def _by_key(one: Body | Seat | Role, wanted: str) -> bool:
    return wanted == one.key


def _places(place: Municipality | County) -> set[str]:
    names = {plain_word(name_of(place, language)) for language in Language}
    return names | {place.code} if isinstance(place, Municipality) else names


def _unknown(field: str, rule: Message, text: str, known: Iterable[Body | Seat | Role]) -> NotFound:
    names = list(dict.fromkeys(name for one in known for name in (one.name_fi, one.name_sv)))
    nearest = process.extract(
        text,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=_NEAREST,
        score_cutoff=_LEAST_LIKENESS,
    )
    remedy = (
        say("Nearest: {names}.", names=[name for name, _, _ in nearest])
        if nearest
        else say("Write the name as it stands on the page of the bodies or of the municipality.")
    )
    return NotFound(field, Remark(Severity.WARNING, not_given(rule), remedy))


def _which_seat(body: Body) -> Remark:
    return Remark(
        Severity.WARNING,
        not_given(say("The row does not say which seat of the body it is.")),
        say("Add a column Paikka; the seats are: {names}.", names=[one.name_fi for one in body.seats]),
    )


_NO_BODY = Remark(
    Severity.WARNING,
    not_given(say("The row names a seat and no body.")),
    say("Add a column Toimielin."),
)
_NOT_YOURS = Remark(
    Severity.WARNING,
    not_given(say("Your account may not fill this post.")),
    say("Ask whoever keeps the body, or leave the post away."),
)
