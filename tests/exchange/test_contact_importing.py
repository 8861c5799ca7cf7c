"""Lists of contacts: what they would change, what is wrong with them, and the change itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import audit, undo
from prep.auth.permissions import Granted, Viewer
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.exchange.contact_applying import apply_contacts
from prep.exchange.contact_importing import owner_called, plan_contacts
from prep.exchange.contact_plan import ContactPlan, Outcome, PlannedPerson, rights_of
from prep.exchange.findings import Severity
from prep.exchange.importing import Change
from prep.exchange.tables import Table, read_table
from prep.exchange.vocabulary import ListKind
from prep.models import Absence, Body, ContactPoint, Person, Role, RoleTerm, SeatTerm
from prep.registry.appointments import appoint
from prep.registry.people import PersonDetails, add_absence, add_person, add_point, confirm_point
from prep.terms import AccountRole, ContactKind, Evidence, Language
from tests.exchange.files import one_sheet

ON = date(2026, 11, 22)
AINO = {
    "Nimi": "Aino Esimerkki",
    "Nimike": "Kunnanjohtaja",
    "Organisaatio": "Perhon kunta",
    "Kunta": "Perho",
    "Matkapuhelin": "040 100 1000",
    "Työpuhelin": "06 100 1001",
    "Sähköposti": "Aino.Esimerkki@perho.fi",
    "VIRVE": "1234567",
    "Kieli": "ruotsi",
    "Toimielin": "Häiriötilanteiden johtoryhmä",
    "Paikka": "Kunnanjohtaja",
    "Varsinainen vai vara": "varsinainen",
    "Alkaa": "1.6.2025",
    "Päättyy": "31.5.2029",
    "Päättäjä": "Kunnanhallitus",
    "Päätöspäivä": "12.5.2025",
    "Pykälä": "112",
}
EERO = {"Nimi": "Eero Mallikas", "Kunta": "Perho", "Matkapuhelin": "040 100 1002"}


def listed(*rows: Mapping[str, Any]) -> Table:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [[row.get(heading) for heading in headings] for row in rows]
    return read_table(one_sheet(headings, *cells), name="lista.xlsx", kind=ListKind.CONTACTS)


def planned(county: Engine, *rows: Mapping[str, Any], **how: Any) -> ContactPlan:
    with read_session(county) as session:
        return plan_contacts(session, listed(*rows), on=ON, **how)


def imported(county: Engine, *rows: Mapping[str, Any], **how: Any) -> ContactPlan:
    with write_session(county, actor="account: aino") as session:
        plan = plan_contacts(session, listed(*rows), on=ON, **how)
        apply_contacts(session, plan, on=ON)
        return plan


def counts(plan: ContactPlan) -> tuple[int, int, int, int]:
    new, changed, unchanged = (len(plan.of(one)) for one in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED))
    return new, changed, unchanged, len(plan.refused)


def told(plan: ContactPlan) -> list[tuple[int | None, str | None, str]]:
    return [(one.place.row, one.field, str(one.rule)) for one in plan.findings]


def only(plan: ContactPlan) -> PlannedPerson:
    (person,) = plan.people
    return person


def everything(county: Engine) -> list[tuple[Any, ...]]:
    """What stands in the registry about people, without the versions."""
    with read_session(county) as session:
        return [
            tuple(getattr(row, column.key) for column in model.__table__.columns if column.key != "version")
            for model in (Person, ContactPoint, Absence, RoleTerm, SeatTerm)
            for row in session.scalars(select(model).order_by(model.id))  # type: ignore[attr-defined]
        ]


def seat_of(session: Session, key: str, *, body: str = "management-group-584") -> Any:
    group = session.scalars(select(Body).where(Body.key == body)).one()
    return next(seat for seat in group.seats if seat.key == key)


def holders(county: Engine, key: str = "manager") -> list[tuple[str, int, date, date | None]]:
    with read_session(county) as session:
        terms = seat_of(session, key).terms
        found = [(term.person.name, term.rank, term.starts, term.ends) for term in terms]
        return sorted(found, key=lambda one: (one[1], one[2]))


@pytest.fixture
def person(county: Engine) -> int:
    """Aino with a mobile number that was confirmed."""
    with write_session(county, actor="test") as session:
        made = add_person(session, PersonDetails(name="Aino Esimerkki", title="Johtaja", municipality="584"))
        point = add_point(session, made, ContactKind.MOBILE, "040 100 1000", operator="Elisa")
        confirm_point(point, on=ON, by="Aino")
        return made.id


def test_a_new_row_lands_with_everything_it_says(county: Engine) -> None:
    plan = imported(county, AINO)
    assert (counts(plan), told(plan)) == ((1, 0, 0, 0), [])
    with read_session(county) as session:
        one = session.scalars(select(Person).where(Person.key.is_(None))).one()
        assert (one.name, one.title, one.organisation, one.municipality_code, one.language) == (
            "Aino Esimerkki",
            "Kunnanjohtaja",
            "Perhon kunta",
            "584",
            Language.SV,
        )
        assert [(point.kind, point.value, point.purpose, point.evidence) for point in one.contact_points] == [
            (ContactKind.MOBILE, "+358401001000", "", Evidence.TYPED),
            (ContactKind.LANDLINE, "+35861001001", "arbete", Evidence.TYPED),
            (ContactKind.EMAIL, "aino.esimerkki@perho.fi", "", Evidence.TYPED),
            (ContactKind.AUTHORITY_RADIO, "1234567", "", Evidence.TYPED),
        ]
        term = session.scalars(select(SeatTerm)).one()
        assert (term.starts, term.ends, term.rank) == (date(2025, 6, 1), date(2029, 5, 31), 0)
        assert (term.decided_by, term.decided_on, term.decision_section) == (
            "Kunnanhallitus",
            date(2025, 5, 12),
            "112",
        )
        assert audit.verify(session) == []


def test_the_same_list_again_changes_nothing(county: Engine) -> None:
    imported(county, AINO, EERO)
    with read_session(county) as session:
        before = audit.head(session)
    assert counts(imported(county, AINO, EERO)) == (0, 0, 2, 0)
    with read_session(county) as session:
        assert audit.head(session) == before


def test_planning_changes_nothing(county: Engine) -> None:
    before = everything(county)
    planned(county, AINO)
    assert everything(county) == before


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (
            ("Namn", "Kommun", "Mobil", "E-post", "Roll", "Från och med", "Språk"),
            (
                "Aino Esimerkki",
                "Perho",
                "040 100 1000",
                "a@perho.fi",
                "Kontaktperson för beredskap",
                "1.6.2025",
                "svenska",
            ),
        ),
        (
            (
                "Last name",
                "First name",
                "Municipality",
                "Mobile phone",
                "E-mail",
                "Role",
                "Starts",
                "Language",
            ),
            (
                "Esimerkki",
                "Aino",
                "584",
                "+358 40 100 1000",
                "a@perho.fi",
                "preparedness-contact",
                "2025-06-01",
                "sv",
            ),
        ),
    ],
)
def test_headings_of_three_languages_are_guessed(
    county: Engine, headings: Sequence[str], row: Sequence[str]
) -> None:
    with read_session(county) as session:
        name = (
            session.scalars(
                select(Role).where(Role.key == "preparedness-contact", Role.municipality_code == "584")
            )
            .one()
            .name_sv
        )
    cells = dict(zip(headings, row, strict=True))
    if "Roll" in cells:
        cells["Roll"] = name
    plan = imported(county, cells)
    assert (counts(plan), told(plan)) == ((1, 0, 0, 0), [])
    with read_session(county) as session:
        one = session.scalars(select(Person).where(Person.key.is_(None))).one()
        assert (one.name, one.language, [point.value for point in one.contact_points]) == (
            "Aino Esimerkki",
            Language.SV,
            ["+358401001000", "a@perho.fi"],
        )
        assert session.scalars(select(RoleTerm)).one().starts == date(2025, 6, 1)


def test_a_change_is_told_field_by_field_and_then_made(county: Engine, person: int) -> None:
    plan = imported(
        county, AINO | {"Matkapuhelin": "040 100 1007", "Kieli": None, "Toimielin": None, "Paikka": None}
    )
    one = only(plan)
    # Neither the number nor the e-mail is known: it is the name in the municipality that tells who it is.
    assert (one.person_id, one.outcome) == (person, Outcome.CHANGED)
    assert one.changes == (
        Change("title", "Johtaja", "Kunnanjohtaja"),
        Change("organisation", "", "Perhon kunta"),
    )
    assert [(step.kind, step.before, step.value) for step in one.points] == [
        (ContactKind.MOBILE, "+358401001000", "+358401001007"),
        (ContactKind.LANDLINE, "", "+35861001001"),
        (ContactKind.EMAIL, "", "aino.esimerkki@perho.fi"),
        (ContactKind.AUTHORITY_RADIO, "", "1234567"),
    ]
    with read_session(county) as session:
        first = session.get_one(Person, person).contact_points[0]
        # Another number is another value: what was confirmed of the old one counts no more.
        assert (first.value, first.evidence, first.confirmed_on, first.operator) == (
            "+358401001007",
            Evidence.TYPED,
            None,
            "Elisa",
        )


def test_what_the_list_does_not_say_stays(county: Engine, person: int) -> None:
    before = everything(county)
    plan = imported(
        county, {"Nimi": "ESIMERKKI Aino", "Kunta": "perho", "Nimike": "", "Matkapuhelin": "ei tiedossa"}
    )
    assert (counts(plan), everything(county)) == ((0, 0, 1, 0), before)


def test_one_of_several_numbers_is_added_and_the_others_stay(county: Engine, person: int) -> None:
    with write_session(county, actor="test") as session:
        add_point(session, session.get_one(Person, person), ContactKind.MOBILE, "040 100 1003")
    plan = imported(county, AINO | {"Matkapuhelin": "040 100 1007", "Toimielin": None, "Paikka": None})
    assert "The registry knows other numbers of this kind: they stay, and this one is added." in [
        rule for _, _, rule in told(plan)
    ]
    with read_session(county) as session:
        mobile = [point.value for point in session.get_one(Person, person).contact_points]
        assert mobile[:3] == ["+358401001000", "+358401001003", "+358401001007"]


def test_somebody_is_known_by_the_number_wherever_they_have_moved(county: Engine, person: int) -> None:
    one = only(planned(county, {"Nimi": "Esimerkki, Aino", "Kunta": "Halsua", "Puhelin": "+358 40 1001000"}))
    assert (one.person_id, one.changes) == (person, (Change("municipality", "584", "074"),))


def test_a_slip_of_the_pen_is_put_right_and_told(county: Engine, person: int) -> None:
    plan = planned(county, {"Nimi": "Aino Esimerki", "Kunta": "Perho", "Puhelin": "040 100 1000"})
    assert only(plan).changes == (Change("name", "Aino Esimerkki", "Aino Esimerki"),)
    assert told(plan) == [(2, "name", "By the number it is “Aino Esimerkki”, whose name is almost the same.")]


def test_a_number_that_is_somebody_else_s_is_a_finding_and_no_guess(county: Engine, person: int) -> None:
    plan = imported(county, EERO | {"Matkapuhelin": "040 100 1000"})
    assert (counts(plan), plan.refused) == ((0, 0, 0, 1), {2: "Eero Mallikas"})
    assert told(plan) == [(2, "name", "The number or e-mail is that of “Aino Esimerkki” in the registry.")]
    # Of a fixed number it is only said: it can be the switchboard.
    with write_session(county, actor="test") as session:
        add_point(session, session.get_one(Person, person), ContactKind.LANDLINE, "06 100 1001")
    plan = planned(county, EERO | {"Työpuhelin": "06 100 1001"})
    assert counts(plan) == (1, 0, 0, 0)
    assert [rule for _, _, rule in told(plan)] == [
        "The number or e-mail is also that of “Aino Esimerkki” in the registry."
    ]


def test_two_of_the_same_name_are_told_apart_by_the_number_or_not_at_all(county: Engine, person: int) -> None:
    with write_session(county, actor="test") as session:
        other = add_person(session, PersonDetails(name="Aino Esimerkki", municipality="584"))
        add_point(session, other, ContactKind.EMAIL, "toinen@perho.fi")
        number = other.id
    plan = planned(county, {"Nimi": "Aino Esimerkki", "Kunta": "Perho", "Nimike": "X"})
    assert [rule for _, _, rule in told(plan)] == [
        "It can be several people of the registry: Aino Esimerkki (Perho), Aino Esimerkki (Perho)."
    ]
    plan = planned(
        county, {"Nimi": "Aino Esimerkki", "Kunta": "Perho", "Nimike": "X", "Sähköposti": "toinen@perho.fi"}
    )
    assert only(plan).person_id == number
    plan = planned(county, {"Nimi": "Aino Esimerkki", "Kunta": "Perho", "Nimike": "X", "Prep-numero": number})
    assert only(plan).person_id == number


def test_the_number_in_prep_counts_only_together_with_the_name_or_a_number(
    county: Engine, person: int
) -> None:
    renamed = {"Nimi": "Aino Uusi", "Kunta": "Perho", "Puhelin": "040 100 1000", "Prep-numero": person}
    assert only(planned(county, renamed)).changes == (Change("name", "Aino Esimerkki", "Aino Uusi"),)
    plan = planned(county, EERO | {"Prep-numero": person})
    assert [rule for _, _, rule in told(plan)] == ["Under this number prep knows “Aino Esimerkki”."]
    plan = planned(county, EERO | {"Prep-numero": 4711})
    assert counts(plan) == (1, 0, 0, 0)
    assert [one.severity for one in plan.findings] == [Severity.NOTE]


def test_rows_of_one_person_are_put_together(county: Engine) -> None:
    second = {
        "Nimi": "Aino Esimerkki",
        "Kunta": "Perho",
        "Rooli": "preparedness-contact",
        "Alkaa": "1.1.2026",
        "Nimike": "Muu",
    }
    plan = imported(county, AINO, second)
    one = only(plan)
    assert (one.rows, len(one.terms)) == ((2, 3), 2)
    assert told(plan) == [(3, "title", "Row 2 says something else of the same person: that was taken.")]
    # With other numbers nobody knows whether it is the same.
    plan = planned(county, EERO, EERO | {"Matkapuhelin": "040 100 1009"})
    assert (counts(plan), plan.refused) == ((1, 0, 0, 1), {3: "Eero Mallikas"})
    assert [rule for _, _, rule in told(plan)] == [
        "Row 2 has the same name with other numbers: it may be another person."
    ]


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"Matkapuhelin": "12"}, "mobile", "It is not a telephone number that can be dialled."),
    ({"Matkapuhelin": "112"}, "mobile", "It is an emergency number, not the number of a person or desk."),
    (
        {"Matkapuhelin": "040 100 1000 / 040 100 1002"},
        "mobile",
        "Several numbers in one cell: each is kept, in this order.",
    ),
    (
        {"Matkapuhelin": "3,58E+11"},
        "mobile",
        "The spreadsheet has shortened the number: its last digits are lost.",
    ),
    ({"Matkapuhelin": "eero@perho.fi"}, "mobile", "It is an e-mail address, not a telephone number."),
    ({"Matkapuhelin": "+358 ** *** **02"}, "mobile", "It is masked: what the registry knows of it stays."),
    (
        {"Matkapuhelin": "06 100 1001"},
        "mobile",
        "By its first digits it is no mobile number: it was taken as a fixed one.",
    ),
    ({"Sähköposti": "040 100 1002"}, "email", "It is a telephone number, not an e-mail address."),
    ({"Sähköposti": "eero(at)perho"}, "email", "It is not an e-mail address."),
    ({"Kunta": "Perhoo"}, "municipality", "There is no such municipality in this county."),
    ({"Kunta": ""}, "municipality", "The row does not say which municipality it belongs to."),
    ({"Nimi": "x" * 300}, "name", "The text has 300 characters; at most 120 are kept."),
    ({"Nimi": "040 100 1002"}, "name", "This is a number or an address, not a name."),
    ({"Nimi": "Perho"}, "name", "This is the name of a municipality, not of a person."),
    ({"Nimi": "Yhteensä"}, "name", "The row adds up the others, it is nobody."),
    ({"Nimi": "–"}, "name", "The row has no name."),
    ({"Nimi": "Eero\u00adM"}, "name", "It holds letters and signs that can be seen."),
    ({"Kieli": "savo"}, "language", "It is not a language that prep knows."),
    (
        {"Rooli": "Varautumisen yhteyshenkilöö x"},
        "role",
        "There is no role of this name here. The post was not given.",
    ),
    (
        {"Toimielin": "Häiriötilanteiden johtorymä"},
        "body",
        "There is no body of this name here. The post was not given.",
    ),
    (
        {"Toimielin": "Häiriötilanteiden johtoryhmä"},
        "body",
        "The row does not say which seat of the body it is. The post was not given.",
    ),
    (
        {"Toimielin": "Häiriötilanteiden johtoryhmä", "Paikka": "Pormestari"},
        "seat",
        "The body has no seat of this name. The post was not given.",
    ),
    ({"Paikka": "Kunnanjohtaja"}, "seat", "The row names a seat and no body. The post was not given."),
    (
        {"Rooli": "preparedness-contact", "Varsinainen vai vara": "ehkä"},
        "rank",
        "It does not say whether the person holds the post or stands in.",
    ),
    (
        {"Rooli": "preparedness-contact", "Alkaa": "1.6.2026", "Päättyy": "1.5.2026"},
        "role",
        "A term does not end before its first day, 1.6.2026. The post was not given.",
    ),
    ({"Rooli": "preparedness-contact", "Päättyy": "2027"}, "ends", "A last day is told as a whole day."),
    (
        {"Rooli": "preparedness-contact", "Päättyy": "1.5.2026"},
        "role",
        "The term is over, and the row does not say when it began. The post was not given.",
    ),
    (
        {"Rooli": "preparedness-contact", "Järjestys": 12},
        "rank_order",
        "The number is not plausible: it is from 0 to 9.",
    ),
    (
        {"Poissa alkaen": "1.12.2026"},
        "absent_from",
        "The row does not say until when: the absence was not taken.",
    ),
    (
        {"Poissa asti": "1.11.2026"},
        "absent_until",
        "The absence ends before it begins, or is over: it was not taken.",
    ),
]


@pytest.mark.parametrize(
    ("bad", "field", "rule"), BAD, ids=[f"{field}-{rule[:30]}" for _, field, rule in BAD]
)
def test_what_is_wrong_is_named_with_its_row_its_rule_and_its_remedy(
    county: Engine, bad: Mapping[str, Any], field: str, rule: str
) -> None:
    plan = planned(county, {**AINO, "Nimi": "Outi Malli"}, EERO | bad)
    (finding,) = [one for one in plan.findings if one.place.row == 3 and str(one.rule) == rule]
    assert (finding.place.file, finding.field) == ("lista.xlsx", field)
    assert str(finding.remedy)
    # Every row is somebody's or refused, with a finding that says why.
    rows = {row for one in plan.people for row in one.rows}
    assert rows | set(plan.refused) == {2, 3}
    refused = {one.place.row for one in plan.findings if one.severity is Severity.REFUSED}
    assert refused == set(plan.refused)
    # A number is never told whole.
    assert "1001002" not in " ".join(f"{one.value}" for one in plan.findings if one.field == "mobile")


def test_the_nearest_names_of_roles_and_seats_are_offered(county: Engine) -> None:
    plan = planned(county, EERO | {"Toimielin": "Häiriötilanteiden johtoryhmä", "Paikka": "Kunanjohtaja"})
    assert "Kunnanjohtaja" in str(plan.findings[0].remedy)


def test_swapped_columns_are_found_out(county: Engine) -> None:
    rows = [
        {"Nimi": f"040 100 10{n:02d}", "Puhelin": f"Ihminen {chr(65 + n)}", "Kunta": "Perho"}
        for n in range(5)
    ]
    plan = planned(county, *rows)
    assert (counts(plan), told(plan)[:2]) == (
        (0, 0, 0, 5),
        [
            (1, "name", "Most cells of this column hold numbers or addresses, not names."),
            (1, "phone", "Most cells of this column hold no number."),
        ],
    )
    right = planned(county, *rows, mapping={"Nimi": "phone", "Puhelin": "name"})
    assert counts(right) == (5, 0, 0, 0)


MANAGER = {"Toimielin": "Häiriötilanteiden johtoryhmä", "Paikka": "Kunnanjohtaja"}


def test_terms_that_overlap_in_the_list_are_told_and_the_second_not_given(county: Engine) -> None:
    plan = planned(county, AINO, EERO | MANAGER | {"Alkaa": "1.6.2026"})
    assert told(plan) == [
        (3, "seat", "Row 2 gives it to Aino Esimerkki on the same days. The post was not given.")
    ]
    assert [len(one.terms) for one in plan.people] == [1, 0]


def test_whoever_holds_the_post_makes_way_and_that_is_shown(county: Engine, person: int) -> None:
    with write_session(county, actor="test") as session:
        appoint(
            session, seat_of(session, "manager"), session.get_one(Person, person), starts=date(2025, 6, 1)
        )
    plan = imported(county, EERO | MANAGER | {"Alkaa": "1.12.2026"})
    (step,) = only(plan).terms
    assert step.makes_way == (("Aino Esimerkki", date(2026, 11, 30)),)
    assert holders(county) == [
        ("Aino Esimerkki", 0, date(2025, 6, 1), date(2026, 11, 30)),
        ("Eero Mallikas", 0, date(2026, 12, 1), None),
    ]
    # What was over long ago takes nothing from anybody.
    past = {
        "Nimi": "Outi Malli",
        "Kunta": "Perho",
        "Puhelin": "040 100 1005",
        "Alkaa": "1.8.2025",
        "Päättyy": "1.9.2025",
    }
    plan = planned(county, past | MANAGER)
    assert [rule for _, _, rule in told(plan)] == [
        "A term that begins on 1.6.2025 is already recorded. The post was not given."
    ]


def test_without_a_first_day_a_term_begins_on_the_day_of_the_import(county: Engine) -> None:
    plan = imported(county, EERO | MANAGER)
    assert [rule for _, _, rule in told(plan)] == ["Terms for which the list tells no first day: 1."]
    assert holders(county) == [("Eero Mallikas", 0, ON, None)]
    assert counts(imported(county, EERO | MANAGER)) == (0, 0, 1, 0)


def test_a_term_is_corrected_and_two_change_places(county: Engine) -> None:
    rank = "Varsinainen vai vara"
    start = {"Alkaa": "1.6.2025"}
    imported(
        county,
        AINO | {"Päättyy": None},
        EERO | MANAGER | start | {rank: "1. varahenkilö"},
    )
    plan = imported(
        county,
        AINO | {rank: "1. varahenkilö", "Päättyy": None},
        EERO | MANAGER | start | {rank: "varsinainen", "Päättyy": "31.5.2027"},
    )
    assert [one.terms[0].changes for one in plan.people] == [
        (Change("rank", 0, 1),),
        (Change("ends", None, date(2027, 5, 31)), Change("rank", 1, 0)),
    ]
    assert holders(county) == [
        ("Eero Mallikas", 0, date(2025, 6, 1), date(2027, 5, 31)),
        ("Aino Esimerkki", 1, date(2025, 6, 1), None),
    ]
    # An end can be taken back, and a deputy without an order keeps the own one.
    imported(
        county, AINO | {rank: "vara", "Päättyy": "toistaiseksi"}, EERO | MANAGER | {"Päättyy": "toistaiseksi"}
    )
    assert [one[1:] for one in holders(county)] == [(0, date(2025, 6, 1), None), (1, date(2025, 6, 1), None)]


def test_nobody_is_their_own_deputy(county: Engine) -> None:
    plan = planned(county, AINO, AINO | {"Varsinainen vai vara": "vara"})
    assert told(plan) == [(3, "seat", "Nobody is their own deputy. The post was not given.")]


def test_deputies_of_each_other_are_told(county: Engine) -> None:
    rank = "Varsinainen vai vara"
    technical = {"Toimielin": "management-group-584", "Paikka": "technical"}
    plan = planned(
        county,
        AINO,
        AINO | technical | {rank: "vara"},
        EERO | technical | {rank: "varsinainen", "Alkaa": "1.6.2025"},
        EERO | MANAGER | {rank: "vara", "Alkaa": "1.6.2025"},
    )
    assert told(plan) == [
        (
            5,
            "seat",
            "Aino Esimerkki, Eero Mallikas stand in for each other in Perho: häiriötilanteiden johtoryhmä.",
        )
    ]
    assert [one.severity for one in plan.findings] == [Severity.WARNING]
    assert plan.appointments == 4


def test_an_absence_is_noted_corrected_and_not_doubled(county: Engine, person: int) -> None:
    row = {"Nimi": "Aino Esimerkki", "Kunta": "Perho"}
    imported(county, row | {"Poissa asti": "30.11.2026"})
    with read_session(county) as session:
        (one,) = session.get_one(Person, person).absences
        assert (one.starts, one.ends) == (ON, date(2026, 11, 30))
    assert counts(planned(county, row | {"Poissa asti": "30.11.2026"})) == (0, 0, 1, 0)
    imported(county, row | {"Poissa alkaen": "20.11.2026", "Poissa asti": "toistaiseksi"})
    with read_session(county) as session:
        (one,) = session.get_one(Person, person).absences
        assert (one.starts, one.ends) == (date(2026, 11, 20), None)
    with write_session(county, actor="test") as session:
        someone = add_person(session, PersonDetails(name="Outi Malli", municipality="584"))
        add_absence(session, someone, starts=date(2026, 12, 1), ends=date(2026, 12, 2))
        add_absence(session, someone, starts=date(2026, 12, 5), ends=date(2026, 12, 6))
    plan = planned(
        county,
        {"Nimi": "Outi Malli", "Kunta": "Perho", "Poissa alkaen": "1.12.2026", "Poissa asti": "31.12.2026"},
    )
    assert [rule for _, _, rule in told(plan)] == [
        "These days overlap with several absences on record: they were not taken."
    ]


def test_those_whom_the_list_does_not_name_are_told_and_stay(county: Engine, person: int) -> None:
    plan = imported(county, EERO)
    assert [(one.person_id, one.name) for one in plan.gone] == [(person, "Aino Esimerkki")]
    # Halsua is not on the list at all: nothing can be said of its people.
    assert planned(county, EERO | {"Kunta": "Halsua"}).gone == ()


def test_a_list_of_one_owner_needs_no_column_for_it(county: Engine) -> None:
    row = {"Nimi": "Eero Mallikas", "Puhelin": "040 100 1002"}
    with pytest.raises(Refused, match="No column tells the municipality"):
        planned(county, row)
    with read_session(county) as session:
        perho, whole = owner_called(session, "Perho"), owner_called(session, "hyvinvointialue")
        with pytest.raises(Refused, match="Nearest: Perho"):
            owner_called(session, "Perhoo")
    assert only(planned(county, row, owner=perho)).details.municipality == "584"
    assert only(planned(county, row, owner=whole)).details.municipality is None
    plan = planned(county, row | {"Kunta": "Halsua"}, owner=perho)
    assert [rule for _, _, rule in told(plan)] == ["The row is of another municipality than Perho."]


def test_nobody_else_s_people_are_changed_seen_or_told_of(county: Engine, person: int) -> None:
    codes = frozenset({"074", "584"})
    halsua = rights_of(Viewer("x", frozenset({Granted(AccountRole.MUNICIPAL_CONTACT, "074")}), codes))
    plan = planned(county, EERO, rights=halsua)
    assert [rule for _, _, rule in told(plan)] == [
        "The person belongs where your account may not keep contacts."
    ]
    # Aino of Perho has this number: whoever keeps Halsua's people does not learn it.
    plan = planned(county, EERO | {"Kunta": "Halsua", "Matkapuhelin": "040 100 1000"}, rights=halsua)
    assert (counts(plan), told(plan), plan.gone) == ((1, 0, 0, 0), [], ())
    with read_session(county) as session:
        seat = session.scalars(select(Body).where(Body.key == "alueturva-board")).one().seats[0]
        board = {"Toimielin": seat.body.name_fi, "Paikka": seat.key}
    plan = planned(county, EERO | {"Kunta": "Halsua"} | board, rights=halsua)
    assert [rule for _, _, rule in told(plan)] == [
        "Your account may not fill this post. The post was not given."
    ]
    perho = MANAGER | {"Toimielin": "Perho: häiriötilanteiden johtoryhmä"}
    plan = planned(county, EERO | {"Kunta": "Halsua"} | perho, rights=halsua)
    assert [rule for _, _, rule in told(plan)] == [
        "There is no body of this name here. The post was not given."
    ]
    assert "Perho" not in str(plan.findings[0].remedy)


def test_a_plan_of_yesterdays_registry_is_refused(county: Engine) -> None:
    plan = planned(county, AINO)
    imported(county, EERO)
    for on in (ON, date(2026, 11, 23)):
        with (
            pytest.raises(Refused, match="The registry has changed since the difference was looked at"),
            write_session(county, actor="test") as session,
        ):
            apply_contacts(session, plan, on=on)


def test_an_import_is_taken_back_and_that_again(county: Engine, person: int) -> None:
    with write_session(county, actor="test") as session:
        appoint(
            session, seat_of(session, "manager"), session.get_one(Person, person), starts=date(2025, 6, 1)
        )
    before = everything(county)
    with write_session(county, actor="account: aino") as session:
        rows = [
            {
                "Nimi": "Aino Esimerkki",
                "Kunta": "Perho",
                "Puhelin": "040 100 1011",
                "Poissa asti": "30.11.2026",
            },
            EERO | MANAGER | {"Alkaa": "1.12.2026"},
            {
                "Nimi": "Outi Malli",
                "Kunta": "Perho",
                "Sähköposti": "outi@perho.fi",
                "Rooli": "preparedness-contact",
            },
        ]
        apply_contacts(session, plan_contacts(session, listed(*rows), on=ON), on=ON)
        done = undo.last_change(session)
    assert done is not None
    after = everything(county)
    assert after != before
    with write_session(county, actor="account: aino") as session:
        undo.take_back(session, undo.rows_of(session, *done, actor="account: aino"))
    assert everything(county) == before
    with read_session(county) as session:
        again = (done[1] + 1, audit.head(session)[0])
    with write_session(county, actor="account: aino") as session:
        undo.take_back(session, undo.rows_of(session, *again, actor="account: aino"))
    assert everything(county) == after
