"""The county's own card texts on pages: the list, one text beside the common one, editing its blocks, approving it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.auth.permissions import nothing_here
from prep.cards.assembly import PHASES
from prep.cards.content import DisruptionText, load_library
from prep.cards.text_records import (
    REVIEW,
    ROLE,
    TextStanding,
    approve,
    bring_up,
    change_blocks,
    edited,
    standing_of,
    standings,
    versions,
)
from prep.cards.text_versions import MESSAGE, MISSION, Lines, blocks, different
from prep.errors import Conflict, Problem, Refused
from prep.language import OWN_NAMES, Message, in_language, say
from prep.terms import CardPhase, CardRole, Disruption, Language
from prep.web import identity
from prep.web.database import reading
from prep.web.days import day_typed
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import done, saving

pages = Blueprint("card_texts", __name__, url_prefix="/kortit/tekstit")

Answer = str | tuple[str, int] | Response
SEEN = "versio"
_MESSAGES = "viestit"


@dataclass(frozen=True, slots=True)
class Area:
    """A block as it is edited: its name in the form and on the page, and its lines in each language."""

    key: str
    title: str
    # Several lines, each its own step; else one text.
    is_list: bool
    in_conflict: bool

    def field(self, language: Language) -> str:
        """The name of the field of one language."""
        return f"{self.key.replace('/', '-')}-{language}"


@pages.get("")
@permission("card.read")
def listed() -> str:
    """The text of every disruption: which version is on the cards, approved by whom, until when."""
    with reading() as session:
        return render_template(
            "card_texts.html", standings=standings(session), title_of=_title, today=clock.today()
        )


@pages.get("/<disruption>")
@permission("card.read")
def one(disruption: str) -> str:
    """A text beside the common one, its versions, and what can be done with it."""
    with reading() as session:
        return _one(session, _known(disruption), Form())


@pages.get("/<disruption>/<part>/muokkaa")
@permission("card.edit")
def edit(disruption: str, part: str) -> str:
    """The form for the blocks of one role, or for the messages."""
    with reading() as session:
        text = edited(session, _known(disruption))
        areas = _areas(session, text, part)
        standing = standing_of(session, text.disruption)
        form = Form(_values(text, areas), version=standing.newest.version if standing.newest else 0)
        return _edit_page(text, part, areas, form)


@pages.post("/<disruption>/<part>/muokkaa")
@permission("card.edit")
def change(disruption: str, part: str) -> Answer:
    """Save the blocks of one role, or the messages, as a new version."""
    kind = _known(disruption)
    with reading() as session:
        text = edited(session, kind)
        areas = _areas(session, text, part)
    values = typed(*(area.field(language) for area in areas for language in Language))
    seen = request.form.get(SEEN, "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1
    try:
        changed = _lines(areas, values)
        with saving() as session:
            change_blocks(session, kind, changed, seen=number, by=identity.actor(), at=clock.now())
            return done("card_texts.one", "saved", disruption=kind.value)
    except (Refused, Conflict) as error:
        form = sent_back(values, error, {"": areas[0].field(Language.FI)})
        status = 409 if isinstance(error, Conflict) else 422
        return _edit_page(text, part, areas, Form(form.values, form.faults, version=max(number, 0))), status


@pages.post("/<disruption>/hyvaksy")
@permission("card.edit")
def accept(disruption: str) -> Answer:
    """Approve the county's newest version in a named role, until a day of review."""
    kind, values = _known(disruption), typed("role", "review", SEEN)
    seen = values[SEEN]
    try:
        with saving(why=values["role"][:200]) as session:
            review = day_typed(REVIEW, values["review"])
            approve(
                session,
                kind,
                version=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1,
                role=values["role"],
                review_due=review,
                by=identity.actor(),
                on=clock.today(),
            )
            return done("card_texts.one", "saved", disruption=kind.value)
    except Refused as error:
        with reading() as session:
            places = {ROLE.template: "role", REVIEW.template: "review"}
            return _one(session, kind, sent_back(values, error, places)), 422


@pages.post("/<disruption>/yhdista")
@permission("card.edit")
def merge(disruption: str) -> Answer:
    """Bring the county's text up to a new common one."""
    kind = _known(disruption)
    with saving() as session:
        bring_up(session, kind, by=identity.actor(), at=clock.now())
        return done("card_texts.one", "saved", disruption=kind.value)


