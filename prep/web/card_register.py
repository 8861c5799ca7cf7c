"""The register of printed cards on pages: where copies are, which are out of date, checking one, printing anew."""

from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO

from flask import Blueprint, Response, current_app, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.cards.code import printed, read_code
from prep.cards.content import load_library
from prep.cards.document import write
from prep.cards.register_records import (
    HOLDER,
    MOST_CHARACTERS,
    PLACE,
    Issue,
    Run,
    Standing,
    change_copies,
    issues,
    register,
    reprint,
    require_short,
    standings,
)
from prep.cards.register_words import STATES, name_of_card, state_of, verdict
from prep.config import Settings
from prep.errors import NotFound, PrepError, Problem, Refused, no_such_choice
from prep.language import Message, in_language, say, sort_key
from prep.models import CardCopies, IssuedCard, Municipality
from prep.terms import Classification, CopyState, State
from prep.web import editing, identity, tables
from prep.web.cards import asked_for, cards_of, file_name, written
from prep.web.choices import Choice, choices, one_of
from prep.web.database import reading
from prep.web.forms import Form
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.saving import led_to, saved, saving
from prep.web.sight import may, seen_places
from prep.web.tables import Column
from prep.web.writing import named

pages = Blueprint("card_register", __name__, url_prefix="/kortit")

Answer = str | tuple[str, int] | AnyResponse
_FIELDS = ("holder", "place", "state")
_STATE = say("What has become of them")
_PLACES = {HOLDER.template: "holder", PLACE.template: "place", _STATE.template: "state"}


class Shown(StrEnum):
    """Which copies the list shows; the words stand in the address."""

    WRONG = "vanhentuneet"
    OUT = "kaytossa"
    GONE = "poistetut"


_SHOWN = {
    Shown.WRONG: say("out of date, in use"),
    Shown.OUT: say("in use"),
    Shown.GONE: say("returned, destroyed or lost"),
}


def _place_of(issue: Issue) -> str:
    code = issue.copies.card.municipality_code
    if code is None:
        return in_language(say("The county itself"), page_language())
    return _names().get(code, code)


def _names() -> dict[str, str]:
    """The municipalities by code, read once for a request."""
    names: dict[str, str] | None = request.environ.get("prep.place_names")
    if names is None:
        with reading() as session:
            names = {one.code: named(one) for one in session.query(Municipality)}
        request.environ["prep.place_names"] = names
    return names


def _card_name(issue: Issue) -> str:
    row = issue.copies.card
    return name_of_card(row.title, row.role, load_library(), page_language())


def _changes(issue: Issue) -> str | None:
    changes = [in_language(one, page_language()) for one in issue.standing.changes]
    return "; ".join(changes) or None


_COLUMNS: tuple[Column[Issue], ...] = (
    Column("card", say("Card"), _card_name, names=True),
    Column("place", say("Municipality"), _place_of, order=lambda one: (_place_of(one), _card_name(one))),
    Column("code", say("Code"), lambda one: printed(one.copies.code), extra=True),
    Column("language", say("Language"), lambda one: one.copies.card.language.value, extra=True),
    Column("version", say("Version"), lambda one: one.copies.card.text_version, is_figure=True, extra=True),
    Column("at", say("Printed"), lambda one: one.copies.run.printed_at, extra=True),
    Column("by", say("Printed by"), lambda one: one.copies.run.printed_by or None, extra=True),
    Column("copies", say("Copies"), lambda one: one.copies.copies, is_figure=True),
    Column("holder", HOLDER, lambda one: one.copies.holder or None),
    Column("where", PLACE, lambda one: one.copies.place or None, extra=True),
    Column("state", say("State"), lambda one: state_words(one)[1]),
    Column("changes", say("What has changed"), _changes),
)


def state_words(issue: Issue) -> tuple[State | None, Message]:
    """Whether the copies may be acted on; without a sign when they are not in use."""
    if issue.copies.state is not CopyState.OUT:
        return None, STATES[issue.copies.state]
    if issue.is_wrong and issue.is_replaced:
        return State.WARNING, say("out of date, printed anew: collect it")
    return state_of(is_current=issue.standing.is_current)


