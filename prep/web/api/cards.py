"""Cards: which action cards there are for a place, and those of a place as a PDF."""

from datetime import datetime
from io import BytesIO
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from prep import clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.cards.assembly import COUNTY_ROLES
from prep.cards.content import load_library
from prep.cards.document import write
from prep.cards.records import county_cards
from prep.cards.register_records import Issue, issues
from prep.language import in_language, say
from prep.models import County, Municipality
from prep.registry.names import name_of
from prep.terms import CardKind, CardRole, Classification, CopyState, Disruption, Language
from prep.web.api.operations import Asked, File, Operation
from prep.web.api.shapes import Page, Paged, Query, Shape, YesOrNo

COUNTY = "county"
_PLACE = Annotated[str, Field(pattern=r"^([0-9]{3}|county)$", examples=["272"])]


class ActionCard(Shape):
    """An action card (toimintakortti) that has been written."""

    disruption: Disruption = Field(description="For which disruption.")
    role: CardRole = Field(description="For whom; the code on the card.")
    title: str = Field(description="Title of the disruption, in the language of the request.")
    role_title: str = Field(description="Title of the role, in the language of the request.")


class ActionCardPage(Page[ActionCard]):
    """Action cards, by disruption and role."""


class CardQuery(Paged):
    """Which action cards are wanted."""

    place: _PLACE = Field(
        description="Code of the municipality, or “county” for the cards of the county itself."
    )
    disruption: Disruption | None = Field(None, description="Only those for this disruption.")
    role: CardRole | None = Field(None, description="Only those for this role.")


class DocumentQuery(Query):
    """Which cards are wanted as a document."""

    place: _PLACE = Field(
        description="Code of the municipality, or “county” for the cards of the county itself."
    )
    language: Language = Field(Language.FI, description="The language of the cards.")
    kind: CardKind | None = Field(None, description="Only cards of this kind.")
    disruption: Disruption | None = Field(None, description="Only action cards for this disruption.")
    role: CardRole | None = Field(None, description="Only action cards for this role.")


class IssuedCopies(Shape):
    """Printed copies of one card, from one printing."""

    number: int = Field(description="Their number in the register.")
    code: str = Field(description="The code on the card, eight characters.", examples=["K7Q2M4ZD"])
    kind: CardKind = Field(description="What kind of card.")
    title: str = Field(description="Title of the card, in its own language.")
    place: str = Field(description="Code of the municipality, or “county”.")
    role: CardRole | None = Field(description="For which role, of an action card.")
    disruption: Disruption | None = Field(description="For which disruption, of an action card.")
    language: Language = Field(description="The language of the card.")
    text_version: int = Field(description="Version of its text.")
    printed_at: datetime = Field(description="When they were printed.")
    copies: int = Field(description="How many.")
    holder: str = Field(description="Who has them; empty where nobody has noted it.")
    kept_at: str = Field(description="Where they are kept; empty where nobody has noted it.")
    state: CopyState = Field(description="What has become of them.")
    is_current: bool = Field(description="Whether the card of today has the same content.")
    changes: list[str] = Field(description="What has changed on it, in the language of the request.")


class IssuedPage(Page[IssuedCopies]):
    """Printed copies, the newest printing first."""


class IssuedQuery(Paged):
    """Which printed copies are wanted."""

    place: _PLACE | None = Field(None, description="Only those of a municipality, or “county”.")
    out_of_date: YesOrNo = Field(False, description="Only copies in use that are out of date.")


def issued(asked: Asked) -> Page[IssuedCopies]:
    """The register of printed cards."""
    query: IssuedQuery = asked.query
    if query.place is not None:
        _require(asked, query.place, Permission.CARD_READ)
    found = issues(
        asked.session,
        classification=Classification(asked.settings.classification),
        on=asked.on,
        at=clock.now(),
        among=lambda row: (
            query.place in (None, row.municipality_code or COUNTY)
            and asked.viewer.may(Permission.CARD_READ, municipality=row.municipality_code)
        ),
    )
    kept = [one for one in found if one.is_wrong or not query.out_of_date]
    return asked.page(IssuedPage, kept, lambda one: _issued_shape(asked, one))


