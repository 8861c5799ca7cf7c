"""Meetings on pages: planned, held, noted, with their minutes; nothing lost when two change the same."""

import hashlib
import html
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from prep.attachments import LARGEST_BYTES
from prep.models import Attachment, Body, Meeting
from prep.terms import AccountRole, MeetingStatus
from prep.web.database import engine_of
from tests.web.county import MINUTES
from tests.web.people import sign_in
from tests.web.test_people import hidden, own, planner, send

__all__ = ["own", "planner"]

GROUP = "/toimielimet/management-group-584"
LIST = f"{GROUP}/kokoukset"
FIELDS = {
    "starts_at": "2026-12-15T09:00",
    "ends_at": "2026-12-15T11:30",
    "place": "Kunnantalo",
    "subject": "Talvi",
    "status": "planned",
    "invite_by": "2026-12-01",
    "invited_on": "",
}


def meetings(app: Flask) -> list[Meeting]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        query = select(Meeting).join(Body).where(Body.key == "management-group-584")
        found = list(session.scalars(query.order_by(Meeting.starts_at)))
        assert all(one.attendances is not None for one in found)
        return found


def files(app: Flask) -> list[Attachment]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        number = meetings(app)[0].id
        return list(session.scalars(select(Attachment).where(Attachment.meeting_id == number)))


def text_of(client: FlaskClient, path: str) -> str:
    return html.unescape(client.get(f"{path}{'&' if '?' in path else '?'}lang=fi").text).replace("\xa0", " ")


def test_a_meeting_is_planned_seen_moved_and_that_is_undone(own: Flask, planner: FlaskClient) -> None:
    assert "Kokoukset" in text_of(planner, GROUP)
    answer = send(planner, f"{LIST}/uusi", f"{LIST}/uusi", **FIELDS)
    assert answer.status_code == 303
    made = meetings(own)[-1]
    assert made.starts_at.isoformat() == "2026-12-15T07:00:00+00:00"
    page = planner.get(answer.headers["Location"] + "&lang=fi")
    assert "kutsu viimeistään 1.12.2026" in page.text
    assert "Tiistai 15.12.2026 klo 9.00" in text_of(planner, GROUP)
    edit = f"{LIST}/{made.id}/muokkaa"
    answer = send(planner, edit, edit, **{**FIELDS, "starts_at": "2026-12-16T09:00", "ends_at": ""})
    assert meetings(own)[-1].starts_at.isoformat() == "2026-12-16T07:00:00+00:00"
    page = planner.get(answer.headers["Location"])
    planner.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert meetings(own)[-1].starts_at == made.starts_at


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_at": ""}, "Alkamisaika: Se on päivä ja kellonaika"),
        ({"starts_at": "2026-12-15"}, "Alkamisaika: ”2026-12-15”"),
        ({"starts_at": "9999-12-31T23:59"}, "Vuosi on välillä 2000–2100"),
        ({"ends_at": "2026-12-15T08:00"}, "Kokous päättyy alkamisensa jälkeen"),
        ({"status": "dreamt"}, "Kokouksen tila: ”dreamt”"),
        ({"status": "held"}, "Kokousta, joka ei ole alkanut, ei ole pidetty."),
        ({"invite_by": "x"}, "Kokouskutsun viimeinen lähetyspäivä: ”x”"),
        ({"invited_on": "2026-11-30"}, "joten se ei ole tulevaisuudessa"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    own: Flask, planner: FlaskClient, change: dict[str, str], words: str
) -> None:
    planner.get("/?lang=fi")
    answer = send(planner, f"{LIST}/uusi", f"{LIST}/uusi", **{**FIELDS, **change})
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert 'value="Kunnantalo"' in answer.text
    assert len(meetings(own)) == 1


def test_two_who_change_the_same_meeting_both_see_it(own: Flask, planner: FlaskClient) -> None:
    one = meetings(own)[0]
    edit = f"{LIST}/{one.id}/muokkaa"
    mine = hidden(planner.get(edit).text, edit)
    values = {**FIELDS, "starts_at": "2026-11-03T09:00", "ends_at": "2026-11-03T11:00", "status": "held"}
    send(planner, edit, edit, **{**values, "invite_by": "", "place": "Heidän"})
    answer = planner.post(edit, data={**mine, **values, "invite_by": "", "place": "Minun"})
    assert answer.status_code == 409
    assert "Minun" in answer.text
    assert "Heidän" in answer.text
    assert meetings(own)[0].place == "Heidän"


def test_the_invitation_is_noted_with_one_click(own: Flask, planner: FlaskClient) -> None:
    send(planner, f"{LIST}/uusi", f"{LIST}/uusi", **FIELDS)
    path = f"{LIST}/{meetings(own)[-1].id}"
    send(planner, path, f"{path}/kutsuttu")
    assert "kutsuttu 22.11.2026" in text_of(planner, path)


def test_who_came_is_noted_and_tells_whether_it_could_decide(own: Flask, planner: FlaskClient) -> None:
    one = meetings(own)[0]
    path = f"{LIST}/{one.id}"
    fields = [f"s{came.seat_id}-p{came.person_id}" for came in one.attendances]
    assert "pidetty" in text_of(planner, path)
    page = planner.get(f"{path}/lasnaolo").text
    assert page.count("checked") == len(fields)
    stale = hidden(page, f"{path}/lasnaolo")
    answer = send(
        planner, f"{path}/lasnaolo", f"{path}/lasnaolo", **dict.fromkeys(fields[:1], "1"), vieras=""
    )
    assert answer.status_code == 303
    assert "ei päätösvaltainen" in text_of(planner, path)
    # Somebody who had it open before sees what was noted meanwhile, and nothing is lost.
    answer = planner.post(f"{path}/lasnaolo?lang=fi", data={**stale, **dict.fromkeys(fields, "1")})
    assert answer.status_code == 409
    assert "Merkitty sillä välin: ei läsnä" in html.unescape(answer.text)
    assert len(meetings(own)[0].attendances) == 1
    answer = send(planner, f"{path}/lasnaolo", f"{path}/lasnaolo", vieras="999999")
    assert answer.status_code == 422
    assert len(meetings(own)[0].attendances) == 1


