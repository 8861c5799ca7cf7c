"""Links by which somebody without an account confirms what is known of them.

Whoever carries the link is taken for the person, for a fortnight and for one answer. Looking at it changes nothing:
mail scanners open every link, and some browsers do beforehand. Only an answer that was sent counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep import clock
from prep.auth.bearer import digest, new_token
from prep.errors import Conflict, NotFound, Problem, Refused
from prep.language import say
from prep.models import ContactPoint, Person, ReviewLink, RoleTerm, SeatTerm
from prep.registry.review import Item, confirm, items_of, object_to
from prep.terms import ActorKind

LASTS = timedelta(days=14)
# Where on the pages a link is used.
PATH = "/vahvistus"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made; its key cannot be read again."""

    token: str = field(repr=False)
    row: ReviewLink

    @property
    def path(self) -> str:
        """Where on the pages it is used."""
        return f"{PATH}/{self.token}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered: what they confirmed, and what they say is wrong."""

    link: int
    person: Person
    confirmed: tuple[Item, ...]
    objected: tuple[Item, ...]
    # What is wrong, by the key of the value.
    words: Mapping[str, str]


def make(session: Session, person: Person) -> NewLink:
    """A new link for somebody; older ones that were not answered are void."""
    at, token = clock.now(), new_token()
    for older in session.scalars(
        select(ReviewLink).where(
            ReviewLink.person_id == person.id, ReviewLink.answered_at.is_(None), ReviewLink.expires_at > at
        )
    ):
        older.expires_at = at
    link = ReviewLink(person=person, token_hash=digest(token), created_at=at, expires_at=at + LASTS)
    session.add(link)
    session.flush()
    return NewLink(token, link)


def newest(session: Session, person: Person) -> ReviewLink | None:
    """The link that was last made for somebody."""
    query = select(ReviewLink).where(ReviewLink.person_id == person.id).order_by(ReviewLink.id.desc())
    return session.scalars(query.limit(1)).first()


def look_up(session: Session, token: str) -> ReviewLink:
    """The link of a key. It only reads.

    Raises
    ------
    NotFound
        If there is none, it was answered, replaced or left too long, or the person is no longer in the register:
        the same words for all.
    """
    return _good(session, token)


def answer(session: Session, token: str, *, seen: Mapping[str, str], wrong: Mapping[str, str]) -> Answered:
    """Confirm what was seen, but for what is said to be wrong; the link is closed.

    Parameters
    ----------
    seen
        The stamp of every value that stood on the page, by its key.
    wrong
        What is wrong, in words, by the key of the value.

    Raises
    ------
    NotFound
        If the link is not good.
    Conflict
        If a value is another by now; nothing is confirmed and the link stays good.
    Refused
        If nothing was seen, or nothing is said of what is wrong; likewise.
    """
    link = _good(session, token, alone=True)
    today = clock.today()
    own = {item.key: item for item in items_of(session, link.person, on=today)}
    if any(key not in own or own[key].stamp != stamp for key, stamp in seen.items()):
        raise Conflict(
            Problem(
                place=say("What is known of you"),
                value=None,
                rule=say("Something has been changed since you opened the page; nothing was confirmed."),
                remedy=say("Look at it as it stands now, and answer anew."),
            )
        )
    if not seen or not set(wrong) <= set(seen):
        raise Refused(
            Problem(
                place=say("What is known of you"),
                value=None,
                rule=say("The answer says nothing of what stood on the page."),
                remedy=say("Open the link again and answer there."),
            )
        )
    confirmed = [own[key] for key in seen if key not in wrong]
    confirm(session, [item.row for item in confirmed], on=today, by=link.person.name)
    for key, words in wrong.items():
        row = own[key].row
        if isinstance(row, ContactPoint | RoleTerm | SeatTerm):
            object_to(session, row, words)
    link.answered_at = clock.now()
    session.flush()
    return Answered(link.id, link.person, tuple(confirmed), tuple(own[key] for key in wrong), wrong)


def _good(session: Session, token: str, *, alone: bool = False) -> ReviewLink:
    query = (
        select(ReviewLink)
        .where(
            ReviewLink.token_hash == digest(token),
            ReviewLink.answered_at.is_(None),
            ReviewLink.expires_at > clock.now(),
        )
        .options(joinedload(ReviewLink.person))
    )
    if alone:
        # Two answers that arrive together: the second finds the link closed.
        query = query.with_for_update(of=ReviewLink).execution_options(populate_existing=True)
    link = session.scalar(query)
    if link is None or link.person.erased_at is not None or link.person.kind is not ActorKind.PERSON:
        raise not_good()
    return link


def not_good() -> NotFound:
    """The answer to every link that is not or no longer good."""
    return NotFound(
        Problem(
            place=say("This link"),
            value=None,
            rule=say("It is good for one answer and for a fortnight, and is not or no longer good."),
            remedy=say("There is nothing to do; a new one comes by mail when something has to be confirmed."),
        )
    )
