import pytest
from sqlalchemy import Engine, func, select

from prep import audit
from prep.db import read_session, write_session
from prep.errors import Refused
from prep.models import Body, County, Installation, Municipality, Person, Role, Seat
from prep.regions.packs import load_pack, pack_keys
from prep.registry.install import install
from prep.terms import ActorKind, BodyKind


def make(engine: Engine, key: str) -> None:
    with write_session(engine, actor="test") as session:
        install(session, load_pack(key))


@pytest.mark.parametrize(
    ("key", "municipalities"), [("keski-pohjanmaa", 8), ("pohjois-karjala", 13), ("pohjois-savo", 19)]
)
def test_a_county_of_an_agreement_is_installed_whole(engine: Engine, key: str, municipalities: int) -> None:
    make(engine, key)
    with read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Municipality)) == municipalities
        groups = session.scalars(select(Body).where(Body.kind == BodyKind.MANAGEMENT_GROUP)).all()
        assert len(groups) == municipalities
        assert audit.verify(session) == []


def test_central_ostrobothnia_has_its_named_roles_and_seats(engine: Engine) -> None:
    make(engine, "keski-pohjanmaa")
    with read_session(engine) as session:
        roles = session.scalars(select(Role.key).where(Role.municipality_code == "272")).all()
        assert sorted(roles) == ["alueturva-responsible", "preparedness-contact"]
        shared = session.scalars(select(Role).where(Role.municipality_code.is_(None))).one()
        assert shared.key == "environmental-health-representative"
        seats = session.scalars(select(Seat).join(Body).where(Body.key == "alueturva-board")).all()
        assert len(seats) == 4
        assert all("yhteistyösopimus: " in seat.clause_fi for seat in seats)


def test_the_situation_centre_is_a_desk(engine: Engine) -> None:
    make(engine, "pohjois-savo")
    with read_session(engine) as session:
        desk = session.scalars(select(Person).where(Person.kind == ActorKind.DUTY_DESK)).one()
        assert "ISTIKE" in desk.name


def test_a_second_county_is_refused_and_the_first_is_kept(engine: Engine) -> None:
    make(engine, "keski-pohjanmaa")
    with pytest.raises(Refused, match="“Keski-Pohjanmaan hyvinvointialue” There is a county in it already"):
        make(engine, "pohjois-savo")
    with read_session(engine) as session:
        assert session.scalars(select(County.key)).all() == ["keski-pohjanmaa"]
        assert not session.scalars(select(Installation)).one().is_demo


@pytest.mark.parametrize(
    "key", sorted(set(pack_keys()) - {"keski-pohjanmaa", "pohjois-karjala", "pohjois-savo"})
)
def test_a_county_without_an_agreement_can_begin_too(engine: Engine, key: str) -> None:
    make(engine, key)
    with read_session(engine) as session:
        assert session.scalars(select(County.key)).one() == key
