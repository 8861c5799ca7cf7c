"""A binder as one page that opens from a stick: no network, no other file. Only its search needs a script.

The style and the script stand in the page, and its own policy lets no other run: both are named there by their digest.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from prep.binder.content import Binder, Chapter, Leaflet
from prep.binder.content import Part as BinderPart
from prep.cards.action import ActionCard
from prep.cards.card_prints import premises_print, print_of
from prep.cards.code import spoken
from prep.cards.contact import ContactCard
from prep.cards.frame import DEMO_BAND
from prep.cards.imprint import CLASSIFICATIONS
from prep.cards.opening import PremisesCard
from prep.cards.page import WIDTH
from prep.cards.parts import Lines, Part, Plot, Print
from prep.cards.plots import MARK_RADIUS
from prep.cards.poster_content import Poster
from prep.language import Message, in_language

_ASSETS = Path(__file__).parent / "assets"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Article:
    """A print on the page: its address there, its title, what it consists of."""

    anchor: str
    title: str
    content: Print


def html_of(binder: Binder) -> bytes:
    """The page; the same binder gives the same bytes."""
    language = binder.ground.language
    style, script = _read("binder.css"), _read("binder.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )

    def written(template: str, /, **facts: object) -> str:
        return in_language(Message(template, facts), language)

    text = (
        _environment()
        .get_template("binder.html")
        .render(
            binder=binder,
            language=str(language),
            _=written,
            written=binder.ground.written,
            version=spoken(binder.version),
            spoken=spoken,
            classification=CLASSIFICATIONS[binder.ground.classification],
            demo_band=DEMO_BAND,
            policy=policy,
            # Both are files of this package.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            chapters=list(_chapters(binder)),
            kind=lambda part: type(part).__name__,
            path_of=path_of,
            radius=lambda plot: round(MARK_RADIUS * plot.width / WIDTH, 1),
        )
    )
    return text.encode()


def _chapters(binder: Binder) -> Iterator[tuple[str, Chapter, list[tuple[str, BinderPart, list[Article]]]]]:
    for number, chapter in enumerate(binder.chapters, start=1):
        parts = []
        for place, part in enumerate(chapter.parts, start=1):
            anchor = f"p{number}-{place}"
            parts.append((anchor, part, list(_articles(anchor, part))))
        yield f"p{number}", chapter, parts


def _articles(anchor: str, part: BinderPart) -> Iterator[Article]:
    number = 0
    for entry in part.entries:
        for leaflet in entry.leaflets:
            content = _print(leaflet)
            if content is not None:
                number += 1
                is_alone = len(entry.leaflets) == 1
                title = entry.title if is_alone else f"{entry.title}: {leaflet.name}"
                yield Article(f"{anchor}-{number}", title, content)


def _print(leaflet: Leaflet) -> Print | None:
    """What there is to read; the picture of a chain says nothing that its call list does not say."""
    match leaflet.piece:
        case ActionCard() | ContactCard() as card:
            return print_of(card)
        case PremisesCard() as card:
            return premises_print(card)
        case Poster():
            return None
        case Print() as one:
            return one


def readable(parts: tuple[Part, ...]) -> list[Part]:
    """The parts without lines to write on."""
    return [part for part in parts if not isinstance(part, Lines)]


def path_of(plot: Plot) -> str:
    """The outlines of a map as the data of a path."""
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for rings in plot.areas for ring in rings
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["readable"] = readable
    return environment


def _read(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
