"""The status of premises over time: kept with every change, told as on a day, never lost to the retention of the trail."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from prep import migrations, trail, undo
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.evacuation.records import site_states
from prep.models import Base, Site
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.registry.site_keeping import relist_site, remove_site, withdraw_site
from prep.registry.site_merging import merge_sites
from prep.registry.sites import premises
from prep.site_history import StatusPeriod, periods
from prep.terms import SiteStatus, Usability

ON = date(2026, 11, 22)
MONTHS = [datetime(2026, month, 1, 10, tzinfo=UTC) for month in (5, 6, 7, 8)]


@pytest.fixture
def county(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A hall that was offered in May, to be had from June on, given up in July."""
    monkeypatch.setenv("PREP_NOW", MONTHS[0].isoformat())
    with write_session(engine, actor="account: aino") as session:
        install(session, load_pack("keski-pohjanmaa"))
        session.add(Site(municipality_code="584", name="Halli", status=SiteStatus.OFFERED))
    monkeypatch.setenv("PREP_NOW", MONTHS[1].isoformat())
    with write_session(engine, actor="command: sites import", why="list.xlsx") as session:
        hall(session).status = SiteStatus.AVAILABLE
    monkeypatch.setenv("PREP_NOW", MONTHS[2].isoformat())
    with write_session(engine, actor="account: aino", why="sold") as session:
        withdraw_site(session, hall(session))
    monkeypatch.setenv("PREP_NOW", MONTHS[3].isoformat())
    return engine


def hall(session: Session, name: str = "Halli") -> Site:
    return session.scalars(select(Site).where(Site.name == name)).one()


def told(session: Session, name: str = "Halli") -> list[tuple[SiteStatus, datetime | None, datetime | None]]:
    return [(one.status, one.starts, one.ends) for one in periods(hall(session, name).status_changes)]


def test_it_says_from_when_to_when_by_whom_and_why(county: Engine) -> None:
    with read_session(county) as session:
        assert periods(hall(session).status_changes) == [
            StatusPeriod(SiteStatus.WITHDRAWN, "", MONTHS[2], None, "account: aino", "sold"),
            StatusPeriod(
                SiteStatus.AVAILABLE, "", MONTHS[1], MONTHS[2], "command: sites import", "list.xlsx"
            ),
            StatusPeriod(SiteStatus.OFFERED, "", MONTHS[0], MONTHS[1], "account: aino", ""),
        ]


def test_a_day_is_answered_by_the_status_of_that_day(county: Engine) -> None:
    def asked(at: datetime) -> list[tuple[str, SiteStatus, Usability]]:
        return [(one.name, one.status, one.had) for one in site_states(session, on=ON, at=at)]

    day = timedelta(days=1)
    with read_session(county) as session:
        # Offered is not agreed, and of what may be had nobody kept a calendar: neither is free.
        assert asked(MONTHS[0] + day) == [("Halli", SiteStatus.OFFERED, Usability.UNKNOWN)]
        assert asked(MONTHS[1] + day) == [("Halli", SiteStatus.AVAILABLE, Usability.UNKNOWN)]
        # Withdrawn then and now: no longer on the list. Before it came on the list: neither.
        assert asked(MONTHS[2] + day) == asked(MONTHS[3] + day) == asked(MONTHS[0] - day) == []
        assert site_states(session, on=ON) == premises(session, on=ON) == []
        assert [one.name for one in site_states(session, on=ON, with_withdrawn=True)] == ["Halli"]
        assert [one.name for one in premises(session, on=ON, with_withdrawn=True)] == ["Halli"]


def test_what_is_back_on_the_list_has_to_be_asked_for_anew_and_is_told_as_taken_for_the_time_between(
    county: Engine,
) -> None:
    with write_session(county, actor="account: aino", why="the sale fell through") as session:
        hall(session).confirmed_on = ON
        relist_site(session, hall(session))
    with read_session(county) as session:
        assert (hall(session).status, hall(session).confirmed_on) == (SiteStatus.UNKNOWN, None)
        between = site_states(session, on=ON, at=MONTHS[2] + timedelta(days=1))
        assert [(one.had, str(one.usable.sentence)) for one in between if one.usable] == [
            (Usability.TAKEN, "withdrawn from the list")
        ]
        early = site_states(session, on=ON, at=MONTHS[0] - timedelta(days=1))
        assert [str(one.usable.sentence) for one in early if one.usable] == [
            "not known: not yet on the list then"
        ]


def test_it_outlives_what_the_trail_had_recorded(county: Engine) -> None:
    with write_session(county, actor="test", why="retention rule") as session:
        before = told(session)
        assert trail.redact(session, trail.older_than(session, ON), rule="age") > 0
    with read_session(county) as session:
        assert told(session) == before


def test_taking_a_change_back_takes_its_history_along_and_doing_it_again_brings_it_back(
    county: Engine,
) -> None:
    with read_session(county) as session:
        before = told(session)
    for change in (relist_site, remove_site):
        with write_session(county, actor="account: aino") as session:
            change(session, hall(session))
            rows = undo.last_change(session)
        assert rows
        with write_session(county, actor="account: aino") as session:
            undo.take_back(session, undo.rows_of(session, *rows, actor="account: aino"))
            again = undo.last_change(session)
        assert again
        with read_session(county) as session:
            assert told(session) == before
        if change is relist_site:
            with write_session(county, actor="account: aino") as session:
                undo.take_back(session, undo.rows_of(session, *again, actor="account: aino"))
            with read_session(county) as session:
                assert told(session)[0][0] is SiteStatus.UNKNOWN
            with write_session(county, actor="account: aino", why="sold") as session:
                hall(session).status = SiteStatus.WITHDRAWN
                before = told(session)


