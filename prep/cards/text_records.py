"""The texts that cards are printed with: the county's own versions in the place of the common ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.cards.content import DisruptionText, Library, load_library
from prep.cards.lint import lint
from prep.cards.text_versions import Lines, Merge, as_content, from_content, merged, with_blocks
from prep.errors import Conflict, Problem, Refused
from prep.language import Message, say
from prep.models import CardText
from prep.terms import Disruption, TextStatus

ROLE, REVIEW = say("In which role it is approved"), say("Reviewed again by")


@dataclass(frozen=True, slots=True)
class TextStanding:
    """How the text of a disruption stands: the common one, the county's newest, and the one on cards."""

    disruption: Disruption
    common: DisruptionText
    newest: CardText | None
    in_use: DisruptionText
    in_use_row: CardText | None

    @property
    def is_behind(self) -> bool:
        """Whether the common text has changed since the county's newest was made from it."""
        return self.newest is not None and self.newest.base != as_content(self.common)


def library_in_use(session: Session) -> Library:
    """The library that cards are printed with: of each disruption the newest approved text, else the newest."""
    library = load_library()
    # The oldest first: what is newer, and what is approved, takes the place of what is not.
    rows = sorted(_rows(session), key=lambda row: (row.status is TextStatus.APPROVED, row.version))
    used = {row.disruption: row for row in rows}
    own = {disruption: text_of(row) for disruption, row in used.items()}
    return replace(library, disruptions=MappingProxyType({**library.disruptions, **own}))


def standings(session: Session) -> list[TextStanding]:
    """How the text of each disruption stands, in the order of the vocabulary."""
    return [standing_of(session, disruption) for disruption in Disruption]


def standing_of(session: Session, disruption: Disruption) -> TextStanding:
    """How the text of one disruption stands."""
    rows = versions(session, disruption)
    common = load_library().disruptions[disruption]
    newest = rows[0] if rows else None
    used = next((row for row in rows if row.status is TextStatus.APPROVED), newest)
    return TextStanding(disruption, common, newest, text_of(used) if used else common, used)


def versions(session: Session, disruption: Disruption) -> list[CardText]:
    """The county's versions of a text, the newest first."""
    return [row for row in _rows(session) if row.disruption is disruption]


def text_of(row: CardText) -> DisruptionText:
    """The text of a stored version."""
    return from_content(row.content, version=row.version, status=row.status)


def edited(session: Session, disruption: Disruption) -> DisruptionText:
    """The text that an edit goes on from: the county's newest, else the common one."""
    newest = standing_of(session, disruption)
    return text_of(newest.newest) if newest.newest else newest.common


def change_blocks(
    session: Session,
    disruption: Disruption,
    changed: Mapping[str, Lines],
    *,
    seen: int,
    by: str,
    at: datetime,
    note: str = "",
) -> CardText:
    """Save a new version in which some blocks are as given; a block in conflict that is saved is settled.

    Raises
    ------
    Conflict
        Somebody has saved a version since the one ``seen``; the common text counts as version 0 then.
    Refused
        The linter finds something, such as a municipality that would order an evacuation.
    """
    standing = standing_of(session, disruption)
    newest = standing.newest
    if (newest.version if newest else 0) != seen:
        raise Conflict(
            Problem(
                place=say("The text of the cards"),
                value=None,
                rule=say("Somebody else has saved another version since you opened it."),
                remedy=say("Keep your words aside, open the text anew and put them in."),
            )
        )
    before = text_of(newest) if newest else standing.common
    base = newest.base if newest else as_content(standing.common)
    open_conflicts = [key for key in (newest.conflicts if newest else []) if key not in changed]
    text = with_blocks(before, changed)
    return _save(session, text, base=base, conflicts=open_conflicts, by=by, at=at, note=note)


