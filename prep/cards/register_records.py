"""The register of issued cards: printings entered in it, where the copies are, and which of them are wrong by now."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from prep.cards.action import ActionCard
from prep.cards.assembly import Card, CardKey
from prep.cards.changes import changes, parts_of
from prep.cards.code import spoken
from prep.cards.records import county_cards, issued
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import CardCopies, IssuedCard, PrintRun
from prep.terms import Classification, CopyState, Language

MOST_COPIES = 999
MOST_CHARACTERS = 300
HOLDER, PLACE = say("Who has them"), say("Where they are")
GONE = say("there is no such card any more")


@dataclass(frozen=True, slots=True)
class Run:
    """A printing: into which file, by whom, how many copies of each card, for whom and where to."""

    name: str = ""
    by: str = ""
    copies: int = 1
    holder: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.copies <= MOST_COPIES:
            raise Refused(
                Problem(
                    place=say("Copies"),
                    value=str(self.copies),
                    rule=say("It is a whole number from 1 to {most}.", most=MOST_COPIES),
                    remedy=say("Correct it."),
                )
            )


@dataclass(frozen=True, slots=True)
class Standing:
    """A printed card against the same card of today.

    ``changes`` is empty when it is right; ``card`` is that of today, None when there is none any more.
    """

    row: IssuedCard
    changes: tuple[Message, ...]
    card: Card | None

    @property
    def is_current(self) -> bool:
        return not self.changes

    @property
    def today(self) -> str | None:
        """The code of the card of today: the same, when nothing has changed."""
        if self.is_current:
            return self.row.code
        return self.card.code if self.card else None


@dataclass(frozen=True, slots=True)
class Issue:
    """Copies in the register, with how their card stands."""

    copies: CardCopies
    standing: Standing

    @property
    def is_wrong(self) -> bool:
        """Whether somebody may act on a copy that is out and not right any more."""
        return self.copies.state is CopyState.OUT and not self.standing.is_current

    @property
    def is_replaced(self) -> bool:
        return self.copies.replaced_by_id is not None

    @property
    def is_to_reprint(self) -> bool:
        return self.is_wrong and not self.is_replaced and self.standing.card is not None


def register(
    session: Session, cards: Iterable[Card], at: datetime, run: Run | None = None
) -> list[IssuedCard]:
    """Note that cards were printed: a new row for a new content, more copies of a known one.

    Raises
    ------
    Refused
        Another card took the code of one of these since they were made.
    """
    run = run or Run()
    return [one.card for one in _entered(session, list(cards), at, run)]


def change_copies(row: CardCopies, *, holder: str, place: str, state: CopyState, on: date) -> None:
    """Note where copies are, or that they have been returned, destroyed or lost.

    Raises
    ------
    Refused
        A text is longer than the register takes.
    """
    require_short(HOLDER, holder)
    require_short(PLACE, place)
    row.holder, row.place = " ".join(holder.split()), " ".join(place.split())
    if row.state is not state:
        row.state, row.state_on = state, on


def reprint(session: Session, issues: Sequence[Issue], at: datetime, run: Run) -> list[Card]:
    """Enter the cards of today in the place of copies that are wrong, with their holders and places.

    Returns the cards to print, each as often as it is held.
    """
    cards = [issue.standing.card for issue in issues if issue.standing.card is not None]
    for issue, new in zip(issues, _entered(session, cards, at, run, instead_of=issues), strict=True):
        issue.copies.replaced_by_id = new.id
    return cards


def require_short(place: Message, text: str) -> None:
    """Go on only with a text that the register takes.

    Raises
    ------
    Refused
        If it is longer.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refused(
            Problem(
                place=place,
                value=f"{text[:40]}…",
                rule=say("It has at most {most} characters.", most=MOST_CHARACTERS),
                remedy=say("Shorten the text."),
            )
        )


