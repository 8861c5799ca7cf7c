"""A change is taken back from what the trail recorded of it, or not at all."""

from datetime import date

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from prep import audit, undo
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import Account, AuditEntry, ContactPoint, County, Municipality, Person
from prep.registry.people import (
    PersonDetails,
    add_absence,
    add_person,
    add_point,
    change_person,
    remove_point,
)
from prep.terms import ContactKind, Language

ME = "account: aino"


@pytest.fixture
def person(engine: Engine) -> int:
    with write_session(engine, actor="test") as session:
        county = County(key="kp", name_fi="K", name_sv="K", name_en="K", pack={})
        county.municipalities = [Municipality(code="272", name_fi="Kokkola", name_sv="Karleby")]
        session.add(county)
        session.flush()
        made = add_person(session, PersonDetails(name="Aino Esimerkki", title="Johtaja", municipality="272"))
        add_point(session, made, ContactKind.MOBILE, "+358 40 123 4567")
        return made.id


def done(engine: Engine, change: object, *, actor: str = ME) -> tuple[int, int]:
    """Make a change; gives the rows that it left in the trail."""
    with write_session(engine, actor=actor) as session:
        change(session)  # type: ignore[operator]
        rows = undo.last_change(session)
    assert rows is not None
    return rows


def take_back(engine: Engine, rows: tuple[int, int], *, actor: str = ME) -> None:
    with write_session(engine, actor=actor) as session:
        undo.take_back(session, undo.rows_of(session, *rows, actor=actor))


def everything(engine: Engine) -> list[tuple[object, ...]]:
    """What stands in the register, without the versions."""
    with read_session(engine) as session:
        people = [
            (one.id, one.name, one.title, one.municipality_code, one.language, one.speaks, one.left_on)
            for one in session.scalars(select(Person).order_by(Person.id))
        ]
        points = [
            (one.id, one.person_id, one.position, one.kind, one.value, one.evidence, one.confirmed_on)
            for one in session.scalars(select(ContactPoint).order_by(ContactPoint.id))
        ]
        return [*people, *points]


def someone(session: Session, number: int) -> Person:
    return session.get_one(Person, number)


@pytest.mark.parametrize(
    "change",
    [
        lambda session, _: add_person(session, PersonDetails(name="Eero Mallikas")),
        lambda session, one: change_person(
            session,
            one,
            PersonDetails(name="Aino Uusi", language=Language.SV, speaks=frozenset({Language.EN})),
        ),
        lambda session, one: add_point(session, one, ContactKind.EMAIL, "aino@kunta.fi"),
        lambda session, one: remove_point(session, one.contact_points[0]),
        lambda _, one: setattr(one, "left_on", date(2026, 12, 24)),
    ],
    ids=["insert", "update", "child", "delete", "day"],
)
def test_what_was_done_is_taken_back_and_that_again(engine: Engine, person: int, change: object) -> None:
    before = everything(engine)
    rows = done(engine, lambda session: change(session, someone(session, person)))  # type: ignore[operator]
    after = everything(engine)
    assert after != before
    take_back(engine, rows)
    assert everything(engine) == before
    with read_session(engine) as session:
        last = audit.head(session)[0]
        assert audit.verify(session) == []
    take_back(engine, (rows[1] + 1, last))
    assert everything(engine) == after


def test_several_changes_of_one_transaction_go_together(engine: Engine, person: int) -> None:
    before = everything(engine)

    def change(session: Session) -> None:
        one = someone(session, person)
        add_point(session, one, ContactKind.LANDLINE, "09 310 1691")
        change_person(session, one, PersonDetails(name="Aino Toinen"))
        add_absence(session, one, starts=date(2026, 12, 1), ends=None)
        change_person(session, one, PersonDetails(name="Aino Kolmas"))

    take_back(engine, done(engine, change))
    assert everything(engine) == before


def test_what_was_changed_again_is_left_alone(engine: Engine, person: int) -> None:
    rows = done(
        engine, lambda session: change_person(session, someone(session, person), PersonDetails(name="A B"))
    )
    done(engine, lambda session: setattr(someone(session, person), "name", "C D"), actor="account: eero")
    before = everything(engine)
    with pytest.raises(Refused, match="changed again since"):
        take_back(engine, rows)
    assert everything(engine) == before


def test_what_somebody_relies_on_is_not_taken_away(engine: Engine, person: int) -> None:
    made = []
    rows = done(
        engine, lambda session: made.append(add_person(session, PersonDetails(name="Eero Mallikas")).id)
    )
    done(
        engine, lambda session: add_point(session, someone(session, made[0]), ContactKind.EMAIL, "e@kunta.fi")
    )
    before = everything(engine)
    with pytest.raises(Refused, match="something rests on it"):
        take_back(engine, rows)
    assert everything(engine) == before


def test_only_whoever_made_it_takes_it_back(engine: Engine, person: int) -> None:
    rows = done(engine, lambda session: setattr(someone(session, person), "name", "C D"))
    with pytest.raises(Refused, match="not a change of yours"):
        take_back(engine, rows, actor="account: eero")
    # Rows that somebody else has left in between are not touched either.
    later = done(
        engine, lambda session: setattr(someone(session, person), "title", "X"), actor="account: eero"
    )
    with pytest.raises(Refused, match="not a change of yours"):
        take_back(engine, (rows[0], later[1]))


def test_after_a_day_it_is_too_late(engine: Engine, person: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = done(engine, lambda session: setattr(someone(session, person), "name", "C D"))
    monkeypatch.setenv("PREP_NOW", "2026-11-23T10:47:00+02:00")
    with pytest.raises(Refused, match="can be taken back for 24 hours"):
        take_back(engine, rows)


def test_what_was_redacted_or_secret_is_not_put_back(engine: Engine, person: int) -> None:
    rows = done(engine, lambda session: setattr(someone(session, person), "name", "C D"))
    with engine.begin() as connection:
        connection.execute(update(AuditEntry).where(AuditEntry.seq == rows[0]).values(values=None, salt=None))
    with pytest.raises(Refused, match="has been removed"):
        take_back(engine, rows)

    def account(session: Session) -> None:
        session.add(
            Account(
                login="x",
                name="X",
                password_hash="hash",  # noqa: S106 - not a password
                passkey_handle="p",
                created_at=session.scalars(select(AuditEntry.at).limit(1)).one(),
            )
        )

    rows = done(engine, account)
    with pytest.raises(Refused, match="A secret is part of it"):
        take_back(engine, rows)


def test_a_sign_in_and_other_events_are_nothing_to_take_back(engine: Engine, person: int) -> None:
    with write_session(engine, actor=ME) as session:
        audit.note(session, "export", "people", {"rows": 3})
        rows = undo.last_change(session)
    assert rows is not None
    with pytest.raises(Refused, match="not a change of yours"):
        take_back(engine, rows)
