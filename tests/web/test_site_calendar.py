"""The calendars of premises on pages: what takes them is written, changed, read from a file, taken back."""

import html
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import Site, SiteBooking
from prep.terms import AccountRole, BookingKind
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, send

WEEKLY = {
    "title": "Koulupäivät",
    "kind": "taken",
    "repeats": "weekly",
    "days": ["MO", "TU"],
    "starts": "2026-08-10",
    "ends": "2027-05-31",
    "from": "08:00",
    "to": "16:00",
    "except": "12.10.2026–16.10.2026, 2026-12-07",
}


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


@pytest.fixture
def number(apart: Flask) -> int:
    """Premises of which no calendar is kept."""
    with Session(engine_of(apart)) as session:
        query = select(Site.id).where(Site.municipality_code == "272", ~Site.bookings.any())
        return session.scalars(query).all()[0]


def bookings(app: Flask, number: int) -> list[SiteBooking]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        query = select(SiteBooking).where(SiteBooking.site_id == number).order_by(SiteBooking.id)
        return list(session.scalars(query))


def path(number: int, rest: str = "") -> str:
    return f"/evakuointipaikat/{number}/kalenteri{rest}"


def text(client: FlaskClient, where: str) -> str:
    return " ".join(html.unescape(client.get(f"{where}{'&' if '?' in where else '?'}lang=en").text).split())


