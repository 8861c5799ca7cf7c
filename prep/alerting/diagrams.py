"""Decision diagrams (BDDs): their probability and all its derivatives, evaluated from one walk over the
nodes.
"""

from collections.abc import Mapping
from typing import Any

Fact = tuple[str, str]
_JOINT = "\x1e"


def new_diagram() -> Any:
    """A manager of diagrams: CUDD in C, or, over a hundred times slower, the pure Python one.

    Variables stay in the order of their declaration.
    """
    try:
        from dd.cudd import BDD
    except ImportError:
        from dd.autoref import BDD
    diagram = BDD()
    diagram.configure(reordering=False)
    return diagram


def variable_of(fact: Fact) -> str:
    """The name of the variable of a fact."""
    return _JOINT.join(fact)


class Nodes:
    """The nodes of a diagram, children before parents, ready to be evaluated for any probabilities.

    Edges may be complemented, so each child is (place, complemented); place 0 is the constant True.
    """

    def __init__(self, root: Any) -> None:
        self.order: list[tuple[Fact, tuple[int, bool], tuple[int, bool]]] = []
        self.place: dict[int, int] = {}
        self.root = self._lay_out(root)
        self.facts = sorted({fact for fact, _, _ in self.order})

    def evaluate(self, p: Mapping[Fact, float]) -> tuple[float, dict[Fact, float]]:
        """The probability of the root, and its derivative by the probability of each fact."""
        value = [1.0]
        for fact, low, high in self.order:
            value.append((1 - p[fact]) * _side(value, low) + p[fact] * _side(value, high))
        # Backwards: how much the root changes with the value of each node.
        weight = [0.0] * len(value)
        weight[self.root[0]] = -1.0 if self.root[1] else 1.0
        slopes = dict.fromkeys(self.facts, 0.0)
        for at in range(len(self.order), 0, -1):
            fact, low, high = self.order[at - 1]
            slopes[fact] += weight[at] * (_side(value, high) - _side(value, low))
            weight[low[0]] += weight[at] * (1 - p[fact]) * (-1.0 if low[1] else 1.0)
            weight[high[0]] += weight[at] * p[fact] * (-1.0 if high[1] else 1.0)
        return _side(value, self.root), slopes

    def failures(self, p: Mapping[Fact, float], *, count: int) -> list[tuple[float, frozenset[Fact]]]:
        """The most probable ways to make the root false: sets of facts that fail, with the product of their
        probabilities of failing; none contains another.

        The best paths through the diagram, kept for every node; whatever need not fail costs nothing.
        """
        best: list[dict[bool, list[tuple[float, frozenset[Fact]]]]] = [
            {True: [(1.0, frozenset())], False: []}
        ]
        for fact, low, high in self.order:
            row = {}
            for wanted in (True, False):
                held = best[high[0]][wanted is not high[1]]
                failed = best[low[0]][wanted is not low[1]]
                fails = 1 - p[fact]
                ways = [*held, *((share * fails, facts | {fact}) for share, facts in failed if fails > 0)]
                ways.sort(key=lambda way: -way[0])
                row[wanted] = ways[:count]
            best.append(row)
        found: list[tuple[float, frozenset[Fact]]] = []
        for share, facts in sorted(best[self.root[0]][self.root[1]], key=lambda way: len(way[1])):
            if not any(smaller <= facts for _, smaller in found):
                found.append((share, facts))
        return sorted(found, key=lambda way: -way[0])

    def _lay_out(self, root: Any) -> tuple[int, bool]:
        waiting = [root]
        while waiting:
            node = waiting[-1]
            if self._known(node) is not None:
                waiting.pop()
                continue
            unknown = [child for child in (node.low, node.high) if self._known(child) is None]
            if unknown:
                waiting += unknown
                continue
            kind, _, key = node.var.partition(_JOINT)
            self.order.append(((kind, key), self._edge(node.low), self._edge(node.high)))
            self.place[_regular(node)] = len(self.order)
        return self._edge(root)

    def _known(self, node: Any) -> int | None:
        return 0 if node.var is None else self.place.get(_regular(node))

    def _edge(self, node: Any) -> tuple[int, bool]:
        place = self._known(node)
        assert place is not None  # noqa: S101  children are laid out before their parents
        return place, bool(node.negated)


def _side(value: list[float], edge: tuple[int, bool]) -> float:
    return 1 - value[edge[0]] if edge[1] else value[edge[0]]


def _regular(node: Any) -> int:
    return int(~node) if node.negated else int(node)