@pages.get("/rekisteri")
@permission("card.read")
def listed() -> str | Response:
    """Every printed copy: who has it, and whether it is out of date."""
    place = request.args.get("kunta", "")
    with reading() as session:
        found = _issues(session, place)
        wrong = [one for one in found if one.is_to_reprint and _may_print(one.copies.card)]
        made = tables.listing(
            "printed-cards",
            say("Printed cards"),
            _COLUMNS,
            [one for one in found if _is_shown(one)],
            sorted_by="place",
            place=lambda one: one.copies.card.municipality_code,
        )
        return tables.answer(
            made,
            "card_register.html",
            are_any=bool(found) or bool(place),
            filters=_filters(session),
            state_words=state_words,
            may_print=lambda one: may(Permission.CARD_PRINT, one.copies.card.municipality_code),
            place_of=_place_of,
            card_name=_card_name,
            printed_code=printed,
            wrong=len(wrong),
            wrong_copies=sum(one.copies.copies for one in wrong),
            to_collect=sum(one.copies.copies for one in found if one.is_wrong and one.is_replaced),
            place=place,
        )


@pages.post("/tulosta")
@permission("card.print")
def print_new() -> Answer:
    """Print the cards that the address asks for, enter them in the register, and send the file."""
    asked = asked_for()
    with saving(why="cards printed") as session:
        cards = [
            card
            for card in cards_of(session, asked, _classification())
            if may(Permission.CONTACT_PHONE, card.municipality_code)
        ]
        if not cards:
            raise nothing_here()
        name, at = file_name(asked), clock.now()
        run = Run(
            name,
            identity.actor(),
            _number_of_copies(),
            _typed("holder", HOLDER),
            _typed("place", PLACE),
        )
        register(session, cards, at, run)
        file = written(session, cards, asked, at=at)
        led_to(url_for("card_register.listed"))
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name)


@pages.post("/rekisteri/uusinta")
@permission("card.print")
def print_again() -> Answer:
    """Print what is out of date, enter it in the register, and send the file."""
    with saving(why="cards printed again") as session:
        place = request.form.get("kunta", "")
        wrong = [one for one in _issues(session, place) if one.is_to_reprint and _may_print(one.copies.card)]
        if not wrong:
            raise NotFound(
                Problem(
                    place=say("Printed cards"),
                    value=None,
                    rule=say("No copy that is in use is out of date."),
                    remedy=say("Nothing has to be printed again."),
                )
            )
        name = f"prep-{clock.today():%Y%m%d}-uusinta.pdf"
        at = clock.now()
        cards = reprint(session, wrong, at, Run(name, identity.actor()))
        file = BytesIO()
        title = in_language(say("Cards printed again"), page_language())
        write(file, cards, title=title, language=page_language(), at=at)
        # Sent a second time, the form leads to the list: the cards are in the register already.
        led_to(url_for("card_register.listed"))
    file.seek(0)
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name)


@pages.get("/rekisteri/<int:number>/muokkaa")
@permission("card.print")
def edit(number: int) -> str:
    """The form for where copies are."""
    with reading() as session:
        row = _copies(session, number)
        return _form(session, row, editing.opened(_values(row), row))


@pages.post("/rekisteri/<int:number>/muokkaa")
@permission("card.print")
def change(number: int) -> Answer:
    """Note where copies are, or what has become of them."""
    sent = editing.sent(*_FIELDS)

    def write_down(session: Session, row: CardCopies) -> AnyResponse:
        if sent.values["state"] not in set(CopyState):
            raise Refused(no_such_choice(_STATE, sent.values["state"]))
        change_copies(
            row,
            holder=sent.values["holder"],
            place=sent.values["place"],
            state=CopyState(sent.values["state"]),
            on=clock.today(),
        )
        return saved(session, "card_register.listed", "saved")

    return editing.changed(
        sent,
        find=lambda session: _copies(session, number),
        values=_values,
        change=write_down,
        places=_PLACES,
        page=_form,
    )


