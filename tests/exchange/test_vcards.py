"""Cards for address books, read by an independent reader."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep.db import read_session, write_session
from prep.exchange.vcards import _folded, vcards
from prep.models import Body, Person
from prep.registry.appointments import appoint
from prep.registry.people import PersonDetails, add_person, add_point
from prep.terms import ContactKind, Language

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)


def cards(session: Session, *, language: Language = Language.FI) -> bytes:
    people = session.scalars(select(Person).where(Person.key.is_(None)).order_by(Person.id)).all()
    return vcards(session, people, on=ON, at=AT, language=language)


def read(content: bytes) -> list[dict[str, list[tuple[dict[str, list[str]], Any]]]]:
    """Every card as its properties with their parameters and values."""
    found = []
    for card in vobject.readComponents(content.decode()):
        properties: dict[str, list[tuple[dict[str, list[str]], Any]]] = {}
        for one in card.getChildren():
            properties.setdefault(one.name, []).append((one.params, one.value))
        found.append(properties)
    return found


@pytest.fixture
def aino(county: Engine) -> int:
    with write_session(county, actor="test") as session:
        details = PersonDetails(
            name="Aino-Maija von Esimerkki",
            title="Kunnanjohtaja; va., \\",
            organisation="Perhon kunta",
            municipality="584",
            language=Language.SV,
            speaks=frozenset({Language.FI}),
        )
        one = add_person(session, details)
        add_point(session, one, ContactKind.MOBILE, "040 100 1000", purpose="työ")
        add_point(session, one, ContactKind.LANDLINE, "06 100 1001", purpose="koti")
        add_point(session, one, ContactKind.EMAIL, "aino@perho.fi")
        add_point(session, one, ContactKind.AUTHORITY_RADIO, "1234567")
        add_point(session, one, ContactKind.PAGER, "17;5")
        group = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
        appoint(session, group.seats[0], one, starts=date(2026, 1, 1))
        appoint(session, group.seats[1], one, starts=date(2026, 1, 1), rank=1)
        appoint(session, group.seats[2], one, starts=date(2026, 12, 1))
        add_person(session, PersonDetails(name="Eero Mallikas"))
        return one.id


def test_everything_that_is_known_is_read_back_by_another_reader(county: Engine, aino: int) -> None:
    with read_session(county) as session:
        content = cards(session)
    one, other = read(content)
    values = {name: [value for _, value in many] for name, many in one.items()}
    assert (values["VERSION"], values["KIND"], values["FN"]) == (
        ["4.0"],
        ["individual"],
        ["Aino-Maija von Esimerkki"],
    )
    (name,) = values["N"]
    assert (name.family, name.given) == ("Esimerkki", "Aino-Maija von")
    assert values["TITLE"] == ["Kunnanjohtaja; va., \\"]
    assert values["ORG"] == [["Perhon kunta"]]
    assert values["ROLE"] == [
        "Perho: häiriötilanteiden johtoryhmä: Kunnanjohtaja",
        "Perho: häiriötilanteiden johtoryhmä: Varautumisen yhteyshenkilö, varalla",
    ]
    assert one["TEL"] == [
        ({"VALUE": ["uri"], "PREF": ["1"], "TYPE": ["voice,text,cell,work"]}, "tel:+358401001000"),
        ({"VALUE": ["uri"], "PREF": ["2"], "TYPE": ["voice,home"]}, "tel:+35861001001"),
        ({"PREF": ["5"], "TYPE": ["pager"]}, "17;5"),
    ]
    assert one["EMAIL"] == [({"PREF": ["3"]}, "aino@perho.fi")]
    assert values["X-VIRVE"] == ["1234567"]
    assert one["LANG"] == [({"PREF": ["1"]}, "sv"), ({"PREF": ["2"]}, "fi")]
    assert values["REV"] == ["20261122T084600Z"]
    assert [value for _, value in other["FN"]] == ["Eero Mallikas"]
    assert "TEL" not in other


def test_the_form_is_that_of_the_standard(county: Engine, aino: int) -> None:
    with read_session(county) as session:
        first, again = cards(session), cards(session)
    assert first == again
    lines = first.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    # The version comes right after the beginning, 6.7.9.
    assert [lines[number + 1] for number, line in enumerate(lines) if line == b"BEGIN:VCARD"] == [
        b"VERSION:4.0"
    ] * 2
    assert first.count(b"END:VCARD") == 2


@given(
    st.text(
        st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(",;\\ \n"), min_size=1, max_size=300
    )
)
def test_any_text_comes_through_folding_and_escaping(text: str) -> None:
    from prep.exchange.vcards import _text

    line = _folded(f"TITLE:{_text(text)}")
    assert all(len(piece.encode()) <= 75 for piece in line.split("\r\n"))
    card = f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n{line}END:VCARD\r\n"
    (found,) = read(card.encode())
    assert found["TITLE"] == [({}, text)]
