"""Premises that are on the list twice: found by name and by place, told apart, made one."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.errors import Refused
from prep.models import (
    KeyHolder,
    Municipality,
    PossibleSiteDouble,
    Site,
    SiteBooking,
    SiteCalendar,
    SiteEvidence,
    SiteUnit,
    SiteUseRow,
)
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.registry.site_doubles import are_two_sites, possible_site_doubles
from prep.registry.site_keeping import remove_site
from prep.registry.site_merging import merge_sites, proposed, site_fields, value_of
from prep.terms import BookingKind, KeyPower, SiteFeature, SiteStatus, SiteUse


@pytest.fixture
def session(engine):
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"))
        yield session


def site(session: Session, name: str, code: str = "584", **known: object) -> Site:
    made = Site(municipality=session.get_one(Municipality, code), name=name, **known)
    session.add(made)
    session.flush()
    return made


def found(session: Session) -> list[tuple[str, str, list[str]]]:
    return [
        (one.one.name, one.other.name, [str(why) for why in one.reasons])
        for one in possible_site_doubles(session)
    ]


def test_candidates_are_found_by_name_and_by_place(session: Session) -> None:
    site(session, "Perhon liikuntahalli", lat=63.2, lon=24.4)
    # 0,0003° north is 33 m; 0,001° is 111 m.
    site(session, "Perhon liikuntahali", lat=63.2003, lon=24.4)
    site(session, "Kirjasto", lat=63.2004, lon=24.4)
    site(session, "Koulu 1"), site(session, "Koulu 2")
    site(session, "Perhon liikuntahalli", "272", lat=63.2, lon=24.4)
    assert found(session) == [
        ("Perhon liikuntahalli", "Perhon liikuntahali", ["almost the same name", "less than 50 m apart"]),
        ("Perhon liikuntahali", "Kirjasto", ["less than 50 m apart"]),
        ("Perhon liikuntahalli", "Kirjasto", ["less than 50 m apart"]),
    ]


def test_two_that_are_not_the_same_are_asked_about_once(session: Session) -> None:
    one, other = site(session, "Iso liikuntahalli"), site(session, "Iso liikuntahali")
    are_two_sites(session, other, one)
    are_two_sites(session, one, other)
    assert found(session) == []
    with pytest.raises(ValueError, match="no pair"):
        are_two_sites(session, one, one)
    # What is taken off the list takes the decision along.
    remove_site(session, other)
    assert session.scalars(select(PossibleSiteDouble)).all() == []


def pair(session: Session) -> tuple[Site, Site]:
    one = site(
        session,
        "Liikuntahalli",
        toilets=9,
        status=SiteStatus.AVAILABLE,
        confirmed_on=date(2026, 5, 1),
        confirmed_by="Aino",
        uses=[SiteUseRow(use=SiteUse.CATERING, stated_capacity=200)],
        key_holders=[KeyHolder(position=0, power=KeyPower.OPEN, name="Aino", phone="+358000000001")],
    )
    other = site(
        session,
        "Liikuntahali",
        address="Hallitie 1",
        toilets=12,
        lat=63.2,
        lon=24.4,
        confirmed_on=date(2026, 3, 1),
        confirmed_by="Eero",
        uses=[
            SiteUseRow(use=SiteUse.CATERING, stated_capacity=150),
            SiteUseRow(use=SiteUse.TEMPORARY_ACCOMMODATION, stated_capacity=80),
        ],
        key_holders=[
            KeyHolder(position=0, power=KeyPower.OPEN, name="aino", phone="+358000000001"),
            KeyHolder(position=1, power=KeyPower.ALTERNATE, name="Eero", phone=""),
        ],
    )
    return one, other


def test_what_only_the_other_knows_is_proposed(session: Session) -> None:
    assert proposed(*pair(session)) == {"address", "coordinates"}


def test_one_is_made_of_two_and_promises_no_more_than_either(session: Session) -> None:
    one, other = pair(session)
    third = site(session, "Liikuntahalli B")
    are_two_sites(session, other, third)
    merge_sites(session, one, other, taken=[*proposed(one, other), "toilets"])
    left = session.scalars(select(Site).order_by(Site.id)).all()
    assert [site.name for site in left] == ["Liikuntahalli", "Liikuntahalli B"]
    assert (one.address, one.toilets, one.lat, one.status) == ("Hallitie 1", 12, 63.2, SiteStatus.AVAILABLE)
    assert {row.use: row.stated_capacity for row in one.uses} == {
        SiteUse.CATERING: 150,
        SiteUse.TEMPORARY_ACCOMMODATION: 80,
    }
    assert [(holder.position, holder.name) for holder in one.key_holders] == [(0, "Aino"), (1, "Eero")]
    # Confirmed when both were: since the older day.
    assert (one.confirmed_on, one.confirmed_by) == (date(2026, 3, 1), "Eero")
    decision = session.scalars(select(PossibleSiteDouble)).one()
    assert (decision.site_id, decision.other_id) == (one.id, third.id)


def test_a_row_that_was_never_confirmed_makes_both_unconfirmed(session: Session) -> None:
    one, other = pair(session)
    other.confirmed_on = other.confirmed_by = None
    session.flush()
    merge_sites(session, one, other, taken=["name"])
    assert (one.name, one.confirmed_on, one.confirmed_by) == ("Liikuntahali", None, None)


def test_two_of_different_municipalities_are_not_merged(session: Session) -> None:
    one, other = site(session, "Halli"), site(session, "Halli", "272")
    with pytest.raises(Refused, match=r"Halli: “Halli” The two are on the lists of different municipalities"):
        merge_sites(session, one, other, taken=[])


def test_every_fact_of_the_table_can_be_kept_of_either(session: Session) -> None:
    from prep.exchange.words import field_word

    one = site(session, "Halli")
    for field in site_fields():
        assert str(field_word(field))
        value_of(one, field)
    assert {"name", "coordinates", "status", "classification", "note"} <= set(site_fields())


def test_units_evidence_and_bookings_go_over_and_the_calendar_is_known_no_longer_than_both(
    session: Session,
) -> None:
    one, other = site(session, "Iso liikuntahalli"), site(session, "Iso liikuntahali")
    for each, until, source in ((one, date(2027, 6, 1), "katselmus"), (other, date(2027, 1, 31), "luettelo")):
        each.units.append(SiteUnit(position=0, name="Sali"))
        each.evidence.append(SiteEvidence(feature=SiteFeature.WELL, source=source))
        each.calendar = SiteCalendar(known_until=until)
        each.bookings.append(
            SiteBooking(kind=BookingKind.TAKEN, title=source, starts_on=date(2026, 12, 1), minutes=60)
        )
    other.units.append(SiteUnit(position=1, name="Ruokala"))
    session.flush()
    merge_sites(session, one, other, taken=[])
    assert [unit.name for unit in one.units] == ["Sali", "Ruokala"]
    assert [row.source for row in one.evidence] == ["katselmus"]
    assert sorted(booking.title for booking in one.bookings) == ["katselmus", "luettelo"]
    assert one.calendar is not None
    assert one.calendar.known_until == date(2027, 1, 31)


def test_the_calendar_counts_as_kept_only_if_both_were(session: Session) -> None:
    one, other = site(session, "Iso liikuntahalli"), site(session, "Iso liikuntahali")
    one.calendar = SiteCalendar(known_until=None)
    session.flush()
    merge_sites(session, one, other, taken=[])
    assert one.calendar is None
