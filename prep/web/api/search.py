"""Searching everything that the key may see by a few letters, typing errors forgiven."""

from typing import Annotated

from pydantic import Field

from prep.auth.roles import Permission
from prep.readiness import search
from prep.readiness.search import LONGEST, Hit, Sought
from prep.web.api.operations import Asked, Operation
from prep.web.api.shapes import Page, Paged, Shape
from prep.web.sight import NEEDED


class Found(Shape):
    """One thing that was found."""

    kind: Sought = Field(description="What kind of thing it is.")
    name: str = Field(description="What it is called, in the language of the request.")
    detail: str = Field(description="What else tells it apart; may be empty.")
    municipality: str | None = Field(description="Code of its municipality; null for what is the county’s.")
    about_kind: str = Field(description="On what kind of thing more is told.")
    about: str = Field(description="Key or number of that thing.")
    likeness: float = Field(ge=0, le=100, description="How like it is to what was sought; 100 is the same.")


class FoundPage(Page[Found]):
    """What was found, the likest first."""


class SearchQuery(Paged):
    """What is sought."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST)] = Field(
        description="A few letters or words; every word has to be found in the thing."
    )


def found(asked: Asked) -> Page[Found]:
    """What is like the words, among what the key may see."""
    hits = search.search(
        asked.session,
        asked.query.q,
        language=asked.language,
        knows_numbers=lambda code: asked.viewer.may(Permission.CONTACT_PHONE, municipality=code),
    )
    wanted = [hit for hit in hits if asked.viewer.may(NEEDED[hit.about[0]], municipality=hit.municipality)]
    return asked.page(FoundPage, wanted, _shape)


def _shape(hit: Hit) -> Found:
    kind, key = hit.about
    return Found(
        kind=hit.kind,
        name=hit.name,
        detail=hit.detail,
        municipality=hit.municipality,
        about_kind=kind,
        about=key,
        likeness=hit.likeness,
    )


OPERATIONS = (
    Operation(
        "/search", "search", "findings", "What is like a few letters, among all that the key may see.",
        (), FoundPage, found, SearchQuery,
    ),
)  # fmt: skip
