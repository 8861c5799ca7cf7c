"""Invented values for the style page: every part of the pages, so that a change of style is seen at once."""

from dataclasses import dataclass

from markupsafe import Markup

from prep.alerting.picture import Link, Part
from prep.alerting.scenarios import PRESETS
from prep.language import Message, in_language, say
from prep.readiness.impact import Effect, Impact, Touched
from prep.terms import State
from prep.web.choices import Choice
from prep.web.forms import Fault, Form
from prep.web.language import page_language
from prep.web.svg.chain import Node, chain_picture
from prep.web.svg.county_map import Area, Mark, county_map
from prep.web.svg.curve import Curve, Instant, reach_curve
from prep.web.svg.heat import Cell, heat_map
from prep.web.tables import Column, Listing, listing
from prep.web.words import word

TONES = (
    "bar",
    "warm",
    "ground",
    "surface",
    "ink",
    "ink-soft",
    "accent",
    "accent-tint",
    "ok",
    "ok-tint",
    "warning",
    "warning-tint",
    "fault",
    "fault-tint",
    "unknown",
)
CHOICES = (
    Choice(PRESETS["night"].name, "#chips", is_chosen=True),
    Choice(PRESETS["office"].name, "#chips"),
    Choice(PRESETS["mobile_down"].name, "#chips"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sample table."""

    name: str
    state: State
    share: float
    interval: tuple[float, float]
    places: int | None
    age_days: int | None


ROWS = (
    Row("Halsua", State.OK, 0.88, (0.86, 0.90), 412, 12),
    Row("Kokkola", State.WARNING, 0.97, (0.96, 0.98), 6240, 214),
    Row("Perho", State.FAULT, 0.31, (0.28, 0.34), None, None),
    Row("Veteli", State.UNKNOWN, 0.0, (0.0, 0.0004), 455, 15),
)


def table() -> Listing[Row]:
    """The rows as a list that is searched, put in order and leafed through; there is nothing to take along."""
    columns: tuple[Column[Row], ...] = (
        Column("name", say("Municipality"), lambda one: one.name, names=True),
        Column("state", say("State"), lambda one: one.state),
        Column("places", say("Places"), lambda one: one.places, is_figure=True),
        Column("age", say("Confirmed"), lambda one: one.age_days),
    )
    return listing("sample", say("List"), columns, ROWS, sorted_by="name", export=None)


def faulty() -> Form:
    """A form that came back with something to mend; nothing typed is lost."""
    rule = say("A day is written year, month and day, for example 2026-11-22.")
    return Form(
        {"sample-day": "31.2.2026", "sample-kind": "b", "sample-ticks": "a"},
        faults=(Fault("sample-day", _in_page(rule)),),
    )


def contested() -> Form:
    """A form that somebody else has saved meanwhile."""
    return Form(
        {"sample-title": "valmiuspäällikkö"},
        theirs={"sample-title": say("Stored meanwhile: {value}", value="turvallisuuspäällikkö")},
        changed_by=say("Somebody else has changed the same since you opened it."),
    )


def impact() -> Impact:
    """What rests on an invented person."""
    return Impact(
        (
            Effect(Touched.SEAT, "Perhonjokilaakso", say("vacant"), ("bodies", ""), None, is_left_empty=True),
            Effect(Touched.ROLE, "Halsua", say("named"), ("roles", ""), None),
        )
    )


def land() -> Markup:
    """Four invented municipalities, one in each state, and premises in each state."""
    squares = {
        "Halsua": (0, 0, State.OK),
        "Kokkola": (16, 0, State.WARNING),
        "Perho": (0, 10, State.FAULT),
        "Veteli": (16, 10, State.UNKNOWN),
    }
    areas = [
        Area(
            name,
            (((x, y), (x + 16, y), (x + 17, y + 5), (x + 16, y + 10), (x, y + 10), (x + 1, y + 5)),),
            (x + 9, y + 5),
            state,
            f"{name}: {_in_page(word(state))}",
        )
        for name, (x, y, state) in squares.items()
    ]
    marks = [
        Mark((x + 5, y + 2.5), state, _in_page(word(state)), is_chosen=state is State.FAULT)
        for x, y, state in squares.values()
    ]
    return county_map(areas, marks=marks, title=_in_page(say("Sample map")), name="sample")


def curve(*, width: float) -> Markup:
    """Two invented curves of reaching, wide or narrow."""
    now = [_instant(minute, 0.83 * (1 - 2.0 ** (-max(minute - 4, 0) / 8))) for minute in range(0, 121, 4)]
    then = [_instant(minute, 0.94 * (1 - 2.0 ** (-max(minute - 4, 0) / 6))) for minute in range(0, 121, 4)]
    return reach_curve(
        [
            Curve(_in_page(say("now")), tuple(now)),
            Curve(_in_page(say("best fix")), tuple(then), is_present=False),
        ],
        deadline_min=30,
        horizon_min=120,
        title=_in_page(say("Sample curve")),
        percents=["0 %", "25 %", "50 %", "75 %", "100 %"],
        axis=_in_page(say("minutes from the alarm")),
        deadline=_in_page(say("deadline {n} min", n=30)),
        width=width,
    )


def heat(*, narrow: bool) -> Markup:
    """An invented heat map with every tone, broad or turned for a narrow screen; the worst hour is framed."""
    days, hours = ("ma", "la"), ("00", "06", "12", "18", "21")
    failing = ((0.62, 0.03, 0.0, 0.12, 0.3), (0.55, 0.18, 0.04, 0.1, 0.41))
    cells = [
        Cell(
            column if narrow else row,
            row if narrow else column,
            share,
            str(round(100 - share * 100)),
            is_marked=share == 0.62,
        )
        for row, shares in enumerate(failing)
        for column, share in enumerate(shares)
    ]
    return heat_map(
        cells,
        rows=hours if narrow else days,
        columns=days if narrow else hours,
        title=_in_page(say("Sample heat map")),
        width=340.0 if narrow else 640.0,
        label_width=32,
        class_="slim" if narrow else "broad",
    )


def chain() -> Markup:
    """An invented chain with every kind of box."""
    nodes = [
        Node("source", "Hätäkeskus", Part.SOURCE),
        Node("desk", "Tilannekeskus", Part.CALLER, note="24/7"),
        Node("a", "Kokkola", Part.SEAT, note="Aino Esimerkki", state=State.OK),
        Node("b", "Perhonjokilaakso", Part.SEAT, note="Eero Mallikas", state=State.WARNING),
        Node("c", "Lestijokilaakso", Part.SEAT, state=State.FAULT),
        Node("d", "Ympäristöterveys", Part.SEAT, note="Outi Keksitty", state=State.UNKNOWN),
        Node("body", "Valmiusjohtoryhmä", Part.BODY, note="3/4"),
    ]
    links = [
        Link("source", "desk"),
        *(Link("desk", key, order) for order, key in enumerate("abc", start=1)),
        Link("b", "d", 1),
        *(Link(key, "body") for key in "abcd"),
    ]
    return chain_picture(nodes, links, title=_in_page(say("Sample chain")))


def _instant(minute: int, share: float) -> Instant:
    return Instant(minute, share, max(share - 0.012, 0.0), min(share + 0.012, 1.0))


def _in_page(message: Message) -> str:
    return in_language(message, page_language())
