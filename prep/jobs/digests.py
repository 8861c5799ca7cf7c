"""Who is written to, and what about: owners with something to confirm, people about themselves, objections.

Nobody is written to when all is well, and nothing is written twice for the same week.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock, outbox
from prep.jobs.letters import Section, Text, digest_text, objection_text, review_text
from prep.jobs.recipients import Recipient, planners, recipient_of
from prep.language import Message, say
from prep.models import County, Municipality, Person
from prep.registry import review_links
from prep.registry.meetings import MeetingStanding, invitations_due
from prep.registry.names import name_of
from prep.registry.ownership import Owner, owners
from prep.registry.review import Item, items
from prep.registry.review_links import Answered
from prep.terms import ActorKind, Language

# Whoever does not answer is asked again when the link has run out, not every week.
ASKED_EVERY = review_links.LASTS
QUEUE = "/tarkistettavat"

_One = TypeVar("_One", Person, Owner)


@dataclass(frozen=True, slots=True)
class Written:
    """How many messages were written, and who should have got one but has no address."""

    digests: int
    reviews: int
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Due:
    """What waits this week: values to be confirmed, and meetings to which the invitation has to go."""

    items: Sequence[Item]
    meetings: Sequence[MeetingStanding]

    def of(self, mine: Sequence[Owner]) -> list[Item]:
        """The values that owners answer for."""
        codes = {owner.municipality for owner in mine}
        return [item for item in self.items if item.municipality in codes]

    def to_invite(self, mine: Sequence[Owner]) -> list[MeetingStanding]:
        """The meetings of the bodies of owners."""
        codes = {owner.municipality for owner in mine}
        return [one for one in self.meetings if one.meeting.body.municipality_code in codes]

    def has(self, mine: Sequence[Owner]) -> bool:
        """Whether anything waits for owners."""
        return bool(self.of(mine) or self.to_invite(mine))


def write_digests(session: Session, *, on: date, address: str) -> Written:
    """Write this week's messages; those that were written already stay as they are.

    ``address`` is how the addresses of the pages begin, such as ``https://prep.kunta.example``.
    """
    due = _Due([item for item in items(session, on=on) if item.is_due], invitations_due(session, on=on))
    answering = owners(session, on=on, language=Language.FI)
    digests, unreached, by_digest = 0, [], set()
    for person in _each(owner.person for owner in answering.values()):
        mine = [owner for owner in answering.values() if owner.person is person and due.has([owner])]
        to = recipient_of(person)
        if mine and to.address is None:
            unreached.append((to, mine))
        elif mine:
            by_digest.add(person.id)
            digests += _digest(session, to, mine, due, (), also=(), person=person, on=on, address=address)
    county = [owner for owner in answering.values() if owner.person is None and due.has([owner])]
    without_address = [to.name for to, _ in unreached]
    if county or unreached:
        several = planners(session, on=on)
        for to in several:
            if to.address is not None:
                words = [_unreached(session, *one, due, to.language) for one in unreached if due.of(one[1])]
                # Whom nobody could write to sends no invitation either.
                also = [owner for _, theirs in unreached for owner in theirs]
                digests += _digest(
                    session, to, county, due, words, also=also, person=None, on=on, address=address
                )
        without_address += [to.name for to in several if to.address is None]
    reviews = _reviews(session, due.items, besides=by_digest, address=address)
    return Written(digests, reviews, tuple(without_address))


def tell_objections(session: Session, answered: Answered, *, address: str) -> int:
    """Tell those who answer for it what somebody says is wrong; gives to how many it is told.

    Where nobody has an address nothing is lost: it stands in the queue as a fault, in the same words.
    """
    on = clock.today()
    answering = owners(session, on=on, language=Language.FI)
    told = 0
    for owner in _each(answering[item.municipality] for item in answered.objected):
        own = [item for item in answered.objected if answering[item.municipality] is owner]
        objections = [(item, answered.words[item.key]) for item in own]
        person = owner.person
        holder = recipient_of(person) if person is not None and person is not answered.person else None
        to_whom = [holder] if holder is not None and holder.address else planners(session, on=on)
        for to in to_whom:
            text = objection_text(
                to.name,
                answered.person.name,
                objections,
                address=f"{address}{QUEUE}?henkilo={answered.person.id}",
                language=to.language,
            )
            told += _write(session, f"objection link {answered.link} {to.key}", "objection", to, text)
    return told


def ask(session: Session, person: Person, *, address: str) -> bool:
    """Ask somebody to confirm what is known of them, now; False where no address is known."""
    to = recipient_of(person)
    if to.address is None:
        return False
    link = review_links.make(session, person)
    text = review_text(
        to.name,
        link=address + link.path,
        until=link.row.expires_at,
        county=name_of(session.scalars(select(County)).one(), to.language),
        language=to.language,
    )
    return bool(_write(session, f"review link {link.row.id}", "review", to, text))


def _digest(
    session: Session,
    to: Recipient,
    mine: Sequence[Owner],
    due: _Due,
    unreached: Sequence[Message],
    *,
    also: Sequence[Owner],
    person: Person | None,
    on: date,
    address: str,
) -> int:
    year, week, _ = on.isocalendar()
    reason = f"digest {year}-W{week:02d} {to.key}"
    if outbox.is_written(session, reason):
        return 0
    in_words = owners(session, on=on, language=to.language)
    own_link = None
    if person is not None and any(_is_asked(item) and item.person is person for item in due.items):
        own_link = address + review_links.make(session, person).path
    text = digest_text(
        to.name,
        [
            Section(
                say(
                    "{where} ({owner})",
                    where=_where(session, owner, to.language),
                    owner=in_words[owner.municipality].words,
                ),
                found,
            )
            for owner in mine
            if (found := due.of([owner]))
        ],
        invitations=[
            say(
                "{body}, meeting {day}: {words}",
                body=name_of(one.meeting.body, to.language),
                day=one.day,
                words=one.words,
            )
            for one in due.to_invite([*mine, *also])
        ],
        unreached=unreached,
        queue=address + QUEUE,
        own_link=own_link,
        language=to.language,
    )
    return _write(session, reason, "digest", to, text)


def _reviews(session: Session, due: Iterable[Item], *, besides: Iterable[int], address: str) -> int:
    """Ask everybody of whom something has to be confirmed, but those whose digest has asked them already."""
    asked = 0
    for person in _each(item.person for item in due if _is_asked(item)):
        newest = review_links.newest(session, person)
        is_new = newest is not None and newest.created_at > clock.now() - ASKED_EVERY
        if person.kind is ActorKind.PERSON and person.id not in besides and not is_new:
            asked += ask(session, person, address=address)
    return asked


def _is_asked(item: Item) -> bool:
    """Whether the person whom a value is about is asked: not again about what they have said is wrong."""
    return item.person is not None and not getattr(item.row, "objection", "")


def _each(several: Iterable[_One | None]) -> list[_One]:
    """Each once, in order of first appearance."""
    return list({id(one): one for one in several if one is not None}.values())


def _unreached(
    session: Session, to: Recipient, mine: Sequence[Owner], due: _Due, language: Language
) -> Message:
    return say(
        "{name} ({where}): {n} to confirm, and no e-mail address is known",
        name=to.name,
        where=[_where(session, owner, language) for owner in mine],
        n=len(due.of(mine)),
    )


def _where(session: Session, owner: Owner, language: Language) -> Message | str:
    if owner.municipality is None:
        return say("county and shared")
    return name_of(session.get_one(Municipality, owner.municipality), language)


def _write(session: Session, reason: str, kind: str, to: Recipient, text: Text) -> int:
    if to.address is None:
        return 0
    row = outbox.write(
        session, reason=reason, kind=kind, recipient=to.address, subject=text.subject, body=text.body
    )
    return int(row is not None)
