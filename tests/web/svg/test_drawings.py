"""Drawings say what the figures say, escape what people wrote, and tell states apart without colour."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from prep.alerting.picture import Link, Part
from prep.terms import State
from prep.web.svg.bars import limit_bar, share_bar
from prep.web.svg.chain import Node, chain_picture
from prep.web.svg.county_map import WIDTH, Area, Mark, county_map, holds
from prep.web.svg.curve import Curve, Instant, reach_curve
from prep.web.svg.heat import Cell, heat_map
from prep.web.svg.markup import drawing, number, tag
from prep.web.svg.shapes import shape, sign
from prep.web.svg.text_width import folded, text_width

HOSTILE = "<script>alert(1)</script>\"' onload=x &amp;"
SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def parsed(markup: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))


def texts(markup: Markup) -> list[str]:
    return ["".join(part.itertext()) for part in parsed(markup).iter("text")]


def test_an_element_escapes_its_text_and_its_attributes() -> None:
    element = parsed(tag("text", HOSTILE, class_=HOSTILE, x=1.0))
    assert element.text == HOSTILE
    assert element.attrib == {"class": HOSTILE, "x": "1"}


def test_coordinates_are_short_and_keep_zero() -> None:
    assert [number(value) for value in (1.0, 1.256, 0.0, -0.5, 100.0)] == ["1", "1.26", "0", "-0.5", "100"]


def test_a_drawing_with_a_title_is_read_out_and_one_without_is_not() -> None:
    assert 'role="img" aria-label="Kartta"' in drawing(width=1, height=1, class_="x", title="Kartta")
    assert 'aria-hidden="true"' in drawing(width=1, height=1, class_="x")


def test_each_state_has_its_own_shape_and_sign() -> None:
    without_class = {re.sub(r' class="[^"]*"', "", shape(state, 10, 10, 5)) for state in State}
    # The ring of an unknown state is a circle, too: it differs by being open, which its class draws.
    assert len(without_class) == 4
    assert len({re.sub(r' class="[^"]*"', "", sign(state)) for state in State}) == 4


def test_a_share_is_as_long_as_it_is_large_with_ticks_at_its_interval() -> None:
    rail, fill, low, high = parsed(share_bar(0.5, low=0.4, high=0.6, width=100))
    assert (rail.get("width"), fill.get("width")) == ("100", "50")
    assert (low.get("x"), high.get("x")) == ("39.25", "59.25")


def test_ticks_stay_inside_the_bar() -> None:
    _, _, low, high = parsed(share_bar(1.0, low=0.0, high=1.0, width=100))
    assert (low.get("x"), high.get("x")) == ("0", "98.5")


def test_the_limit_that_binds_is_marked() -> None:
    assert 'class="fill binds"' in limit_bar(180, largest=360, binds=True)
    assert 'width="120" height="12" class="fill"' in limit_bar(180, largest=360, binds=False, width=240)
    assert 'width="0"' in limit_bar(0, largest=0, binds=True)


def instants(*shares: float) -> tuple[Instant, ...]:
    return tuple(
        Instant(10.0 * n, share, max(share - 0.1, 0), min(share + 0.1, 1)) for n, share in enumerate(shares)
    )


def drawn(curves: list[Curve], **changes: object) -> Markup:
    given = {
        "deadline_min": 30,
        "horizon_min": 120,
        "title": "T",
        "percents": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        "axis": "min",
        "deadline": "30 min",
        "width": 640.0,
    }
    return reach_curve(curves, **{**given, **changes})  # type: ignore[arg-type]


def test_a_curve_rises_from_the_zero_line_to_its_share() -> None:
    line = next(
        part
        for part in parsed(drawn([Curve("now", instants(0, 1))])).iter("path")
        if (part.get("class") or "").startswith("line ")
    )
    # 582 wide for 120 minutes, 236 high for the whole: 10 minutes are 48.5.
    assert line.get("d") == "M44 256L92.5 20"


def test_the_band_goes_along_the_upper_and_back_along_the_lower_end() -> None:
    band = next(
        part
        for part in parsed(drawn([Curve("now", instants(0.5))])).iter("path")
        if "band" in (part.get("class") or "")
    )
    assert band.get("d") == "M44 114.4L44 161.6Z"


def test_a_curve_that_stands_alone_needs_no_name() -> None:
    assert "nyt" not in texts(drawn([Curve("nyt", instants(0, 1))]))
    assert {"nyt", "sitten"} <= set(
        texts(drawn([Curve("nyt", instants(0, 0.5)), Curve("sitten", instants(0, 1), is_present=False)]))
    )


def test_minutes_are_round_and_fewer_on_a_narrow_picture() -> None:
    def ticks(width: float) -> list[str]:
        return [one for one in texts(drawn([], width=width)) if one.isdigit()]

    assert ticks(640.0) == ["0", "15", "30", "45", "60", "75", "90", "105", "120"]
    assert ticks(320.0) == ["0", "30", "60", "90", "120"]


def test_the_words_of_a_late_deadline_stand_left_of_it() -> None:
    assert 'text-anchor="end">30 min' in drawn([], deadline_min=110)


def test_a_map_fills_its_width_and_north_is_up() -> None:
    south = Area("Etelä", (SQUARE,), (5, 5), State.OK)
    north = Area("Pohjoinen", (tuple((x, y + 10) for x, y in SQUARE),), (5, 15), State.FAULT)
    picture = parsed(county_map([south, north], title="Kartta"))
    outlines = [part.get("d") or "" for part in picture.iter("path") if "area" in (part.get("class") or "")]
    highest = [min(float(pair.split()[1]) for pair in re.findall(r"[\d.]+ [\d.]+", one)) for one in outlines]
    assert picture.get("viewBox", "").split()[2] == number(WIDTH)
    assert highest[1] < highest[0]


def test_states_on_a_map_differ_by_pattern_and_sign() -> None:
    areas = [Area(state.value, (SQUARE,), (5, 5), state) for state in State]
    picture = county_map(areas, title="Kartta", name="m")
    fills = {part.get("fill") for part in parsed(picture).iter("path") if "area" in (part.get("class") or "")}
    assert fills == {None, "url(#m-warning)", "url(#m-fault)", "url(#m-unknown)"}
    assert {"✓", "!", "✕", "?"} <= set(texts(picture))


def test_marks_at_one_place_are_moved_apart() -> None:
    marks = [Mark((5.0, 5.0), State.OK, str(n)) for n in range(60)]
    picture = parsed(county_map([Area("A", (SQUARE,), (5, 5))], title="K", marks=marks))
    centres = [
        (float(c.get("cx", 0)), float(c.get("cy", 0)))
        for c in picture.iter("circle")
        if "mark" in (c.get("class") or "")
    ]
    assert len(centres) == 60
    assert all((ax - bx) ** 2 + (ay - by) ** 2 >= 8.9**2 for (ax, ay), (bx, by) in combinations(centres, 2))


def test_a_name_keeps_clear_of_a_mark_where_there_is_room() -> None:
    wide = Area("Kokkola", (((0.0, 0.0), (100.0, 0.0), (100.0, 60.0), (0.0, 60.0)),), (50, 30))
    free = parsed(county_map([wide], title="K"))
    beside = parsed(county_map([wide], title="K", marks=[Mark((50, 30), State.OK, "x")]))

    def height(picture: ElementTree.Element) -> float:
        return float(next(picture.iter("tspan")).get("y", 0))

    assert abs(height(beside) - height(free)) >= 10


def test_a_mark_outside_the_land_is_not_drawn() -> None:
    land = [Area("A", (SQUARE,), (5, 5))]
    near, far = Mark((5.0, 5.0), State.OK, "near"), Mark((500.0, 5.0), State.OK, "far")
    assert (holds(land, near.at), holds(land, far.at)) == (True, False)
    assert "far" not in county_map(land, title="K", marks=[near, far])


def test_a_map_of_nothing_is_still_a_picture() -> None:
    assert parsed(county_map([], title="Kartta")).get("aria-label") == "Kartta"


def test_hostile_names_stay_names_on_maps_and_chains() -> None:
    land = county_map(
        [Area(HOSTILE, (SQUARE,), (5, 5), State.OK, HOSTILE, HOSTILE)],
        title=HOSTILE,
        marks=[Mark((5, 5), State.OK, HOSTILE)],
    )
    chain = chain_picture([Node(HOSTILE, HOSTILE, Part.SEAT, HOSTILE, State.OK, HOSTILE)], [], title=HOSTILE)
    for picture in (land, chain):
        elements = list(parsed(picture).iter())
        assert "script" not in {element.tag for element in elements}
        assert not [name for element in elements for name in element.attrib if name.startswith("on")]


def test_a_chain_shows_names_order_and_state() -> None:
    nodes = [
        Node("desk", "Tilannekeskus", Part.CALLER, note="24/7"),
        Node("a", "Kokkola", Part.SEAT, note="Aino Esimerkki", state=State.FAULT, words="paikka avoinna"),
    ]
    picture = chain_picture(nodes, [Link("desk", "a", 1)], title="Ketju")
    assert texts(picture) == ["1.", "Tilannekeskus", "24/7", "Kokkola", "Aino Esimerkki"]
    assert "<title>Kokkola: paikka avoinna</title>" in picture
    assert 'class="sign fault"' in picture


def test_a_box_is_as_wide_as_its_text() -> None:
    def width(name: str) -> float:
        return float(
            next(parsed(chain_picture([Node("a", name, Part.SEAT)], [], title="K")).iter("rect")).get(
                "width", 0
            )
        )

    assert width("Perhonjokilaakso") - width("Perho") == pytest.approx(
        text_width("Perhonjokilaakso", size=13) - text_width("Perho", size=13), abs=0.02
    )


def test_text_is_folded_between_words_and_a_long_word_stands_alone() -> None:
    assert folded("", width=10, size=13) == []
    assert folded("Valmiusjohtoryhmä", width=10, size=13) == ["Valmiusjohtoryhmä"]
    assert folded("yksi kaksi", width=1000, size=13) == ["yksi kaksi"]


def test_a_heat_map_writes_every_figure_and_frames_the_marked_cell() -> None:
    cells = [Cell(0, 0, 0.0, ">99"), Cell(0, 1, 0.3, "70"), Cell(1, 1, 0.9, "10", is_marked=True)]
    drawn = heat_map(
        cells,
        rows=[HOSTILE, "ti"],
        columns=["00", "01"],
        title="Tunnit",
        width=200,
        label_width=40,
        class_="broad",
    )
    assert texts(drawn) == ["00", "01", HOSTILE, "ti", ">99", "70", "10"]
    rects = [part.attrib for part in parsed(drawn).iter("rect")]
    assert [one["class"] for one in rects] == ["step s0", "step s3", "step s4", "worst"]
    assert (rects[3]["x"], rects[3]["y"]) == (f"{40 + _across(200, 40, 2) + 1:g}", "53")


def test_two_cells_in_one_place_share_its_width() -> None:
    cells = [Cell(0, 0, 0.0, "90"), Cell(0, 0, 0.5, "50")]
    drawn = heat_map(
        cells, rows=["su"], columns=["03"], title="Tunnit", width=100, label_width=36, class_="broad"
    )
    first, second = [part.attrib for part in parsed(drawn).iter("rect")]
    assert float(second["x"]) - float(first["x"]) == _across(100, 36, 1) / 2


def _across(width: float, label_width: float, columns: int) -> float:
    """The width of a column: what the labels leave, four units of margin off it, at most 72."""
    return min((width - label_width - 4) / columns, 72.0)