def issues(
    session: Session,
    *,
    classification: Classification,
    on: date,
    at: datetime,
    among: Callable[[IssuedCard], bool] = lambda _row: True,
) -> list[Issue]:
    """All copies in the register, the newest printing first, each card compared with that of today."""
    copies = session.scalars(
        select(CardCopies)
        .options(joinedload(CardCopies.card), joinedload(CardCopies.run))
        .order_by(CardCopies.run_id.desc(), CardCopies.id)
    ).all()
    kept = [one for one in copies if among(one.card)]
    rows = {one.code: one.card for one in kept}
    found = standings(session, rows.values(), classification=classification, on=on, at=at)
    return [Issue(one, found[one.code]) for one in kept]


def standings(
    session: Session,
    rows: Iterable[IssuedCard],
    *,
    classification: Classification,
    on: date,
    at: datetime,
) -> dict[str, Standing]:
    """By code, how printed cards stand against those of today."""
    rows = list(rows)
    today: dict[tuple[Language, CardKey], Card] = {}
    for language in {row.language for row in rows}:
        wanted = {_key_of_row(row) for row in rows if row.language is language}
        for card in county_cards(
            session, language=language, only=wanted, classification=classification, on=on, at=at
        ):
            today[language, key_of(card)] = card
    return {row.code: _standing(row, today.get((row.language, _key_of_row(row)))) for row in rows}


def key_of(card: Card) -> CardKey:
    """Which card it is, whatever its version."""
    if isinstance(card, ActionCard):
        return card.kind, card.municipality_code, card.role_code, card.disruption
    return card.kind, card.municipality_code, None, None


def _key_of_row(row: IssuedCard) -> CardKey:
    return row.kind, row.municipality_code, row.role, row.disruption


def _standing(row: IssuedCard, card: Card | None) -> Standing:
    if card is None:
        return Standing(row, (GONE,), None)
    if card.digest == row.content_digest:
        return Standing(row, (), card)
    return Standing(row, tuple(changes(row.parts, card.content, row.code)), card)


def _entered(
    session: Session,
    cards: Sequence[Card],
    at: datetime,
    run: Run,
    *,
    instead_of: Sequence[Issue] = (),
) -> list[CardCopies]:
    """The copies of a new printing, one row for each card of it."""
    known = issued(session, [card.code for card in cards])
    printing = PrintRun(printed_at=at, printed_by=run.by, name=run.name[:300])
    problems: list[Problem] = []
    entered: dict[tuple[str, int], CardCopies] = {}
    every = []
    for number, card in enumerate(cards):
        row = known.get(card.code)
        if row is not None and row.content_digest != card.digest:
            problems.append(_code_taken(card))
            continue
        old = instead_of[number].copies if instead_of else None
        copies = old.copies if old else run.copies
        if row is None:
            row = known[card.code] = _new_row(card, at)
            session.add(row)
        row.copies += copies
        row.last_printed_at = at
        if not row.parts:
            row.parts = parts_of(card.content, card.code)
        # The same card twice in a printing is one row with more copies, unless each takes another's place.
        key = (card.code, number if instead_of else 0)
        if key in entered:
            entered[key].copies += copies
        else:
            entered[key] = CardCopies(
                run=printing,
                card=row,
                copies=copies,
                holder=old.holder if old else run.holder,
                place=old.place if old else run.place,
                state=CopyState.OUT,
            )
        every.append(entered[key])
    if problems:
        raise Refused(problems)
    session.add(printing)
    session.flush()
    return every


def _new_row(card: Card, at: datetime) -> IssuedCard:
    return IssuedCard(
        code=card.code,
        kind=card.kind,
        title=card.title,
        municipality_code=card.municipality_code,
        role=card.role_code if isinstance(card, ActionCard) else None,
        disruption=card.disruption if isinstance(card, ActionCard) else None,
        language=card.imprint.language,
        text_version=card.imprint.version,
        valid_from=card.imprint.valid_from,
        classification=card.imprint.classification,
        content_digest=card.digest,
        parts=parts_of(card.content, card.code),
        first_printed_at=at,
        last_printed_at=at,
        copies=0,
    )


def _code_taken(card: Card) -> Problem:
    return Problem(
        place=card.name,
        value=spoken(card.code),
        rule=say("Another card has been printed under this code in the meantime."),
        remedy=say("Print again: the card then gets another code."),
    )
