"""What breaks without a channel or shared infrastructure, against chains of which it can be told by hand."""

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.cuts import minimal_cuts
from prep.alerting.lint import faults
from prep.alerting.records import all_chains, load_network
from prep.alerting.scenarios import PRESETS
from prep.db import read_session, write_session
from prep.demo import build
from prep.models import Chain, ChainItem, ContactPoint, IssuedCard
from prep.readiness.impact import Touched
from prep.readiness.outage_impact import everything_shared, outage
from prep.terms import CardKind, Channel, Classification, Language, State

ON = date(2026, 11, 22)


@pytest.fixture
def county(engine: Engine) -> Engine:
    with write_session(engine, actor="test") as session:
        build.make_county(session, on=ON)
        build.make_chains(session, on=ON)
    return engine


def of(session: Session, key: str) -> dict[tuple[str, str], tuple[str, bool]]:
    found = outage(session, all_chains(session), key, on=ON, language=Language.EN)
    assert found is not None
    return {(one.kind.value, one.name): (str(one.detail), one.is_left_empty) for one in found.impact.effects}


def test_the_same_bodies_fall_silent_as_by_the_cut_sets(county: Engine) -> None:
    with read_session(county) as session:
        chains = all_chains(session)
        shared = {one.key: one for one in everything_shared(chains, on=ON, language=Language.EN)}
        silenced: dict[str, int] = {}
        for chain in chains:
            network = load_network([chain], on=ON)
            assert not faults(network)
            group = network.groups[0].key
            for cut in minimal_cuts(network, PRESETS["office"], order=1, groups=[group])[group]:
                # What fails with the same effect is told beside the part.
                for part in {*cut.parts, *(one for same in cut.alike.values() for one in same)}:
                    key = f"{part.kind}:{part.key}"
                    silenced[key] = silenced.get(key, 0) + 1
        by_cuts = {key: n for key, n in silenced.items() if key in shared}
        assert {key: one.silenced for key, one in shared.items() if one.silenced} == by_cuts
        assert by_cuts


def test_who_is_called_by_one_channel_only_is_told_apart(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        items = [item for one in chain.lists for item in one.items if item.target_seat is not None]
        for item in items:
            item.channels = [Channel.SATELLITE_CALL.value]
        one = items[0].target_seat
        assert one is not None
        holder = next(term.person for term in one.terms if term.rank == 0)
        holder.contact_points.append(ContactPoint(position=99, kind="satellite", value="+35800000099"))
        session.flush()
        name = holder.name
        found = of(session, "channel:satellite_call")
        assert found["person", name] == ("called in no other way", True)
        lines = [key for key in found if key[0] == "seat"]
        assert any(key[1].endswith(one.name_en) for key in lines)
        # By another chain the same person is called in another way, and no longer left without.
        other = session.scalars(select(Chain).where(Chain.key != "perho")).first()
        assert other is not None
        other.lists[0].items.append(
            ChainItem(position=90, target_person_id=holder.id, channels=[Channel.CALL.value])
        )
        session.flush()
        session.expire_all()
        assert of(session, "channel:satellite_call")["person", name][1] is False


def test_what_is_only_fed_by_it_is_not_said_to_be_lost(county: Engine) -> None:
    with read_session(county) as session:
        found = of(session, "resource:power_area/272")
        assert not any(is_empty for _, is_empty in found.values())
        details = {detail for (kind, _), (detail, _) in found.items() if kind == Touched.PERSON}
        assert "called only by it and by what it feeds, which can go on for a while" in details


def test_of_a_chain_with_a_fault_nothing_is_claimed(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        chain.body.quorum = 99
        session.flush()
        session.expire_all()
        assert faults(load_network([next(one for one in all_chains(session) if one.key == "perho")], on=ON))
        detail, is_empty = of(session, "resource:mobile_core")["chain", chain.name]
        assert detail.startswith("the chain has a fault: what falls silent is not known")
        assert not is_empty
        found = outage(session, all_chains(session), "resource:mobile_core", on=ON, language=Language.EN)
        assert found is not None
        assert {one.state for one in found.impact.effects if one.name == chain.name} == {State.UNKNOWN}
        shared = everything_shared(all_chains(session), on=ON, language=Language.EN)
        assert next(one for one in shared if one.part.key == "mobile_core").unknown == 1


@pytest.mark.parametrize(
    "key", ["", "channel:", "channel:flags", "resource:moon", "actor:person/1", "mobile_core"]
)
def test_what_no_chain_uses_is_not_there(county: Engine, key: str) -> None:
    with read_session(county) as session:
        assert outage(session, all_chains(session), key, on=ON, language=Language.FI) is None


def test_printed_cards_of_the_places_are_counted_with_their_copies(county: Engine) -> None:
    with write_session(county, actor="test") as session:
        for code, copies in (("AAAA0001", 1), ("AAAA0002", 3)):
            session.add(
                IssuedCard(
                    code=code,
                    kind=CardKind.CONTACT,
                    title="Perho",
                    municipality_code="584",
                    language=Language.FI,
                    text_version=1,
                    valid_from=ON,
                    classification=Classification.PUBLIC,
                    content_digest="0" * 64,
                    first_printed_at=clock.now(),
                    last_printed_at=clock.now(),
                    copies=copies,
                )
            )
        session.flush()
        detail, _ = of(session, "resource:mobile_core")["card", "Perho"]
        assert detail == "printed cards that name people of this place: 2, copies: 4"