def _known(disruption: str) -> Disruption:
    if disruption not in set(Disruption):
        raise nothing_here()
    return Disruption(disruption)


def _title(text: DisruptionText) -> str:
    return text.title.in_language(page_language())


def _one(session: Session, disruption: Disruption, form: Form) -> str:
    standing = standing_of(session, disruption)
    text = edited(session, disruption)
    return render_template(
        "card_text.html",
        standing=standing,
        title=_title(standing.common),
        parts=[
            *((row.role.value, _role_title(row.role)) for row in text.card),
            (_MESSAGES, in_language(say("Messages"), page_language())),
        ],
        differences=[
            (_block_title(key), _written(was), _written(now))
            for key, was, now in different(standing.common, text)
        ],
        conflicts=[_block_title(key) for key in (standing.newest.conflicts if standing.newest else [])],
        versions=versions(session, disruption),
        form=form,
        is_approvable=_is_approvable(standing),
    )


def _is_approvable(standing: TextStanding) -> bool:
    newest = standing.newest
    return newest is not None and newest.approved_on is None and not newest.conflicts


def _areas(session: Session, text: DisruptionText, part: str) -> list[Area]:
    standing = standing_of(session, text.disruption)
    open_conflicts = standing.newest.conflicts if standing.newest else []
    owner = MESSAGE if part == _MESSAGES else part
    keys = [key for key in blocks(text) if key.partition("/")[0] == owner]
    if not keys:
        raise nothing_here()
    return [
        Area(key, _block_name(key), key.partition("/")[2] in set(CardPhase), key in open_conflicts)
        for key in keys
    ]


def _values(text: DisruptionText, areas: Sequence[Area]) -> dict[str, str]:
    found = blocks(text)
    return {
        area.field(language): "\n".join(line[place] for line in found[area.key])
        for area in areas
        for place, language in enumerate(Language)
    }


def _lines(areas: Sequence[Area], values: Mapping[str, str]) -> dict[str, Lines]:
    """What was typed, line by line.

    Raises
    ------
    Refused
        The three languages of a block do not have as many lines.
    """
    problems: list[Problem] = []
    found: dict[str, Lines] = {}
    for area in areas:
        columns = [_split(values[area.field(language)], area.is_list) for language in Language]
        if len({len(column) for column in columns}) > 1:
            counts = ", ".join(
                f"{language} {len(column)}" for language, column in zip(Language, columns, strict=True)
            )
            problems.append(
                Problem(
                    place=area.title,
                    value=counts,
                    rule=say("The three languages do not have as many lines."),
                    remedy=say("Write the same step on the same line in each language."),
                )
            )
        else:
            found[area.key] = tuple(zip(*columns, strict=True))
    if problems:
        raise Refused(problems)
    return found


def _split(value: str, is_list: bool) -> list[str]:
    if not is_list:
        return [" ".join(value.split())]
    return [" ".join(line.split()) for line in value.splitlines() if line.strip()]


def _written(lines: Lines) -> list[str]:
    place = list(Language).index(page_language())
    return [line[place] for line in lines]


def _block_title(key: str) -> str:
    owner = key.partition("/")[0]
    whose = (
        in_language(say("Messages"), page_language()) if owner == MESSAGE else _role_title(CardRole(owner))
    )
    return f"{whose}: {_block_name(key)}"


def _block_name(key: str) -> str:
    owner, _, name = key.partition("/")
    if owner == MESSAGE:
        return name
    words: Message = say("mission") if name == MISSION else PHASES[CardPhase(name)]
    return in_language(words, page_language())


def _role_title(role: CardRole) -> str:
    return f"{load_library().roles[role].title.in_language(page_language())} ({role})"


def _edit_page(text: DisruptionText, part: str, areas: Sequence[Area], form: Form) -> str:
    whose = (
        in_language(say("Messages"), page_language()) if part == _MESSAGES else _role_title(CardRole(part))
    )
    return render_template(
        "card_text_form.html",
        title=_title(text),
        whose=whose,
        text_blocks=areas,
        form=form,
        languages=list(OWN_NAMES.items()),
        back=url_for("card_texts.one", disruption=text.disruption.value),
    )
