"""A draft taken into use: what it would write into the chain, before and after, and what a person has to do for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.alerting.answer_records import draft_changes, drafts_of
from prep.alerting.fixes import Change
from prep.alerting.list_changes import FixKind
from prep.alerting.packages import make_again
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.chains.differences import Difference, differences
from prep.chains.drafts import BY_A_PERSON, Ground, does_not_fit, systems_for, written
from prep.chains.form import ChainEntry, entry_of
from prep.chains.references import References, everybody, named_in
from prep.chains.versions import versions_of
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Chain, ChainDraft, ContactPoint, Seat
from prep.web.chain_asking import asked_chain, chain_of, chain_parts, scenario_asked, scenario_kept
from prep.web.chain_changing import change_chain, looked_at, version_sent
from prep.web.chain_preview import Preview
from prep.web.database import reading
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.posts import appoint_at
from prep.web.saving import saved, saving
from prep.web.sight import may

pages = Blueprint("chain_applying", __name__, url_prefix="/halytysketjut/<key>/luonnokset/<int:number>")

SYSTEM = "jarjestelma"


@dataclass(frozen=True, slots=True)
class Task:
    """A change that a person makes, and the page on which they do; None for those who may not."""

    sentence: Message
    href: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as the page shows it: what it writes, what is left for a person, or why it does not fit."""

    sentences: tuple[Message, ...]
    tasks: tuple[Task, ...]
    seen: Preview | None
    problems: tuple[Problem, ...]
    since: tuple[Difference, ...]
    systems: tuple[tuple[str, str], ...]
    system: str


@pages.get("")
@permission("chain.edit")
def show(key: str, number: int) -> str:
    """What a draft would write into the chain, the figures before and after, and what is left for a person."""
    with reading() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        draft = _draft(session, chain, number)
        return render_template(
            "chain_draft.html",
            chain=chain,
            draft=draft,
            found=_read(session, chain, draft, request.args.get(SYSTEM, "")),
            system_field=SYSTEM,
            scenario=scenario_asked().name,
            parts=chain_parts(chain),
            back=url_for("chain_fixing.show", key=key, **scenario_kept()),
        )


@pages.post("/kayttoon")
@permission("chain.edit")
def apply(key: str, number: int) -> Response:
    """Write what a machine can write of a draft into the chain; what is left for a person stays in the draft."""
    with saving() as session:
        chain = chain_of(session, key, Permission.CHAIN_EDIT)
        draft = _draft(session, chain, number)
        entry = entry_of(chain)
        changes = _fitting(chain, draft)
        if not any(change.kind not in BY_A_PERSON for change in changes):
            raise does_not_fit(changes[0].sentence)
        ground = _ground(session, entry, request.form.get(SYSTEM, ""))
        change_chain(session, key, version_sent(), lambda entry: written(entry, changes, ground))
        _keep_the_rest(session, draft)
        return saved(session, "chain_editing.show", "applied", key=key, **scenario_kept())


def _draft(session: Session, chain: Chain, number: int) -> ChainDraft:
    for draft in drafts_of(session, chain):
        if draft.id == number:
            return draft
    raise nothing_here()


def _read(session: Session, chain: Chain, draft: ChainDraft, system: str) -> Reading:
    entry = entry_of(chain)
    known = _known(session, entry)
    problems: tuple[Problem, ...] = ()
    seen: Preview | None = None
    systems = systems_for(entry, known) if _asks_for_system(draft) else []
    system = system if system in systems else next(iter(systems), "")
    changes = draft_changes(draft)
    try:
        changes = _fitting(chain, draft)
        if any(change.kind not in BY_A_PERSON for change in changes):
            ground = Ground(known, clock.today(), system)
            seen = looked_at(session, entry, lambda entry: written(entry, changes, ground))
    except Refused as error:
        problems = error.problems
    return Reading(
        sentences=tuple(change.sentence for change in changes if change.kind not in BY_A_PERSON),
        tasks=tuple(_tasks(session, changes)),
        seen=seen,
        problems=problems,
        since=_since(session, chain, draft, entry) if problems else (),
        systems=tuple((one, known.name(one, page_language())) for one in systems),
        system=system,
    )


def _fitting(chain: Chain, draft: ChainDraft) -> tuple[Change, ...]:
    """The changes of a draft in words, if all of them fit the chain as it stands.

    Raises
    ------
    Refused
        If one does not.
    """
    asked = asked_chain(chain, on=clock.today(), language=page_language())
    changes = draft_changes(draft)
    if asked.is_faulty:
        raise Refused(
            Problem(
                place=say("Draft of a chain"),
                value=None,
                rule=say("The chain has a fault, so what the draft does cannot be told."),
                remedy=say("Mend the fault first; the editor names it."),
            )
        )
    made = make_again(asked.network, changes)
    return tuple(
        Change(change.kind, change.subject, change.detail, one.sentence)
        for change, one in zip(changes, made, strict=True)
    )


def _known(session: Session, entry: ChainEntry) -> References:
    # Read first with all that a simulation needs: the rows are the same.
    named_in(session, [entry])
    return everybody(session)


def _ground(session: Session, entry: ChainEntry, system: str) -> Ground:
    return Ground(_known(session, entry), clock.today(), system)


def _asks_for_system(draft: ChainDraft) -> bool:
    return any(change.kind is FixKind.DESK_DIRECT for change in draft_changes(draft))


def _tasks(session: Session, changes: Iterable[Change]) -> Iterable[Task]:
    for change in changes:
        if change.kind in BY_A_PERSON:
            yield Task(change.sentence, _where(session, change))


def _where(session: Session, change: Change) -> str | None:
    number = change.subject.partition("/")[2]
    if not number.isdecimal():
        return None
    if change.kind is FixKind.VERIFY_NUMBER:
        point = session.get(ContactPoint, int(number))
        if point is None or not may(Permission.CONTACT_EDIT, point.person.municipality_code):
            return None
        return url_for("people.one", number=point.person_id)
    seat = session.get(Seat, int(number))
    return appoint_at(seat) if seat is not None else None


def _since(session: Session, chain: Chain, draft: ChainDraft, entry: ChainEntry) -> tuple[Difference, ...]:
    """What has changed in the chain since the draft was made."""
    then = next((one for one in versions_of(session, chain) if one.number <= draft.chain_version), None)
    if then is None:
        return ()
    return differences(then.entry, entry, named_in(session, [then.entry, entry]), page_language())


def _keep_the_rest(session: Session, draft: ChainDraft) -> None:
    """What a person has to do stays in the draft; a draft with nothing left has done its part."""
    left = [one for one in draft.content["changes"] if FixKind(one["kind"]) in BY_A_PERSON]
    if left:
        draft.content = {**draft.content, "changes": left}
    else:
        session.delete(draft)
