"""Who can be called and what can be opened in each place, as plain values: what cards are made from."""

from dataclasses import dataclass
from datetime import date

from prep.cards.content import Texts
from prep.terms import Classification, ContactKind, SiteStatus, SiteUse


@dataclass(frozen=True, slots=True)
class Number:
    """A contact point that can be called; ``confirmed_on`` is None when nobody ever confirmed it."""

    kind: ContactKind
    value: str
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, or a desk staffed round the clock, with the numbers in calling order."""

    name: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """A seat, a role or a desk; ``holder`` is None while it is vacant."""

    name: Texts
    holder: Holder | None
    deputies: tuple[Holder, ...] = ()
    is_desk: bool = False


@dataclass(frozen=True, slots=True)
class Premises:
    """Premises with what a card says about them. None is unknown."""

    name: Texts
    address: str
    municipality: Texts
    status: SiteStatus
    classification: Classification
    # The uses, with the capacity that the keeper states for each.
    capacities: dict[SiteUse, int | None]
    fire_max_persons: int | None
    backup_power_h: float | None
    confirmed_on: date | None
    key_holders: tuple[Holder, ...]

    def places(self, use: SiteUse) -> int | None:
        """As many as the keeper states, and no more than the fire inspection allows."""
        known = [number for number in (self.capacities[use], self.fire_max_persons) if number is not None]
        return min(known, default=None)


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, or the county (whose ``code`` is None)."""

    code: str | None
    name: Texts
    # The seats of the management group in calling order.
    group: tuple[Post, ...]
    # The preparedness contact, and the other named roles.
    preparedness: tuple[Post, ...]
    other_roles: tuple[Post, ...]
    # The situation centre, staffed round the clock.
    desks: tuple[Post, ...]
    premises: tuple[Premises, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """A county and its municipalities."""

    county: Place
    municipalities: tuple[Place, ...]
    # Desks of the county that are no situation centre: only the county calls them.
    other_desks: tuple[Post, ...]
    is_demo: bool