def test_a_meeting_by_mistake_is_removed_and_that_is_undone(own: Flask, planner: FlaskClient) -> None:
    send(planner, f"{LIST}/uusi", f"{LIST}/uusi", **FIELDS)
    path = f"{LIST}/{meetings(own)[-1].id}"
    answer = send(planner, f"{path}/muokkaa", f"{path}/poista")
    assert len(meetings(own)) == 1
    page = planner.get(answer.headers["Location"])
    planner.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert meetings(own)[-1].status is MeetingStatus.PLANNED
    kept = f"{LIST}/{meetings(own)[0].id}"
    assert send(planner, f"{kept}/muokkaa", f"{kept}/poista").status_code == 422
    assert len(meetings(own)) == 2


def upload(client: FlaskClient, path: str, content: bytes, name: str, **more: str) -> TestResponse:
    """Send a file as a browser does; the tests' own client would leave large ones open."""
    fields = {**hidden(client.get(path).text, f"{path}/poytakirjat"), "classification": "internal", **more}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="tiedosto"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, content, b"\r\n--x--\r\n"])
    return client.post(f"{path}/poytakirjat", data=body, content_type="multipart/form-data; boundary=x")


def test_minutes_are_taken_and_given_out_as_they_came(own: Flask, planner: FlaskClient) -> None:
    path = f"{LIST}/{meetings(own)[0].id}"
    content = b"%PDF-1.7\n" + bytes(range(256)) * 4000
    answer = upload(planner, path, content, "pöytä kirja.pdf")
    assert answer.status_code == 303
    added = files(own)[-1]
    assert (added.name, added.added_by) == ("pöytä kirja.pdf", "Taina Testi-Esimerkki")
    given = planner.get(f"{path}/poytakirjat/{added.id}")
    assert given.data == content
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.content_type == "application/pdf"
    send(planner, path, f"{path}/poytakirjat/{added.id}/poista")
    assert planner.get(f"{path}/poytakirjat/{added.id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "Se on tyhjä."),
        (b"<script>alert(1)</script>", 422, "Sen muoto on jokin näistä: PDF, ODT, DOCX, ilman makroja."),
        (MINUTES, 422, "Kokouksella on jo täsmälleen tämä tiedosto."),
        (b"%PDF-" + bytes(LARGEST_BYTES), 422, "Sen koko on enintään 10 Mt."),
        (b"%PDF-" + bytes(LARGEST_BYTES * 3 // 2), 413, ""),
    ],
)
def test_a_file_that_is_not_taken_is_refused_and_nothing_is_kept(
    own: Flask, planner: FlaskClient, content: bytes, status: int, words: str
) -> None:
    planner.get("/?lang=fi")
    path = f"{LIST}/{meetings(own)[0].id}"
    answer = upload(planner, path, content, "a.pdf")
    assert answer.status_code == status
    assert words in html.unescape(answer.text).replace("\xa0", " ")
    assert len(files(own)) == 1


def test_a_form_with_another_file_is_not_the_same_form_again(own: Flask, planner: FlaskClient) -> None:
    path = f"{LIST}/{meetings(own)[0].id}"
    fields = hidden(planner.get(path).text, f"{path}/poytakirjat")
    for content in (b"%PDF-1", b"%PDF-1", b"%PDF-2"):
        answer = planner.post(
            f"{path}/poytakirjat",
            data={**fields, "classification": "public", "tiedosto": (BytesIO(content), "a.pdf")},
        )
        assert answer.status_code == 303
    assert [one.sha256 for one in files(own)[1:]] == [
        hashlib.sha256(content).hexdigest() for content in (b"%PDF-1", b"%PDF-2")
    ]


def test_what_is_secret_is_for_those_who_keep_the_records(own: Flask, planner: FlaskClient) -> None:
    path = f"{LIST}/{meetings(own)[0].id}"
    # A label that the form does not have is the strictest.
    upload(planner, path, b"%PDF-1", "salainen.pdf", classification="?")
    secret, open_one = files(own)[1], files(own)[0]
    viewer = sign_in(own, AccountRole.VIEWER)
    assert viewer.get(f"{path}/poytakirjat/{open_one.id}").status_code == 200
    assert viewer.get(f"{path}/poytakirjat/{secret.id}").status_code == 404
    assert "salainen" not in viewer.get(path).text
    assert "Liitä pöytäkirja" not in viewer.get(path).text
    assert planner.get(f"{path}/poytakirjat/{secret.id}").status_code == 200
    # By way of another meeting or body nothing is found.
    other = "/toimielimet/management-group-272/kokoukset"
    assert planner.get(f"{other}/{meetings(own)[0].id}").status_code == 404
    assert planner.get(f"{other}/1/poytakirjat/{secret.id}").status_code == 404


def test_elsewhere_a_request_stays_small(own: Flask, planner: FlaskClient) -> None:
    answer = send(planner, f"{LIST}/uusi", f"{LIST}/uusi", **{**FIELDS, "subject": "x" * 70_000})
    assert answer.status_code == 413


def test_the_list_is_taken_along(planner: FlaskClient) -> None:
    answer = planner.get(f"{LIST}?tiedosto=csv&lang=fi")
    assert "Talven varautuminen" in answer.text
    assert "pidetty" in answer.text
