"""What somebody said of the columns of a list: proposed when it comes again, and forgotten."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.db import write_session
from prep.exchange.importing import plan_import
from prep.exchange.mapping import map_columns
from prep.exchange.remembering import forget, remember, remembered, said_before
from prep.exchange.tables import Table, read_table
from prep.exchange.vocabulary import ListKind
from prep.models import AuditEntry, Municipality, RememberedColumn

SAID, NOW = date(2026, 4, 3), date(2026, 11, 22)
HEAD = "Sali;Tilan tunnus;Suuruus"


@pytest.fixture
def session(county):
    with write_session(county, actor="test") as session:
        yield session


def table(head: str = HEAD, row: str = "Iso sali;A 12;400") -> Table:
    return read_table(f"Kunta;Wc;{head}\nPerho;9;{row}\n".encode(), name="tilat.csv")


def fields(session: Session, found: Table, code: str | None = "584") -> dict[str, str]:
    before = said_before(session, found, municipality=code)
    mapping = map_columns(found, given={"Sali": "name"}, before=before)
    return {match.heading: match.field for match in mapping.matches}


def say(session: Session, found: Table, code: str | None = "584", **columns: str) -> None:
    given = {found.headings.index(heading): field for heading, field in columns.items()}
    remember(session, found, given, municipality=code, by="aino", on=SAID)


def test_what_was_said_is_proposed_with_the_day(session: Session) -> None:
    found = table()
    say(session, found, Sali="name", Suuruus="net_area_m2")
    municipality = session.get_one(Municipality, "584")
    plan = plan_import(session, table(row="Toinen;B 1;300"), on=NOW, municipality=municipality)
    assert [(match.heading, match.field, match.said_on) for match in plan.mapping.matches] == [
        ("Kunta", "municipality", None),
        ("Wc", "toilets", None),
        ("Sali", "name", SAID),
        ("Suuruus", "net_area_m2", SAID),
    ]
    told = [str(one) for one in plan.findings if "As was said on 3.4.2026" in str(one)]
    assert told[0].startswith(
        "tilat.csv, row 1, column C: “Sali” As was said on 3.4.2026, the column is read"
    )
    assert len(told) == 2


def test_a_column_that_was_left_out_is_left_out_again_and_that_is_told(session: Session) -> None:
    found = table(head="Sali;Omistaja;Suuruus")
    say(session, found, Sali="name", Omistaja="")
    assert "Omistaja" not in fields(session, found)
    before = said_before(session, found, municipality="584")
    told = [str(one) for one in map_columns(found, before=before).findings]
    assert any("“Omistaja” As was said on 3.4.2026, the column is left out" in one for one in told)


def test_it_holds_for_the_municipality_that_said_it_alone(session: Session) -> None:
    say(session, table(), Suuruus="net_area_m2")
    assert "Suuruus" in fields(session, table())
    assert "Suuruus" not in fields(session, table(), "272")
    assert "Suuruus" not in fields(session, table(), None)


def test_another_list_of_the_municipality_with_such_a_column_is_read_alike(session: Session) -> None:
    say(session, table(), Suuruus="net_area_m2")
    other = table(head="Sali;SUURUUS;Muuta", row="Iso;400;x")
    assert fields(session, other)["SUURUUS"] == "net_area_m2"
    # What is said of this list counts before what was said of another.
    say(session, other, SUURUUS="beds")
    assert fields(session, other)["SUURUUS"] == "beds"
    assert fields(session, table())["Suuruus"] == "net_area_m2"


def test_what_is_said_now_goes_before_what_was_said(session: Session) -> None:
    found = table()
    say(session, found, Suuruus="net_area_m2")
    before = said_before(session, found, municipality="584")
    mapping = map_columns(found, given={"Sali": "name", "Suuruus": "beds"}, before=before)
    assert {match.field: match.said_on for match in mapping.matches} == {
        "municipality": None,
        "toilets": None,
        "name": None,
        "beds": None,
    }
    # The field that was said of another column is not told twice.
    mapping = map_columns(found, given={"Sali": "name", "Tilan tunnus": "net_area_m2"}, before=before)
    assert {match.heading: match.field for match in mapping.matches}["Tilan tunnus"] == "net_area_m2"


def test_only_what_would_not_be_guessed_is_remembered_and_a_change_of_mind_counts(session: Session) -> None:
    found = table(head="Sali;Omistaja;Suuruus")
    say(session, found, Sali="name", Omistaja="owner", Suuruus="")
    assert {
        row.heading: row.field for row in remembered(session, ListKind.PREMISES, municipalities=["584"])
    } == {"sali": "name"}
    say(session, found, Sali="address")
    assert [row.field for row in remembered(session, ListKind.PREMISES, municipalities=["584"])] == [
        "address"
    ]
    say(session, found, Sali="")
    assert remembered(session, ListKind.PREMISES, municipalities=["584"]) == []


def test_columns_without_a_heading_of_their_own_are_known_by_their_place_in_the_same_list(
    session: Session,
) -> None:
    found = table(head="Sali;;Nro;Nro", row="Iso;x;1;2")
    remember(session, found, {3: "owner", 5: "beds"}, municipality="584", by="aino", on=SAID)
    again = said_before(session, found, municipality="584")
    assert {column: one.field for column, one in again.items()} == {3: "owner", 5: "beds"}
    assert said_before(session, table(head="Sali;;Nro", row="Iso;x;1"), municipality="584") == {}


def test_what_is_forgotten_is_guessed_again_and_the_trail_keeps_both(session: Session) -> None:
    found = table()
    say(session, found, Suuruus="net_area_m2")
    forget(session, remembered(session, ListKind.PREMISES, municipalities=["584"]))
    assert session.scalars(select(RememberedColumn)).all() == []
    assert "Suuruus" not in fields(session, found)
    session.flush()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "remembered_column")).all()
    assert [one.action for one in entries] == ["insert", "delete"]


def test_a_field_that_is_no_more_is_not_proposed(session: Session) -> None:
    say(session, table(), Suuruus="net_area_m2")
    for row in remembered(session, ListKind.PREMISES, municipalities=["584"]):
        row.field = "gone"
    assert said_before(session, table(), municipality="584") == {}
