"""Bodies and roles as on any day: who held a seat then, and that it is not today."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from prep.db import write_session
from prep.models import Seat
from prep.registry.appointments import end_term
from prep.web.database import engine_of
from tests.web.county import TODAY
from tests.web.people import sign_in


def holder_ended(app: Flask) -> str:
    """End the term of whoever holds Kokkola's seat of the board today; the name of who held it."""
    with write_session(engine_of(app), actor="test") as session:
        seat = session.scalars(select(Seat).where(Seat.key == "board-kokkola")).one()
        term = next(one for one in seat.terms if one.rank == 0 and (one.ends is None or one.ends >= TODAY))
        end_term(session, term, last_day=TODAY - timedelta(days=1))
        return term.person.name


def holders(text: str) -> list[str]:
    """What stands in the cells of the holders."""
    return re.findall(r'<td role="cell" data-label="Jäsen">(.*?)</td>', html.unescape(text), re.DOTALL)


def test_who_held_a_seat_on_a_day_that_is_gone_is_shown_and_marked(apart: Flask) -> None:
    name, client = holder_ended(apart), sign_in(apart)
    then = (TODAY - timedelta(days=1)).isoformat()
    now = client.get("/toimielimet?lang=fi").text
    before = client.get(f"/toimielimet?lang=fi&paiva={then}").text
    assert "ei tänään" not in now
    assert "ei tänään" in before
    page = client.get(f"/toimielimet/alueturva-board?lang=fi&paiva={then}").text
    assert any(name in cell for cell in holders(page))
    assert not any(name in cell for cell in holders(client.get("/toimielimet/alueturva-board?lang=fi").text))
    assert "21.11.2026" in page
    vacant = client.get("/toimielimet?nayta=avoimet&tiedosto=csv&lang=fi").get_data(as_text=True)
    vacant_then = client.get(f"/toimielimet?nayta=avoimet&tiedosto=csv&lang=fi&paiva={then}").get_data(
        as_text=True
    )
    assert vacant != vacant_then


@pytest.mark.parametrize("path", ["/toimielimet", "/toimielimet/alueturva-board", "/nimikkeet"])
@pytest.mark.parametrize("day", ["x", "2026-02-30", "0001-01-01"])
def test_what_is_no_day_is_refused_by_name(client: FlaskClient, path: str, day: str) -> None:
    answer = client.get(f"{path}?lang=fi&paiva={day}")
    assert answer.status_code == 422
    assert "2026-11-22" in answer.text
