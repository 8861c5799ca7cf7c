"""A chain is drawn from left to right, always alike, and nothing in it covers anything else."""

import subprocess
import sys
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep.alerting.picture import Box, Picture, lay_out

PROGRAM = """
from prep.alerting.picture import Box, lay_out
boxes = [Box(f"box {n}", 80 + n, 30) for n in range(12)]
print(lay_out(boxes, [(f"box {n}", f"box {(n * 5 + 3) % 12}") for n in range(12)]))
"""


def overlaps(picture: Picture) -> list[tuple[str, str]]:
    return [
        (one.box.key, other.box.key)
        for one, other in combinations(picture.boxes, 2)
        if one.x < other.x + other.box.width
        and other.x < one.x + one.box.width
        and one.y < other.y + other.box.height
        and other.y < one.y + one.box.height
    ]


def test_whoever_is_called_stands_to_the_right_of_the_caller() -> None:
    boxes = [Box(key, 100, 30) for key in ("source", "desk", "a", "b", "body")]
    links = [("source", "desk"), ("desk", "a"), ("desk", "b"), ("a", "body"), ("b", "body")]
    placed = {one.box.key: one for one in lay_out(boxes, links, layer_gap=50).boxes}
    assert [placed[key].x for key in ("source", "desk", "a", "b", "body")] == [0, 150, 300, 300, 450]


def test_whoever_is_called_first_stands_above() -> None:
    boxes = [Box(key, 100, 30) for key in ("desk", "first", "second", "third")]
    links = [("desk", "first"), ("desk", "second"), ("desk", "third")]
    placed = {one.box.key: one for one in lay_out(boxes, links).boxes}
    assert placed["first"].y < placed["second"].y < placed["third"].y


def test_lines_begin_and_end_at_the_sides_of_their_boxes() -> None:
    picture = lay_out([Box("a", 80, 30), Box("b", 60, 50)], [("a", "b")], layer_gap=40)
    assert picture.routes[0].points == ((80.0, 25.0), (120.0, 25.0))


def test_a_long_line_passes_beside_the_boxes_of_the_layers_between() -> None:
    boxes = [Box(key, 100, 30) for key in "abc"]
    picture = lay_out(boxes, [("a", "b"), ("b", "c"), ("a", "c")])
    route = next(route for route in picture.routes if (route.source, route.target) == ("a", "c"))
    middle = next(one for one in picture.boxes if one.box.key == "b")
    _, into, out, _ = route.points
    assert (into[0], out[0]) == (middle.x, middle.x + 100)
    assert into[1] == out[1]
    assert not middle.y <= into[1] <= middle.y + 30


def test_lines_that_arrive_at_one_box_end_apart_in_the_order_from_which_they_come() -> None:
    picture = lay_out([Box(key, 80, 60) for key in "abcd"], [("a", "d"), ("b", "d"), ("c", "d")])
    ends = {route.points[0][1]: route.points[-1][1] for route in picture.routes}
    upper, middle, lower = (ends[start] for start in sorted(ends))
    assert (middle - upper, lower - middle) == (15.0, 15.0)


def test_a_circle_is_drawn_with_a_line_that_goes_back() -> None:
    boxes = [Box(key, 100, 30) for key in "abc"]
    picture = lay_out(boxes, [("a", "b"), ("b", "c"), ("c", "a")])
    assert [route.goes_back for route in picture.routes].count(True) == 1


def test_a_box_without_a_link_stands_below_and_one_alone_is_a_picture() -> None:
    picture = lay_out([Box("alone", 90, 30), Box("a", 90, 30), Box("b", 90, 30)], [("a", "b")], row_gap=14)
    placed = {one.box.key: one for one in picture.boxes}
    assert (placed["alone"].x, placed["alone"].y) == (0, 44)
    assert lay_out([Box("alone", 90, 30)], []).height == 30


def test_no_boxes_give_an_empty_picture() -> None:
    assert lay_out([], []) == Picture((), (), 0.0, 0.0)


def test_a_link_to_itself_is_not_drawn() -> None:
    assert lay_out([Box("a", 10, 10)], [("a", "a")]).routes == ()


def test_a_link_to_nowhere_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        lay_out([Box("a", 10, 10)], [("a", "b")])


def test_a_box_without_size_is_an_error() -> None:
    with pytest.raises(ValueError, match="box a has no size: 0 by 10"):
        Box("a", 0, 10)


@pytest.mark.slow
def test_another_process_draws_the_same() -> None:
    # The order of a set of texts differs between processes; the picture must not.
    drawn = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawn) == 1


def test_circles_within_circles_are_drawn() -> None:
    # The layout library alone never came to an end on these.
    links = [
        *[(5, 3), (9, 5), (0, 8), (4, 8), (8, 7), (3, 5), (7, 0), (0, 7), (8, 0), (1, 2), (9, 4), (0, 6)],
        *[(4, 1), (8, 6), (2, 7)],
    ]
    picture = lay_out([Box(str(n), 100, 30) for n in range(10)], [(str(a), str(b)) for a, b in links])
    assert overlaps(picture) == []
    assert [(int(one.source), int(one.target)) for one in picture.routes] == links
    assert {(one.source, one.target) for one in picture.routes if one.goes_back}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_boxes_never_overlap_and_lines_stay_in_the_picture(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    sizes = data.draw(
        st.lists(st.tuples(st.integers(10, 200), st.integers(10, 60)), min_size=count, max_size=count)
    )
    ends = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(ends, ends), max_size=20))
    boxes = [Box(str(n), *size) for n, size in enumerate(sizes)]
    picture = lay_out(boxes, [(str(a), str(b)) for a, b in links])
    assert [one.box for one in picture.boxes] == boxes
    assert overlaps(picture) == []
    assert all(-1e-9 <= y <= picture.height + 1e-9 for route in picture.routes for _, y in route.points)
    assert {(route.source, route.target) for route in picture.routes} == {
        (str(a), str(b)) for a, b in links if a != b
    }
    for route in picture.routes:
        steps = [second[0] - first[0] for first, second in pairwise(route.points)]
        assert all(step < 0 for step in steps) if route.goes_back else all(step >= 0 for step in steps)