def listed(asked: Asked) -> Page[ActionCard]:
    """The action cards of a place."""
    query: CardQuery = asked.query
    _require(asked, query.place, Permission.CARD_READ)
    library = load_library()
    found = [
        (disruption, role)
        for disruption in Disruption
        for role in library.roles_with_card(disruption)
        if query.disruption in (None, disruption)
        and query.role in (None, role)
        and (role in COUNTY_ROLES) == (query.place == COUNTY)
    ]
    return asked.page(ActionCardPage, found, lambda one: _shape(asked, *one))


def document(asked: Asked) -> File:
    """The cards of a place as one PDF."""
    query: DocumentQuery = asked.query
    _require(asked, query.place, Permission.CARD_PRINT, Permission.CONTACT_PHONE)
    municipality = asked.session.get(Municipality, query.place)
    cards = county_cards(
        asked.session,
        kinds=[query.kind] if query.kind else list(CardKind),
        municipality=municipality,
        role=query.role,
        disruption=query.disruption,
        language=query.language,
        classification=Classification(asked.settings.classification),
        on=asked.on,
        at=clock.now(),
    )
    if municipality is None:
        cards = [card for card in cards if card.municipality_code is None]
    if not cards:
        raise nothing_here()
    file = BytesIO()
    write(
        file,
        cards,
        title=_title(asked, municipality, query.language),
        language=query.language,
        at=clock.now(),
    )
    return File(file.getvalue(), "application/pdf", f"prep-{query.place}-{query.language}.pdf")


def _require(asked: Asked, place: str, *permissions: Permission) -> None:
    code = None if place == COUNTY else place
    if not all(asked.viewer.may(one, municipality=code) for one in permissions):
        raise nothing_here()


def _title(asked: Asked, municipality: Municipality | None, language: Language) -> str:
    place = municipality or asked.session.scalars(select(County).order_by(County.id)).first()
    return in_language(say("Cards: {place}", place=name_of(place, language)), language)


def _shape(asked: Asked, disruption: Disruption, role: CardRole) -> ActionCard:
    library = load_library()
    return ActionCard(
        disruption=disruption,
        role=role,
        title=library.disruptions[disruption].title.in_language(asked.language),
        role_title=library.roles[role].title.in_language(asked.language),
    )


def _issued_shape(asked: Asked, one: Issue) -> IssuedCopies:
    card, copies = one.copies.card, one.copies
    return IssuedCopies(
        number=copies.id,
        code=copies.code,
        kind=card.kind,
        title=card.title,
        place=card.municipality_code or COUNTY,
        role=card.role,
        disruption=card.disruption,
        language=card.language,
        text_version=card.text_version,
        printed_at=copies.run.printed_at,
        copies=copies.copies,
        holder=copies.holder,
        kept_at=copies.place,
        state=copies.state,
        is_current=one.standing.is_current,
        changes=[in_language(change, asked.language) for change in one.standing.changes],
    )


OPERATIONS = (
    Operation(
        "/cards", "listCards", "cards", "The action cards of a place.",
        (Permission.CARD_READ,), ActionCardPage, listed, CardQuery, is_personal=False,
    ),
    Operation(
        "/cards/issued", "listIssuedCards", "cards", "The printed cards: where copies are, which are out of date.",
        (Permission.CARD_READ,), IssuedPage, issued, IssuedQuery, is_personal=False,
    ),
    Operation(
        "/cards/document", "printCards", "cards", "The cards of a place as one PDF.",
        (Permission.CARD_PRINT, Permission.CONTACT_PHONE), "application/pdf", document, DocumentQuery,
    ),
)  # fmt: skip
