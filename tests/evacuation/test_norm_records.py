"""Norm sets of the county's own: based on one that comes with prep, with what the county has set instead."""

import pytest
from sqlalchemy import Engine, select

from prep.db import read_session, write_session
from prep.errors import Conflict, NotFound, Refused
from prep.evacuation.norm_records import (
    all_norms,
    choose_norms,
    county_norms,
    make_set,
    remove_set,
    set_figure,
    set_limits,
    stored_set,
    unset_figure,
)
from prep.evacuation.norms import LimitKind, NormStatus, Phase
from prep.models import AuditEntry, County
from prep.regions.packs import load_pack
from prep.registry.install import install
from prep.terms import Language

AREA = "area.m2_per_person"


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        install(session, load_pack("keski-pohjanmaa"), is_demo=True)
        one = session.scalars(select(County)).one()
        stored = make_set(session, one, name="Oma sarja", based_on="cold")
        set_figure(session, stored, AREA, Phase.SHORT, value=4, source="Aluehallituksen päätös 12 §")
    return engine


def test_an_own_set_has_the_figures_of_its_base_and_those_that_were_set(county: Engine) -> None:
    with read_session(county) as session:
        norms = all_norms(session)["own-1"]
        row = norms.row(AREA, Phase.SHORT)
        assert (row.value, row.status, row.unit) == (4, NormStatus.COUNTY, "m²/person")
        assert set(row.source) == set(Language)
        assert row.source[Language.SV] == "Aluehallituksen päätös 12 §"
        # The cold climate's own figure for longer stays: 5.5 m².
        assert (norms.value(AREA, Phase.LONG), norms.based_on) == (5.5, "cold")
        # Nothing is judged by it before it is chosen.
        assert county_norms(session).key == "finland"
        assert session.scalars(select(AuditEntry).where(AuditEntry.table_name == "norm_figure")).all()


def test_the_chosen_set_judges_and_every_change_counts_its_version_on(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        choose_norms(session, session.scalars(select(County)).one(), "own-1")
    with write_session(county, actor="test") as session:
        before = county_norms(session)
        assert (before.key, before.value(AREA, Phase.SHORT)) == ("own-1", 4)
        stored = stored_set(session, "own-1")
        set_limits(session, stored, {**before.limits, Phase.SHORT: (LimitKind.AREA, LimitKind.WATER)})
        unset_figure(session, stored, AREA, Phase.SHORT)
    with read_session(county) as session:
        after = county_norms(session)
        assert after.value(AREA, Phase.SHORT) == 4.5
        assert after.limits[Phase.SHORT] == (LimitKind.AREA, LimitKind.WATER)
        assert after.version is not None
        assert before.version is not None
        assert after.version > before.version


def test_what_cannot_be_is_refused(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        one, stored = session.scalars(select(County)).one(), stored_set(session, "own-1")
        for key, phase, value, source, match in (
            (AREA, Phase.SHORT, -1, "x", "A figure is greater than zero"),
            (AREA, Phase.SHORT, 3, " ", "Every figure says where it comes from"),
            ("moon.gravity", None, 3, "x", "There is no such figure"),
            ("rules.confirm_every_days", None, 3, "x", "There is no such figure"),
        ):
            with pytest.raises(Refused, match=match):
                set_figure(session, stored, key, phase, value=value, source=source)
        with pytest.raises(Refused, match="Another set bears this name"):
            make_set(session, one, name="oma SARJA", based_on="sphere")
        with pytest.raises(Refused, match="at least one thing limits"):
            set_limits(session, stored, {Phase.SHORT: ()})
        with pytest.raises(NotFound, match="There is no norm set of this name"):
            make_set(session, one, name="Toinen", based_on="mars")
        with pytest.raises(NotFound, match="comes with prep is not changed"):
            stored_set(session, "finland")
        choose_norms(session, one, "own-1")
        with pytest.raises(Conflict, match="judged by this set"):
            remove_set(session, stored)
        choose_norms(session, one, "sphere")
        remove_set(session, stored)
        assert "own-1" not in all_norms(session)
