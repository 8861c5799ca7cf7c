"""The terms that a list gives or corrects: tried on values first, with the rules of the registry's own appointing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import networkx as nx

from prep.errors import Refused
from prep.exchange.contact_plan import TermStep
from prep.exchange.contact_posts import not_given
from prep.exchange.contact_rows import PostSaid
from prep.exchange.findings import Remark, Severity
from prep.exchange.importing import Change
from prep.language import Message, say
from prep.models import Seat
from prep.registry.appointments import (
    MOST_DEPUTIES,
    Decision,
    Held,
    Post,
    Term,
    makes_way,
    post_name,
    require_possible,
)

# The person's id in the registry, or a key of somebody who is new.
Who = int | str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that gives a post to somebody."""

    row: int
    who: Who
    name: str
    left_on: date | None
    post: Post
    said: PostSaid


@dataclass(frozen=True, slots=True)
class RemarkOnRow:
    """What is to be said about a row, and the column that it is about."""

    row: int
    field: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class _Holding:
    """A term as it will stand: of the registry (with its ``term``), of the list (with its ``row``), or both."""

    held: Held
    name: str
    decision: Decision
    term: Term | None = None
    row: int | None = None


def plan_terms(wanted: Sequence[Wanted], *, on: date) -> tuple[dict[Who, list[TermStep]], list[RemarkOnRow]]:
    """What becomes of the posts that a list names, by person, and what is to be said about the rows.

    Cost: for each post the square of those who hold it, which are few.
    """
    steps: dict[Who, list[TermStep]] = defaultdict(list)
    remarks: list[RemarkOnRow] = []
    boards: dict[int, list[_Board]] = defaultdict(list)
    by_post: dict[tuple[str, int], list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_post[_key(one.post)].append(one)
    for many in by_post.values():
        board = _Board(many[0].post, on)
        board.settle(many)
        remarks += board.remarks
        for who, step in board.steps():
            steps[who].append(step)
        if isinstance(board.post, Seat):
            boards[board.post.body_id].append(board)
    for touched in boards.values():
        remarks += _circles(touched, on)
    return steps, remarks


class _Board:
    """Everybody who holds one post, while the rows that name it are put in."""

    def __init__(self, post: Post, on: date):
        self.post, self.on = post, on
        self.place = post_name(post)
        self.remarks: list[RemarkOnRow] = []
        self.holdings = [_of_registry(term) for term in post.terms]
        self.ways: dict[int, list[tuple[str, date]]] = defaultdict(list)

    def settle(self, wanted: Sequence[Wanted]) -> None:
        """Put in what the rows say: corrections first, so that two can change places; then what is new, by its days."""
        corrected, new = [], []
        for one in wanted:
            known = self._known(one)
            if known is None or known.row is not None:
                new.append(one)
            else:
                self.holdings[self.holdings.index(known)] = replace(known, row=one.row)
                corrected.append(one)
        self._correct(corrected)
        for one in sorted(
            new, key=lambda one: (one.said.starts or self.on, one.said.is_deputy or False, one.row)
        ):
            self._give(one)

    def steps(self) -> Iterator[tuple[Who, TermStep]]:
        """What has to be done, by person."""
        for one in self.holdings:
            if one.row is None:
                continue
            changes = _changes(one) if one.term is not None else ()
            if one.term is None or changes:
                yield (
                    _who(one.held),
                    TermStep(
                        row=one.row,
                        post=_key(self.post),
                        post_name=self.place,
                        starts=one.held.starts,
                        ends=one.held.ends,
                        rank=one.held.rank,
                        decision=one.decision,
                        term_id=one.term.id if one.term is not None else None,
                        changes=changes,
                        makes_way=tuple(self.ways[one.row]),
                    ),
                )

    def _known(self, one: Wanted) -> _Holding | None:
        """The term of the registry that a row is about: of this person, on the days that it tells."""
        said = one.said
        days = Held(one.who, said.starts or self.on, _end(said.ends), 0)
        if said.starts is None and said.ends is not None and said.ends < self.on:
            # It has ended: the row is about the term that ended about then.
            days = Held(one.who, said.ends, said.ends, 0)
        own = [held for held in self.holdings if held.held.person == one.who and held.term is not None]
        overlapping = [held for held in own if days.ends is None or days.ends >= days.starts]
        overlapping = [held for held in overlapping if held.held.overlaps(days)]
        return min(
            overlapping,
            key=lambda held: (held.held.starts != days.starts, held.held.starts),
            default=None,
        )

    def _correct(self, rows: Sequence[Wanted]) -> None:
        before = {one.row: self._at(one.row) for one in rows}
        for one in rows:
            self._replace(one.row, self._corrected(before[one.row], one))
        left = list(rows)
        # What does not fit is put back as it was, and then others may fit no more.
        while fault := next((found for one in left if (found := self._fault(one))), None):
            one, error = fault
            self._remark(one, _refused(error))
            self._replace(one.row, before[one.row])
            left.remove(one)

    def _fault(self, one: Wanted) -> tuple[Wanted, Refused] | None:
        now = self._at(one.row)
        others = [held.held for held in self.holdings if held is not now]
        try:
            require_possible(self.place, now.held, others, name=one.name, left_on=None)
        except Refused as error:
            return one, error
        return None

    def _corrected(self, known: _Holding, one: Wanted) -> _Holding:
        said, held = one.said, known.held
        starts = said.starts or held.starts
        ends = held.ends if said.ends is None else _end(said.ends)
        rank = self._rank(one, Held(one.who, starts, ends, held.rank), besides=known)
        decision = Decision(
            by=known.decision.by if said.decided_by is None else said.decided_by,
            on=known.decision.on if said.decided_on is None else said.decided_on,
            section=known.decision.section if said.decision_section is None else said.decision_section,
        )
        return replace(known, held=Held(one.who, starts, ends, rank), decision=decision)

    def _give(self, one: Wanted) -> None:
        said = one.said
        if said.starts is None and said.ends is not None and said.ends < self.on:
            self._remark(one, _OVER)
            return
        starts, ends = said.starts or self.on, _end(said.ends)
        rank = self._rank(one, Held(one.who, starts, ends, 0), besides=None)
        held = Held(one.who, starts, ends, rank)
        told = next(
            (other for other in self.holdings if other.row is not None and _clash(other.held, held)), None
        )
        if told is not None:
            self._remark(one, _same_days(told))
            return
        # What is over long ago takes nothing from whoever holds the post today.
        is_over = ends is not None and ends < self.on
        ended = [other for other in self.holdings if makes_way(other.held, held) and not is_over]
        last_day = starts - timedelta(days=1)
        rest = [other.held for other in self.holdings if other not in ended]
        after = [replace(other, held=replace(other.held, ends=last_day)) for other in ended]
        try:
            require_possible(
                self.place,
                held,
                [*rest, *(other.held for other in after)],
                name=one.name,
                left_on=one.left_on,
            )
        except Refused as error:
            self._remark(one, _refused(error))
            return
        for before, now in zip(ended, after, strict=True):
            self.holdings[self.holdings.index(before)] = now
            self.ways[one.row].append((before.name, last_day))
        decision = Decision(said.decided_by or "", said.decided_on, said.decision_section or "")
        self.holdings.append(_Holding(held, one.name, decision, row=one.row))

    def _rank(self, one: Wanted, held: Held, *, besides: _Holding | None) -> int:
        """As told; a deputy without an order keeps the own one, or comes after the others."""
        if one.said.rank is not None:
            return one.said.rank
        if not one.said.is_deputy:
            return held.rank if one.said.is_deputy is None else 0
        if held.rank > 0:
            return held.rank
        taken = {
            other.held.rank for other in self.holdings if other is not besides and other.held.overlaps(held)
        }
        return next(rank for rank in range(1, MOST_DEPUTIES + 2) if rank not in taken or rank > MOST_DEPUTIES)

    def _at(self, row: int) -> _Holding:
        return next(one for one in self.holdings if one.row == row)

    def _replace(self, row: int, now: _Holding) -> None:
        self.holdings[self.holdings.index(self._at(row))] = now

    def _remark(self, one: Wanted, remark: Remark) -> None:
        field = "seat" if isinstance(self.post, Seat) else "role"
        self.remarks.append(RemarkOnRow(one.row, field, remark))


def _key(post: Post) -> tuple[str, int]:
    return ("seat" if isinstance(post, Seat) else "role", post.id)


def _of_registry(term: Term) -> _Holding:
    return _Holding(
        Held(term.person_id, term.starts, term.ends, term.rank),
        term.person.name,
        Decision(term.decided_by, term.decided_on, term.decision_section),
        term=term,
    )


def _who(held: Held) -> Who:
    if not isinstance(held.person, (int, str)):
        raise TypeError(held.person)
    return held.person


def _end(told: date | None) -> date | None:
    return None if told == date.max else told


def _clash(one: Held, other: Held) -> bool:
    return one.overlaps(other) and one.rank == other.rank and one.person != other.person


def _changes(one: _Holding) -> tuple[Change, ...]:
    if one.term is None:
        raise ValueError("the term is new")
    before = _of_registry(one.term)
    pairs: Mapping[str, tuple[Any, Any]] = {
        "starts": (before.held.starts, one.held.starts),
        "ends": (before.held.ends, one.held.ends),
        "rank": (before.held.rank, one.held.rank),
        "decided_by": (before.decision.by, one.decision.by),
        "decided_on": (before.decision.on, one.decision.on),
        "decision_section": (before.decision.section, one.decision.section),
    }
    return tuple(Change(field, was, now) for field, (was, now) in pairs.items() if was != now)


def _circles(boards: Iterable[_Board], on: date) -> list[RemarkOnRow]:
    """Deputies of each other in one body: when one is away, so is the other's stand-in."""
    stands_in: nx.DiGraph[Who] = nx.DiGraph()
    names: dict[Who, str] = {}
    rows: dict[Who, int] = {}
    body = None
    for board in boards:
        body = board.post.body if isinstance(board.post, Seat) else body
    if body is None:
        return []
    settled = {_key(board.post): board for board in boards}
    for seat in body.seats:
        touched = settled.get(_key(seat))
        holdings = touched.holdings if touched else [_of_registry(term) for term in seat.terms]
        current = [one for one in holdings if one.held.overlaps(Held(None, on, on, 0))]
        holders = [one for one in current if one.held.rank == 0]
        for one in current:
            names[_who(one.held)] = one.name
            if one.row is not None:
                rows[_who(one.held)] = max(one.row, rows.get(_who(one.held), 0))
        stands_in.add_edges_from(
            (_who(deputy.held), _who(holder.held))
            for deputy in current
            if deputy.held.rank > 0
            for holder in holders
            if deputy.held.person != holder.held.person
        )
    found = []
    for circle in nx.strongly_connected_components(stands_in):
        told = [rows[who] for who in circle if who in rows]
        if len(circle) > 1 and told:
            remark = _in_a_circle(sorted(names[who] for who in circle), body.name_fi)
            found.append(RemarkOnRow(max(told), "seat", remark))
    return found


def _in_a_circle(names: Sequence[str], body: str) -> Remark:
    return Remark(
        Severity.WARNING,
        say("{names} stand in for each other in {body}.", names=names, body=body),
        say("When one of them is away, somebody else is needed: name another deputy."),
    )


def _refused(error: Refused) -> Remark:
    problem = error.problems[0]
    return Remark(Severity.WARNING, not_given(problem.rule), problem.remedy)


def _same_days(told: _Holding) -> Remark:
    rule: Message = say("Row {row} gives it to {name} on the same days.", row=str(told.row), name=told.name)
    return Remark(
        Severity.WARNING,
        not_given(rule),
        say("Write the last day of the one who leaves, or say who stands in: 1. varahenkilö."),
    )


_OVER = Remark(
    Severity.WARNING,
    not_given(say("The term is over, and the row does not say when it began.")),
    say("Write the first day, or leave the post away."),
)