def test_what_was_changed_before_a_history_was_kept_is_taken_back_with_a_row_of_it(county: Engine) -> None:
    with write_session(county, actor="account: aino") as session:
        relist_site(session, hall(session))
        rows = undo.last_change(session)
    assert rows
    with county.begin() as connection:
        connection.execute(text("DELETE FROM site_status_change WHERE status = 'unknown'"))
    with write_session(county, actor="account: aino") as session:
        found = [
            row
            for row in undo.rows_of(session, *rows, actor="account: aino")
            if row.table_name == Site.__tablename__
        ]
        undo.take_back(session, found)
        assert told(session)[0] == (SiteStatus.WITHDRAWN, MONTHS[2], None)


def test_the_history_of_a_double_stays_under_its_own_name(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        session.add(Site(municipality_code="584", name="Urheiluhalli", status=SiteStatus.AVAILABLE))
        session.flush()
        merge_sites(session, hall(session, "Urheiluhalli"), hall(session), taken=[])
    with read_session(county) as session:
        found = periods(hall(session, "Urheiluhalli").status_changes)
        assert [(one.of, one.status) for one in found] == [
            ("", SiteStatus.AVAILABLE),
            ("Halli", SiteStatus.WITHDRAWN),
            ("Halli", SiteStatus.AVAILABLE),
            ("Halli", SiteStatus.OFFERED),
        ]
        # What the other was says nothing of the one.
        then = site_states(session, on=ON, at=MONTHS[1] + timedelta(days=1))
        assert [one.had for one in then] == [Usability.UNKNOWN]


def test_only_what_is_on_the_list_is_withdrawn_and_with_a_reason(county: Engine) -> None:
    with write_session(county, actor="test", why="sold") as session:
        with pytest.raises(Refused, match="“Halli” The premises have been withdrawn already"):
            withdraw_site(session, hall(session))
        relist_site(session, hall(session))
        with pytest.raises(Refused, match="“Halli” The premises are on the list"):
            relist_site(session, hall(session))
    with (
        write_session(county, actor="test") as session,
        pytest.raises(Refused, match="The reason: It is needed"),
    ):
        withdraw_site(session, hall(session))


def test_a_database_from_before_gets_its_history_from_the_trail_and_else_from_how_it_stands(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    migrations.upgrade(engine, "0018")
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO county (id, key, name_fi, name_sv, name_en, pack) VALUES (1, 'kp', 'K', 'K', 'K', '{}')",
            "INSERT INTO municipality (code, county_id, name_fi, name_sv) VALUES ('584', 1, 'Perho', 'Perho')",
        ):
            connection.execute(text(statement))
        for number, name in enumerate(("Koulu", "Sali", "Talo"), start=1):
            connection.execute(
                text(
                    "INSERT INTO site (id, municipality_code, name, name_sv, address, owner, status, condition, "
                    "fire_confirmed_by, surveyed_by, classification, note, imported_from, version) "
                    "VALUES (:id, '584', :name, '', '', '', 'out', '', '', '', 'internal', '', '', 1)"
                ),
                {"id": number, "name": name},
            )
        added = {"before": {}, "after": {"name": "Koulu", "status": "available", "condition": ""}}
        closed = {"before": {"status": "available"}, "after": {"status": "out"}}
        renamed = {"before": {"name": "A"}, "after": {"name": "Koulu"}}
        # Of the hall only the change is left, of the house nothing.
        entries = [("1", "insert", added), ("1", "update", closed), ("1", "update", renamed)]
        entries += [
            ("2", "insert", None),
            ("2", "update", closed),
            ("3", "insert", None),
            ("9", "insert", added),
        ]
        for seq, (key, action, values) in enumerate(entries, start=1):
            connection.execute(
                text(
                    'INSERT INTO audit_entry (seq, at, actor, action, table_name, row_key, why, "values", salt, '
                    "commitment, previous_hash, hash) VALUES (:seq, :at, 'account: eero', :action, 'site', :key, "
                    "'roof', :values, NULL, '', '', :hash)"
                ),
                {
                    "seq": seq,
                    "at": (MONTHS[0] + timedelta(days=seq)).isoformat(" "),
                    "action": action,
                    "key": key,
                    "values": values and json.dumps(values),
                    "hash": str(seq),
                },
            )
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []
    first, second, fifth = (MONTHS[0] + timedelta(days=days) for days in (1, 2, 5))
    with read_session(engine) as session:
        out, had = SiteStatus.OUT, SiteStatus.AVAILABLE
        assert told(session, "Koulu") == [(out, second, None), (had, first, second)]
        assert told(session, "Sali") == [(out, fifth, None), (had, None, fifth)]
        assert told(session, "Talo") == [(out, None, None)]
        latest = periods(hall(session, "Koulu").status_changes)[0]
        assert (latest.by, latest.why) == ("account: eero", "roof")
    with write_session(engine, actor="test", why="sold") as session:
        withdraw_site(session, hall(session, "Talo"))