def test_what_comes_again_is_kept_as_a_rule_shown_in_the_week_and_taken_back(
    apart: Flask, planner: FlaskClient, number: int
) -> None:
    answer = send(planner, path(number, "/uusi"), path(number, "/uusi"), **WEEKLY)
    assert answer.status_code == 303
    (row,) = bookings(apart, number)
    assert (row.kind, row.starts_on, row.starts_min, row.minutes) == (
        BookingKind.TAKEN,
        date(2026, 8, 10),
        480,
        480,
    )
    assert row.rule == "FREQ=WEEKLY;UNTIL=20270531T235959;BYDAY=MO,TU"
    assert row.excluded == [f"2026-10-{day}" for day in range(12, 17)] + ["2026-12-07"]
    week = text(planner, path(number, "?viikko=2026-12-02"))
    assert week.count("taken: Koulupäivät") == 2
    assert "not known: no calendar is kept" in week
    assert text(planner, path(number, "?viikko=2026-12-07")).count("taken: Koulupäivät") == 1
    page = planner.get(answer.headers["Location"])
    assert planner.post("/kumoa", data=hidden(page.text, "/kumoa")).status_code == 303
    assert bookings(apart, number) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            {"repeats": "once", "starts": "2026-12-05", "ends": "2026-12-06", "from": "18:00", "to": "10:00"},
            ("", 1080, 960),
        ),
        ({"repeats": "once", "starts": "2026-12-05", "ends": "", "from": "", "to": ""}, ("", 0, 1440)),
        (
            {"repeats": "once", "starts": "2026-12-05", "ends": "", "from": "22:00", "to": "06:00"},
            ("", 1320, 480),
        ),
        (
            {"repeats": "yearly", "starts": "2026-07-01", "ends": "2026-07-31", "from": "", "to": ""},
            ("FREQ=YEARLY", 0, 44640),
        ),
        (
            {
                "repeats": "rule",
                "rule": "freq=monthly;byday=1sa",
                "starts": "2026-12-05",
                "ends": "",
                "from": "9.00",
                "to": "12:00",
            },
            ("FREQ=MONTHLY;BYDAY=1SA", 540, 180),
        ),
    ],
)
def test_every_way_of_repeating_is_kept_and_comes_back_into_the_form_as_it_was(
    apart: Flask, planner: FlaskClient, number: int, typed: dict[str, str], kept: tuple[str, int, int]
) -> None:
    sent = {**WEEKLY, "except": "", **typed}
    assert send(planner, path(number, "/uusi"), path(number, "/uusi"), **sent).status_code == 303
    (row,) = bookings(apart, number)
    assert (row.rule, row.starts_min, row.minutes) == kept
    form = path(number, f"/{row.id}/muokkaa")
    fields = hidden(planner.get(form).text, form)
    page = planner.get(form).text
    assert f'<option value="{typed["repeats"]}" selected>' in page
    # Saved as it stands, nothing is changed.
    values = {
        name: value
        for name, value in sent.items()
        if name in {"title", "kind", "repeats", "days", "starts", "from", "to"}
    }
    again = planner.post(
        form,
        data={
            **fields,
            **values,
            "rule": typed.get("rule", ""),
            "ends": sent["ends"],
            "except": "",
            "notice_h": "",
        },
    )
    assert again.status_code == 303
    assert [(one.rule, one.starts_min, one.minutes) for one in bookings(apart, number)] == [kept]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"starts": "x"}, "First day: “x” It is a day, such as 2026-11-22."),
        ({"from": "25:00"}, "Begins at: “25:00” It is a time such as 8:00."),
        ({"to": ""}, "Both hours are written, or none for whole days."),
        ({"days": []}, "What comes every week comes on a weekday at least."),
        ({"except": "12.10."}, "Not on these days: “12.10.” It is a day or a span of days"),
        ({"except": "1.1.2026–1.1.2028"}, "It is a day or a span of days"),
        ({"kind": "x"}, "There is no such choice."),
        ({"kind": "on_notice"}, "With notice it is more than 0 and at most 336 hours, else empty."),
        ({"notice_h": "4"}, "With notice it is more than 0 and at most 336 hours, else empty."),
        ({"notice_h": "about 4"}, "It is a number of hours, such as 4."),
        ({"repeats": "x"}, "How it repeats: “x” There is no such choice."),
        ({"repeats": "rule", "rule": ""}, "It is needed where the repetition is told by a rule."),
        ({"repeats": "rule", "rule": "FREQ=SECONDLY"}, "It is a rule of RFC 5545"),
        (
            {"repeats": "once", "starts": "2026-12-05", "ends": "2026-12-01"},
            "It ends after it begins, and lasts a year at most.",
        ),
        (
            {"repeats": "once", "starts": "2026-12-05", "ends": "2028-12-05"},
            "It ends after it begins, and lasts a year at most.",
        ),
        ({"ends": "2026-08-01"}, "It comes at least once between its first and its last day."),
        ({"title": "x" * 201}, "It has at most 200 letters; this has 201."),
        ({"starts": "1950-01-01"}, "It lies between the years 2000 and 2100."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_with_everything_typed_still_there(
    apart: Flask, planner: FlaskClient, number: int, wrong: dict[str, str], sentence: str
) -> None:
    form = path(number, "/uusi")
    answer = planner.post(f"{form}?lang=en", data={**hidden(planner.get(form).text, form), **WEEKLY, **wrong})
    assert answer.status_code == 422
    said = " ".join(html.unescape(answer.text).split())
    assert sentence in said
    if "title" not in wrong:
        assert 'value="Koulupäivät"' in said
    assert bookings(apart, number) == []


def test_who_keeps_the_calendar_says_to_which_day_it_is_known(
    apart: Flask, planner: FlaskClient, number: int
) -> None:
    assert "Nobody keeps it" in text(planner, path(number))
    keep = path(number, "/pidetaan")
    assert send(planner, path(number), keep, known_until="2026-12-03").status_code == 303
    week = text(planner, path(number, "?viikko=2026-12-02"))
    assert week.count("not known: the calendar reaches to 3.12.2026") == 3
    assert send(planner, path(number), keep, known_until="x").status_code == 422
    assert send(planner, path(number), path(number, "/ei-pideta")).status_code == 303
    assert "no calendar is kept" in text(planner, path(number))


def test_the_list_and_the_map_tell_what_can_be_had_at_an_hour(planner: FlaskClient) -> None:
    taken = text(planner, "/evakuointipaikat?paiva=2026-12-02&klo=10&vapaana=taken&lang=en")
    assert "Koulupäivät" in taken
    assert "Places and map tell what can be had 2.12.2026 10.00" in taken
    free = text(planner, "/evakuointipaikat?paiva=2026-12-02&klo=20&vapaana=free")
    assert "koulu" in free
    assert "Koulupäivät" not in free
    counted = [
        int(
            text(planner, f"/evakuointipaikat?paiva=2026-12-02&klo={hour}")
            .split("confirmed sleeping places: ")[1]
            .split(" ·")[0]
            .replace(" ", "")
        )
        for hour in (10, 20)
    ]
    assert counted[0] < counted[1]
    for wrong in ("klo=24", "klo=-1", "klo=x", "klo=²", "paiva=2026-02-30", "vapaana=x"):
        assert planner.get(f"/evakuointipaikat?{wrong}").status_code == 422, wrong


def test_a_calendar_file_is_looked_at_first_then_taken_over_and_again_without_doubles(
    apart: Flask, planner: FlaskClient, number: int
) -> None:
    event = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Vuoro\r\nDTSTART:20261201T160000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
    broken = "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:x\r\nEND:VEVENT\r\n"
    content = f"BEGIN:VCALENDAR\r\n{event}{broken}END:VCALENDAR\r\n".encode()
    form = path(number, "/tuonti")
    for turn in range(2):
        fields = hidden(planner.get(form).text, form)
        looked = planner.post(
            form, data={**fields, "tiedosto": (BytesIO(content), "varaukset.ics"), "nimet": "1"}
        )
        assert looked.status_code == 200
        assert len(bookings(apart, number)) == turn
        go = path(number, "/tuonti/tee")
        assert planner.post(go, data=hidden(looked.text, go)).status_code == 303
        (row,) = bookings(apart, number)
        assert (row.title, row.zone, row.rule, row.uid) == ("Vuoro", "UTC", "FREQ=WEEKLY", "a")
    fields = hidden(planner.get(form).text, form)
    refused = planner.post(form, data={**fields, "tiedosto": (BytesIO(b"x"), "x.ics")})
    assert refused.status_code == 422


def test_another_municipality_s_contact_sees_the_calendar_and_changes_nothing(
    apart: Flask, number: int
) -> None:
    contact = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "584")
    assert contact.get(path(number, "/uusi")).status_code == 404
    own = sign_in(apart, AccountRole.MUNICIPAL_CONTACT, "272")
    assert own.get(path(number, "/uusi")).status_code == 200


def test_premises_with_a_calendar_are_taken_off_the_list_and_that_is_undone(
    apart: Flask, planner: FlaskClient
) -> None:
    with Session(engine_of(apart)) as session:
        booked = session.scalars(select(SiteBooking.site_id)).first()
    assert booked is not None
    before = len(bookings(apart, booked))
    answer = send(planner, f"/evakuointipaikat/{booked}/poista", f"/evakuointipaikat/{booked}/poista")
    assert bookings(apart, booked) == []
    page = planner.get(answer.headers["Location"])
    assert planner.post("/kumoa", data=hidden(page.text, "/kumoa")).status_code == 303
    assert len(bookings(apart, booked)) == before