@pages.get("/tarkista")
@permission("card.read")
def check() -> str | tuple[str, int]:
    """Whether the card of a code is current, or what has changed on it."""
    asked = request.args.get("koodi", "").strip()
    standing, fault = None, None
    is_checked = False
    with reading() as session:
        if asked:
            try:
                typed = read_code(asked)
                is_checked = typed.is_checked
                standing = _standing(session, typed.code)
            except PrepError as error:
                fault = error
        row = standing.row if standing else None
        answer = render_template(
            "card_check.html",
            asked=asked[:60],
            standing=standing,
            is_checked=is_checked,
            fault=fault,
            verdict=verdict(standing.row.code, standing.today) if standing else None,
            card_name=name_of_card(row.title, row.role, load_library(), page_language()) if row else "",
            place=_names().get(row.municipality_code or "", "") if row else "",
            issued=row.issued if row else [],
            STATES=STATES,
        )
    return (answer, 404 if isinstance(fault, NotFound) else 422) if fault else answer


def _standing(session: Session, code: str) -> Standing:
    row = session.get(IssuedCard, code)
    # Whoever may not see the place learns no more than that of a code that was never printed.
    if row is None or not may(Permission.CARD_READ, row.municipality_code):
        raise NotFound(
            Problem(
                place=say("The register of issued cards"),
                value=printed(code),
                rule=say("No card of this code has been printed here."),
                remedy=say("Compare the code with the card once more; it may be of another county."),
            )
        )
    found = standings(session, [row], classification=_classification(), on=clock.today(), at=clock.now())
    return found[code]


def _issues(session: Session, place: str) -> list[Issue]:
    """The copies that may be seen, of all places or of one."""
    return issues(
        session,
        classification=_classification(),
        on=clock.today(),
        at=clock.now(),
        among=lambda row: (
            place in {"", row.municipality_code or "alue"}
            and may(Permission.CARD_READ, row.municipality_code)
        ),
    )


def _number_of_copies() -> int:
    given = request.form.get("copies", "1").strip()
    # What is no number is refused as 0 copies are.
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0


def _typed(name: str, place: Message) -> str:
    text = " ".join(request.form.get(name, "").split())
    require_short(place, text)
    return text


def _classification() -> Classification:
    settings: Settings = current_app.extensions["prep_settings"]
    return settings.classification


def _may_print(row: IssuedCard) -> bool:
    """A card that goes into the register bears every number: without the right to see them there is none."""
    code = row.municipality_code
    return may(Permission.CARD_PRINT, code) and may(Permission.CONTACT_PHONE, code)


def _is_shown(issue: Issue) -> bool:
    match one_of(Shown, "nayta"):
        case Shown.WRONG:
            return issue.is_wrong
        case Shown.OUT:
            return issue.copies.state is CopyState.OUT
        case Shown.GONE:
            return issue.copies.state is not CopyState.OUT
        case _:
            return True


def _filters(session: Session) -> list[tuple[Message, list[Choice]]]:
    shown = one_of(Shown, "nayta")
    by_name = sorted(seen_places(session, Permission.CARD_READ), key=lambda one: sort_key(named(one)))
    county = [("alue", say("The county itself"))] if may(Permission.CARD_READ) else []
    places: list[tuple[str, Message | str]] = [
        ("", say("All")),
        *county,
        *((one.code, named(one)) for one in by_name),
    ]
    return [
        (
            say("Copies"),
            choices(
                "nayta",
                [("", say("All")), *((one.value, words) for one, words in _SHOWN.items())],
                chosen=shown.value if shown else "",
            ),
        ),
        (say("Municipality"), choices("kunta", places, chosen=request.args.get("kunta", ""))),
    ]


def _copies(session: Session, number: int) -> CardCopies:
    row = session.get(CardCopies, number)
    if row is None or not may(Permission.CARD_PRINT, row.card.municipality_code):
        raise nothing_here()
    return row


def _values(row: CardCopies) -> Mapping[str, str]:
    return {"holder": row.holder, "place": row.place, "state": row.state.value}


def _form(_session: Session, row: CardCopies, form: Form) -> str:
    card = row.card
    return render_template(
        "card_copies_form.html",
        row=row,
        form=form,
        card_name=name_of_card(card.title, card.role, load_library(), page_language()),
        code=printed(row.code),
        place=_names().get(card.municipality_code or "", ""),
        states=[(one.value, in_language(words, page_language())) for one, words in STATES.items()],
        most=MOST_CHARACTERS,
    )