def take_in(session: Session, text: DisruptionText, *, by: str, at: datetime, note: str = "") -> CardText:
    """Save a text from a file as the county's next version.

    Raises
    ------
    Refused
        The linter finds something.
    """
    standing = standing_of(session, text.disruption)
    base = standing.newest.base if standing.newest else as_content(standing.common)
    return _save(session, text, base=base, conflicts=[], by=by, at=at, note=note)


def bring_up(session: Session, disruption: Disruption, *, by: str, at: datetime) -> tuple[CardText, Merge]:
    """Save the county's text on the newest common one.

    Raises
    ------
    Refused
        There is nothing to bring up.
    """
    standing = standing_of(session, disruption)
    if standing.newest is None or not standing.is_behind:
        raise Refused(
            Problem(
                place=say("The text of the cards"),
                value=disruption.value,
                rule=say("It already stands on the newest common text."),
                remedy=say("Nothing has to be done."),
            )
        )
    base = from_content(standing.newest.base, version=1, status=TextStatus.DRAFT)
    result = merged(base, standing.common, text_of(standing.newest))
    row = _save(
        session,
        result.text,
        base=as_content(standing.common),
        conflicts=sorted({*standing.newest.conflicts, *result.conflicts}),
        by=by,
        at=at,
        note=f"common text {standing.common.version}",
    )
    return row, result


def approve(
    session: Session, disruption: Disruption, *, version: int, role: str, review_due: date, by: str, on: date
) -> CardText:
    """Approve the county's newest version, in a named role, until it is looked through again.

    Raises
    ------
    Refused
        There is no such newest version, it has open conflicts, the role is not named, or the day has passed.
    """
    newest = standing_of(session, disruption).newest
    problems = []
    if newest is None or newest.version != version:
        problems.append(
            _problem(
                say("The text of the cards"),
                str(version),
                say("Only the county’s newest version can be approved."),
                say("Look at the newest version, and approve that."),
            )
        )
    elif newest.conflicts:
        problems.append(
            _problem(
                say("The text of the cards"),
                ", ".join(newest.conflicts),
                say("In these blocks the county and the common text have both changed."),
                say("Open each, decide what stands, and save it."),
            )
        )
    if not role.strip() or len(role) > 200:
        problems.append(
            _problem(ROLE, role[:40] or None, say("Somebody approves it in a role."), say("Name the role."))
        )
    if review_due <= on:
        problems.append(
            _problem(REVIEW, str(review_due), say("The day is not after today."), say("Choose a later day."))
        )
    if problems or newest is None:
        raise Refused(problems)
    newest.status, newest.approved_role, newest.approved_by = TextStatus.APPROVED, role.strip(), by
    newest.approved_on, newest.review_due = on, review_due
    return newest


def require_fit(text: DisruptionText) -> None:
    """Go on only with a text in which the linter finds nothing.

    Raises
    ------
    Refused
        With everything that it finds.
    """
    library = load_library()
    changed = replace(library, disruptions=MappingProxyType({**library.disruptions, text.disruption: text}))
    mine = [problem for problem in lint(changed) if str(problem.place).startswith(text.file)]
    if mine:
        raise Refused(mine)


def _save(
    session: Session,
    text: DisruptionText,
    *,
    base: dict[str, object],
    conflicts: list[str],
    by: str,
    at: datetime,
    note: str,
) -> CardText:
    require_fit(text)
    rows = versions(session, text.disruption)
    common = load_library().disruptions[text.disruption]
    row = CardText(
        disruption=text.disruption,
        version=max([common.version, *(one.version for one in rows)]) + 1,
        content=as_content(text),
        base=base,
        conflicts=conflicts,
        note=note[:300],
        saved_at=at,
        saved_by=by,
        status=TextStatus.DRAFT,
    )
    session.add(row)
    session.flush()
    return row


def _rows(session: Session) -> list[CardText]:
    return list(session.scalars(select(CardText).order_by(CardText.version.desc())))


def _problem(place: Message, value: str | None, rule: Message, remedy: Message) -> Problem:
    return Problem(place=place, value=value, rule=rule, remedy=remedy)
