"""Cards for those who may not see telephone numbers: who is called stays, the number does not."""

from collections.abc import Callable, Collection
from dataclasses import replace

from prep.cards.directory import Directory, Holder, Place, Post, Premises

Mask = Callable[[str], str]


def with_masked_numbers(directory: Directory, places: Collection[str | None], mask: Mask) -> Directory:
    """The directory with the numbers masked on everything that the cards of these places say.

    ``places`` are the codes of municipalities, None for the county.
    """
    return replace(
        directory,
        county=_place(directory.county, mask) if None in places else directory.county,
        municipalities=tuple(
            _place(one, mask) if one.code in places else one for one in directory.municipalities
        ),
        other_desks=_posts(directory.other_desks, mask) if None in places else directory.other_desks,
    )


def _place(place: Place, mask: Mask) -> Place:
    return replace(
        place,
        group=_posts(place.group, mask),
        preparedness=_posts(place.preparedness, mask),
        other_roles=_posts(place.other_roles, mask),
        desks=_posts(place.desks, mask),
        premises=tuple(_premises(one, mask) for one in place.premises),
    )


def _posts(posts: tuple[Post, ...], mask: Mask) -> tuple[Post, ...]:
    return tuple(
        replace(
            post,
            holder=_holder(post.holder, mask) if post.holder else None,
            deputies=tuple(_holder(one, mask) for one in post.deputies),
        )
        for post in posts
    )


def _premises(premises: Premises, mask: Mask) -> Premises:
    return replace(premises, key_holders=tuple(_holder(one, mask) for one in premises.key_holders))


def _holder(holder: Holder, mask: Mask) -> Holder:
    return replace(holder, numbers=tuple(replace(one, value=mask(one.value)) for one in holder.numbers))
