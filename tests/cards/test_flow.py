"""What stays together and what is split where a side ends."""

import pytest

from prep.cards.flow import Block, Compositor, Group, Side
from prep.errors import Refused
from prep.language import say


def block(height: float) -> Block:
    return Block(height, lambda _pen, _y: None)


def group(*heights: float, head: float = 0, overleaf: float = 0, **options: object) -> Group:
    return Group(
        name=say("calling list"),
        key=None,
        rows=tuple(block(height) for height in heights),
        head=block(head) if head else None,
        again=block(head) if head else None,
        overleaf=block(overleaf) if overleaf else None,
        **options,
    )


def pieces(*groups: Group, room: float = 100) -> list[list[tuple[int, int, float]]]:
    """Per side, of each piece: first row, row after the last, top."""
    sides = Compositor("Kortti").paginate(groups, lambda _number: Side(start=0, room=room))
    return [[(piece.start, piece.stop, piece.top) for piece in side.pieces] for side in sides]


def test_groups_follow_each_other_with_their_gaps() -> None:
    assert pieces(group(10, 10), group(20, gap=5)) == [[(0, 2, 0), (0, 1, 25)]]


def test_a_group_that_may_not_be_split_moves_to_the_next_side() -> None:
    assert pieces(group(60), group(20, 30)) == [[(0, 1, 0)], [(0, 2, 0)]]


def test_a_gap_falls_away_at_the_top_of_a_side() -> None:
    assert pieces(group(60), group(50, gap=5)) == [[(0, 1, 0)], [(0, 1, 0)]]


def test_rows_go_on_at_the_next_side_under_a_head() -> None:
    # 10 of head and 4 × 20 fill 90 of 100; the next side holds the head and the rest.
    assert pieces(group(*[20] * 6, head=10, least_rows=1)) == [[(0, 4, 0)], [(4, 6, 0)]]


def test_the_word_that_more_follows_takes_its_room() -> None:
    # With 15 for it only 75 are left: 10 of head and three rows.
    assert pieces(group(*[20] * 6, head=10, overleaf=15, least_rows=1)) == [[(0, 3, 0)], [(3, 6, 0)]]


def test_no_row_is_left_alone_on_either_side() -> None:
    # Nine rows of ten would fit, and leave one: two go over.
    assert pieces(group(*[10] * 11, least_rows=2)) == [[(0, 9, 0)], [(9, 11, 0)]]
    assert pieces(group(*[9] * 12, least_rows=2)) == [[(0, 10, 0)], [(10, 12, 0)]]
    # One row would fit below the first group: none is put there.
    assert pieces(group(85), group(10, 10, 10, least_rows=2)) == [[(0, 1, 0)], [(0, 3, 0)]]


def test_a_row_higher_than_a_side_is_refused_with_card_block_and_millimetres() -> None:
    # 100 points of room; 10 of head and 147 of row are 57 points or 20 mm too many.
    with pytest.raises(
        Refused,
        match=r"^Kortti, calling list: The text is 20 mm too high for one side; cards are not",
    ):
        pieces(group(147, head=10, least_rows=1))


def test_less_than_a_millimetre_too_much_is_called_one() -> None:
    with pytest.raises(Refused, match="is 1 mm too high"):
        pieces(group(100.5))


def test_all_that_does_not_fit_is_said_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        pieces(group(120), group(50), group(140))
    assert len(refusal.value.problems) == 2


def test_what_is_paginated_onto_sides_begins_below_what_stands_there() -> None:
    setter = Compositor("Kortti")
    sides = setter.paginate([group(30)], lambda _number: Side(start=7, room=100))
    setter.paginate([group(20, gap=5)], lambda _number: Side(start=0, room=100), onto=sides)
    assert [piece.top for piece in sides[0].pieces] == [7, 42]
