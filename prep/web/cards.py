"""Cards: which there are for a place, and as a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from flask import Blueprint, Response, current_app, render_template, request, send_file
from sqlalchemy.orm import Session

from prep import clock
from prep.auth.roles import Permission
from prep.binder.signing import KEY_FILE
from prep.cards.assembly import COUNTY_ROLES, Card
from prep.cards.card_prints import print_of
from prep.cards.content import Library, load_library
from prep.cards.document import write
from prep.cards.imposing import Batch, write_prints
from prep.cards.records import county_cards
from prep.config import Settings
from prep.errors import NotFound, Problem, Refused, no_such_choice
from prep.language import OWN_NAMES, in_language, say, sort_key
from prep.models import County, Municipality
from prep.terms import CardFormat, CardKind, CardRole, Classification, Disruption, Language
from prep.web.choices import one_of
from prep.web.database import reading
from prep.web.identity import viewer
from prep.web.language import page_language
from prep.web.permissions import permission, require
from prep.web.sight import may, municipality_of, seen_numbers, seen_places
from prep.web.writing import named

pages = Blueprint("cards", __name__)

# The county itself, among the municipalities.
COUNTY = "alue"


_FORMATS = {
    CardFormat.A4: say("A4"),
    CardFormat.A5: say("A5, two on a sheet"),
    CardFormat.A6: say("A6, four on a sheet"),
    CardFormat.LANYARD: say("to be worn (90 × 130 mm)"),
    CardFormat.POCKET: say("for the pocket (a folded A4)"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cards the address asks for; None and the empty place mean all."""

    place: str
    role: CardRole | None
    disruption: Disruption | None
    language: Language
    kind: CardKind | None
    # The size of a face.
    chosen: CardFormat


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of one disruption for a place: its title, and code and title of each role."""

    disruption: Disruption
    title: str
    roles: tuple[tuple[CardRole, str], ...]


@pages.get("/kortit")
@permission("card.read")
def choose() -> str:
    """Choose a place and what the cards are for."""
    asked = asked_for()
    library = load_library()
    with reading() as session:
        municipality_asked(session, asked.place, Permission.CARD_READ)
        places = _places(session)
        return render_template(
            "cards.html",
            asked=asked,
            places=places,
            place_name=dict(places).get(asked.place, ""),
            is_county=asked.place == COUNTY,
            can_print=_can_print(asked.place),
            binder_of=asked.place or COUNTY,
            can_bind=_can_print(asked.place or COUNTY),
            can_register=_can_print(asked.place) and _sees_numbers(asked.place),
            is_signed=(settings_in_force().instance / KEY_FILE).exists(),
            shelves=_shelves(library, asked) if asked.place else [],
            disruptions=[
                (one.value, library.disruptions[one].title.in_language(asked.language))
                for one in Disruption
                if one in library.disruptions
            ],
            roles=[
                (one.value, library.roles[one].title.in_language(asked.language))
                for one in CardRole
                if one in library.roles
            ],
            languages=[(one.value, name) for one, name in OWN_NAMES.items()],
            formats=[(one.value, in_language(name, page_language())) for one, name in _FORMATS.items()],
        )


@pages.get("/kortit/kortit.pdf")
@permission("card.print")
def document() -> Response:
    """The cards asked for as one PDF."""
    asked = asked_for()
    settings = settings_in_force()
    with reading() as session:
        cards = cards_of(session, asked, settings.classification)
        file = written(session, cards, asked, at=clock.now())
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=file_name(asked))


def _can_print(code: str) -> bool:
    """Whether whoever asks may print cards of this place, or (the empty place) of any."""
    if code == "":
        return viewer().may_somewhere(Permission.CARD_PRINT)
    return may(Permission.CARD_PRINT, None if code == COUNTY else code)


def _sees_numbers(code: str) -> bool:
    """Whether whoever asks sees the numbers that stand on the cards of this place, or of any."""
    if code == "":
        return viewer().may_somewhere(Permission.CONTACT_PHONE)
    return may(Permission.CONTACT_PHONE, None if code == COUNTY else code)


def asked_for() -> Asked:
    """What the address asks for."""
    return Asked(
        place=request.args.get("kunta", ""),
        role=one_of(CardRole, "rooli"),
        disruption=one_of(Disruption, "hairio"),
        language=one_of(Language, "kieli") or page_language(),
        kind=one_of(CardKind, "laji"),
        chosen=_format(),
    )


def settings_in_force() -> Settings:
    """The settings of the pages."""
    settings: Settings = current_app.extensions["prep_settings"]
    return settings


def _format() -> CardFormat:
    """The size asked for; a card is never folded to stand on a table."""
    chosen = one_of(CardFormat, "koko") or CardFormat.A4
    if chosen is CardFormat.TENT:
        raise Refused(no_such_choice(say("Size"), chosen))
    return chosen


def cards_of(session: Session, asked: Asked, classification: Classification) -> Sequence[Card]:
    """The cards asked for, as far as whoever asks may print them.

    Raises
    ------
    NotFound
        There is none.
    """
    municipality = municipality_asked(session, asked.place, Permission.CARD_PRINT)
    cards = county_cards(
        session,
        kinds=[asked.kind] if asked.kind else list(CardKind),
        municipality=municipality,
        role=asked.role,
        disruption=asked.disruption,
        language=asked.language,
        classification=classification,
        on=clock.today(),
        at=clock.now(),
        seen=seen_numbers,
    )
    cards = [card for card in cards if may(Permission.CARD_PRINT, card.municipality_code)]
    if asked.place == COUNTY:
        cards = [card for card in cards if card.municipality_code is None]
    if not cards:
        raise NotFound(
            Problem(
                place=say("Cards"),
                value=None,
                rule=say("No card has been written for this choice."),
                remedy=say("Choose another role, disruption or place."),
            )
        )
    return cards


def municipality_asked(session: Session, code: str, needed: Permission) -> Municipality | None:
    """The municipality asked for; None for the county itself and for every place at once."""
    if code == "":
        return None
    if code == COUNTY:
        require(needed)
        return None
    return municipality_of(session, code, needed)


def written(session: Session, cards: Sequence[Card], asked: Asked, *, at: datetime) -> BytesIO:
    """Cards as a PDF in the size asked for, from its beginning."""
    title, file = title_of(session, asked), BytesIO()
    if asked.chosen is CardFormat.A4:
        write(file, cards, title=title, language=asked.language, at=at)
    else:
        batch = Batch(asked.chosen, [print_of(card) for card in cards])
        write_prints(file, [batch], title=title, language=asked.language, at=at)
    file.seek(0)
    return file


def title_of(session: Session, asked: Asked) -> str:
    """The title of the document: the place, in the language of the cards."""
    municipality = municipality_asked(session, asked.place, Permission.CARD_PRINT)
    place = municipality or session.query(County).order_by(County.id).first()
    return in_language(say("Cards: {place}", place=named(place, asked.language)), asked.language)


def file_name(asked: Asked) -> str:
    """A file name of plain letters, the same for the same choice."""
    chosen = None if asked.chosen is CardFormat.A4 else asked.chosen
    parts = [asked.place, asked.kind, asked.disruption, asked.role, chosen, asked.language]
    return f"{'-'.join(['prep', *(str(part) for part in parts if part)])}.pdf"


def _places(session: Session) -> list[tuple[str, str]]:
    """The county and its municipalities, by code and name."""
    by_name = sorted(seen_places(session, Permission.CARD_READ), key=lambda one: sort_key(named(one)))
    county = in_language(say("The county itself"), page_language())
    own = [(COUNTY, county)] if may(Permission.CARD_READ) else []
    return [*own, *((one.code, named(one)) for one in by_name)]


def _shelves(library: Library, asked: Asked) -> list[Shelf]:
    """The action cards of a place by disruption, those of the roles and disruptions asked for."""
    shelves = []
    for disruption in [asked.disruption] if asked.disruption else Disruption:
        roles = tuple(
            (role, library.roles[role].title.in_language(asked.language))
            for role in library.roles_with_card(disruption)
            if asked.role in (None, role) and (role in COUNTY_ROLES) == (asked.place == COUNTY)
        )
        if roles:
            title = library.disruptions[disruption].title.in_language(asked.language)
            shelves.append(Shelf(disruption, title, roles))
    return shelves
