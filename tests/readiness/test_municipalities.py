"""Each municipality on one line: what is known of it, and nothing unknown as fine."""

from datetime import date, timedelta

import pytest

from prep.alerting.result import Share
from prep.evacuation.records import SiteView
from prep.models import ContactPoint, Municipality, Person, Role
from prep.readiness import municipalities
from prep.readiness.judgement import reach_state
from prep.readiness.municipalities import MunicipalityStanding
from prep.registry.contacts import RoleStanding
from prep.terms import ContactKind, SiteStatus, SiteUse, State

TODAY = date(2026, 11, 22)
PLACE = Municipality(code="272", name_fi="Kokkola", name_sv="Karleby", population=48_006)


def person(*ages: int | None) -> Person:
    return Person(
        name="Aino Esimerkki",
        municipality_code="272",
        contact_points=[
            ContactPoint(
                position=number,
                kind=ContactKind.MOBILE,
                value="+358000000101",
                confirmed_on=None if age is None else TODAY - timedelta(days=age),
            )
            for number, age in enumerate(ages)
        ],
    )


def role(holder: Person | None, *deputies: Person) -> RoleStanding:
    return RoleStanding(Role(key="preparedness-contact", name_fi="Yhteyshenkilö"), holder, deputies, holder)


def standing(
    named: RoleStanding | None = None, people: tuple[Person, ...] = (), sites: tuple[SiteView, ...] = ()
) -> MunicipalityStanding:
    return municipalities._standing(PLACE, State.OK, named, None, sites, people, on=TODAY)


@pytest.mark.parametrize(
    ("named", "state", "words"),
    [
        (None, State.FAULT, "nobody named"),
        (role(None), State.FAULT, "nobody named"),
        (role(person(20), person(20)), State.OK, "named"),
        (role(person(20)), State.WARNING, "no deputy"),
        # Confirmed 181 days ago: past the half year that numbers are confirmed in.
        (role(person(181), person(20)), State.WARNING, "number ageing"),
        (role(person(361), person(20)), State.FAULT, "number too old"),
        (role(person(None), person(20)), State.UNKNOWN, "number never confirmed"),
        # No number at all is nothing known, not nothing wrong.
        (role(person(), person(20)), State.UNKNOWN, "number never confirmed"),
    ],
)
def test_the_contact_is_as_good_as_its_weakest_part(
    named: RoleStanding | None, state: State, words: str
) -> None:
    found = standing(named)
    assert (found.contact_state, str(found.contact_words)) == (state, words)


def test_need_is_one_resident_in_twenty() -> None:
    # 5 % of 48 006 is 2 400.3.
    assert standing().need == 2400


def site(persons: int) -> SiteView:
    from prep.evacuation.capacity import Capacity
    from prep.evacuation.limits import Limit
    from prep.evacuation.norms import LimitKind, Phase
    from prep.language import say

    limit = Limit(LimitKind.FIRE, persons, say("Fire inspection, at most"))
    return SiteView(
        site_id=1,
        name="Koulu",
        name_sv="",
        municipality_code="272",
        municipality_fi="Kokkola",
        municipality_sv="Karleby",
        lat=None,
        lon=None,
        status=SiteStatus.AVAILABLE,
        uses=(SiteUse.TEMPORARY_ACCOMMODATION,),
        state=State.OK,
        use=SiteUse.TEMPORARY_ACCOMMODATION,
        capacity=Capacity(Phase.SHORT, (limit,), (), None),
        age_days=10,
        checks=(),
    )


@pytest.mark.parametrize(
    ("sites", "state"), [((site(2400),), State.OK), ((site(2399),), State.WARNING), ((), State.UNKNOWN)]
)
def test_places_are_held_against_the_need_and_none_are_unknown(
    sites: tuple[SiteView, ...], state: State
) -> None:
    assert standing(sites=sites).places_state is state


def test_the_oldest_number_counts_and_one_that_was_never_confirmed_makes_the_age_unknown() -> None:
    assert standing(people=(person(20), person(40, 133))).oldest_days == 133
    found = standing(people=(person(20), person(None)))
    assert (found.oldest_days, found.numbers_state) == (None, State.UNKNOWN)
    assert standing().oldest_days is None


def test_a_share_is_judged_by_the_bounds_of_the_list() -> None:
    assert [reach_state(Share(count, 10)) for count in (8, 7, 5, 4)] == [
        State.OK,
        State.WARNING,
        State.WARNING,
        State.FAULT,
    ]
