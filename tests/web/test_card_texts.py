"""The county's own card texts on pages: edited, refused beyond competence, compared, approved, by whom it may."""

import html

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.cards.content import load_library
from prep.cards.text_versions import blocks
from prep.models import CardText
from prep.terms import AccountRole, Disruption, TextStatus
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden, own, planner

__all__ = ["own", "planner"]

FLOOD = "/kortit/tekstit/flood"
EDIT = f"{FLOOD}/PC/muokkaa"
LINES = blocks(load_library().disruptions[Disruption.FLOOD])
OURS = ("Soita Perhon kylille.", "Ring byarna i Perho.", "Call the villages of Perho.")


def rows(app: Flask) -> list[CardText]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        return list(session.scalars(select(CardText).order_by(CardText.version)))


def form(last: tuple[str, str, str]) -> dict[str, str]:
    """The form of the preparedness contact, its last line of the first hour said otherwise."""
    values = {}
    for key, lines in LINES.items():
        if key.startswith("PC/"):
            kept = [*lines[:-1], last] if key == "PC/first_60_min" else list(lines)
            for place, language in enumerate(("fi", "sv", "en")):
                values[f"{key.replace('/', '-')}-{language}"] = "\n".join(line[place] for line in kept)
    return values


def test_a_text_is_edited_compared_and_approved(own: Flask, planner: FlaskClient) -> None:
    opened = hidden(planner.get(EDIT).text, EDIT)
    assert planner.post(EDIT, data={**opened, **form(OURS)}).status_code == 303
    (row,) = rows(own)
    assert row.status is TextStatus.DRAFT
    page = html.unescape(planner.get(f"{FLOOD}?lang=sv").text)
    assert f"<ins>{OURS[1]}</ins>" in page
    path = f"{FLOOD}/hyvaksy"
    token = hidden(page, path)
    answer = planner.post(path, data={**token, "role": "", "review": "2020-01-01"})
    assert answer.status_code == 422
    answer = planner.post(
        path, data={**token, "kerta": "2", "role": "Valmiuspäällikkö", "review": "2027-11-30"}
    )
    assert answer.status_code == 303
    (row,) = rows(own)
    assert (row.status, row.approved_role) == (TextStatus.APPROVED, "Valmiuspäällikkö")
    assert "Valmiuspäällikkö" in planner.get("/kortit/tekstit").text
    # Sent from the form of before: nothing of it is saved, and what was typed is given back.
    answer = planner.post(EDIT, data={**opened, **form(OURS), "kerta": "3"})
    assert answer.status_code == 409
    assert OURS[0] in html.unescape(answer.text)
    assert len(rows(own)) == 1


def test_what_a_municipality_may_not_do_is_refused_and_given_back(own: Flask, planner: FlaskClient) -> None:
    opened = hidden(planner.get(EDIT).text, EDIT)
    wrong = ("Määrää evakuointi.", "Skriv loggbok.", "Write the log.")
    answer = planner.post(EDIT, data={**opened, **form(wrong)})
    assert answer.status_code == 422
    assert wrong[0] in html.unescape(answer.text)
    assert "379/2011" in answer.text
    uneven = {**form(OURS), "PC-first_60_min-sv": "En rad."}
    assert planner.post(EDIT, data={**opened, "kerta": "2", **uneven}).status_code == 422
    assert rows(own) == []


def test_messages_are_edited_and_what_there_is_not_is_not_found(own: Flask, planner: FlaskClient) -> None:
    path = f"{FLOOD}/viestit/muokkaa"
    assert "message-alert-fi" in planner.get(path).text
    assert planner.get(f"{FLOOD}/HC/muokkaa").status_code == 404
    assert planner.get("/kortit/tekstit/moon").status_code == 404
    reader = sign_in(own, AccountRole.VIEWER, None)
    assert reader.get(FLOOD).status_code == 200
    assert reader.get(EDIT).status_code in {403, 404}
