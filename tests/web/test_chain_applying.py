"""Drafts taken into use: what a machine can write is written and seen first, the rest is left to a person."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.answer_records import draft_changes, store_drafts
from prep.alerting.candidates import candidates
from prep.alerting.chain import members
from prep.alerting.fixes import Change, fixes
from prep.alerting.list_changes import FixKind
from prep.alerting.records import all_chains, find_chain, load_network
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.chains.drafts import BY_A_PERSON, Ground, systems_for, written
from prep.chains.form import entry_of
from prep.chains.references import everybody, named_in
from prep.chains.writing import loose_chain
from prep.db import write_session
from prep.errors import Refused
from prep.language import say
from prep.models import ChainDraft
from prep.terms import Channel, Language, ListMode
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_chain_editing import chain, numbers, plain
from tests.web.test_chain_questions import network_of
from tests.web.test_people import hidden

HOLIDAY = parse("holiday")


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


def keep(app: Flask, key: str, *changes: tuple[str, str, str]) -> str:
    """A draft of a chain; gives the address of its page."""
    with write_session(engine_of(app), actor="test") as session:
        found = find_chain(session, key)
        share = {"groups": {found.body.key: {"count": 1, "runs": 2}}, "all_groups": {"count": 1, "runs": 2}}
        draft = ChainDraft(
            chain_id=found.id,
            chain_version=found.version,
            made_at=clock.now(),
            network_digest="0" * 64,
            content={
                "changes": [dict(zip(("kind", "subject", "detail"), one, strict=True)) for one in changes],
                "before": share,
                "after": share,
                "cost": 1,
            },
        )
        session.add(draft)
        session.flush()
        return f"/halytysketjut/{key}/luonnokset/{draft.id}"


def drafts(app: Flask) -> list[ChainDraft]:
    with Session(engine_of(app), expire_on_commit=False) as session:
        return list(session.scalars(select(ChainDraft)))


def desk(app: Flask) -> str:
    return next(one.key for one in network_of(app, "perho").actors if "johtokeskus" in one.name)


def test_the_best_change_is_kept_looked_at_and_taken_into_use(apart: Flask, planner: FlaskClient) -> None:
    network = network_of(apart, "perho")
    fix = fixes(network, HOLIDAY, network.groups[0].key)[0]
    assert fix.kind is FixKind.DESK_DIRECT
    page = "/halytysketjut/perho/korjaukset"
    form = hidden(planner.get(page).text, page)
    kept = planner.post(page, data={**form, "laji": fix.kind.value, "kohde": fix.subject, "tapa": fix.detail})
    assert kept.status_code == 303
    number = drafts(apart)[0].id
    path = f"/halytysketjut/perho/luonnokset/{number}"
    assert f'href="{path}"' in planner.get(page).text
    before = chain(apart)
    text = planner.get(f"{path}?lang=fi").text
    assert "Joukkohälytys" in plain(text)
    assert "Tällä muutoksella" in plain(text)
    assert chain(apart) == before
    answer = planner.post(f"{path}/kayttoon", data=hidden(text, f"{path}/kayttoon"))
    assert answer.status_code == 303
    after = chain(apart)
    system = next(one for one in after.list if one.caller == "desk:joukkohalytys")
    assert system.mode is ListMode.PARALLEL
    assert {item.channels for item in system.items} == {(Channel.ROBOT_CALL,)}
    assert len(system.items) == 5
    centre = next(one for one in after.list if one.caller == "desk:kp-command-centre")
    assert centre.items[0].target == "desk:joukkohalytys"
    assert drafts(apart) == []
    assert numbers(apart) == [2, 1]
    shown = plain(planner.get(answer.headers["Location"] + "&lang=fi").text)
    assert "Luonnos on otettu käyttöön ketjun uutena versiona." in shown
    share = simulate(network_of(apart, "perho"), HOLIDAY, runs=10_000, seed=1).groups[0].quorum
    assert share.p == pytest.approx(fix.after.p, abs=0.03)


@pytest.mark.parametrize("key", ["kokkola", "tilannekeskus", "alueturva"])
def test_what_is_written_does_what_the_change_promised(app: Flask, key: str) -> None:
    """The engine changes attempts, the chain only lines: they meet within two percentage points."""
    today = clock.today()
    with Session(engine_of(app)) as session:
        found = find_chain(session, key)
        entry = entry_of(found)
        named_in(session, [entry])
        known = everybody(session)
        network = load_network([found], on=today, language=Language.FI)
        group, tried = network.groups[0], set()
        for one in candidates(network, group.key, weakest=members(group), offered=2):
            # That every member has an app, or a system that nobody has, is assumed by the engine alone.
            if one.kind in BY_A_PERSON | {FixKind.DESK_DIRECT} or one.detail == Channel.APP_OVERRIDE:
                continue
            change = Change(one.kind, one.subject, one.detail, one.sentence)
            after = written(entry, [change], Ground(known, today))
            promised, made = (
                simulate(each, HOLIDAY, runs=4000, seed=1, explain=False).groups[0].quorum.p
                for each in (one.network, load_network([loose_chain(after, known)], on=today))
            )
            assert made == pytest.approx(promised, abs=0.02), one.identity
            tried.add(one.kind)
        assert {FixKind.SHORTER_WAIT, FixKind.REORDER, FixKind.PARALLEL, FixKind.ADD_CHANNEL} <= tried


def test_every_kind_is_either_written_or_left_to_a_person(app: Flask) -> None:
    with Session(engine_of(app)) as session:
        entry, known = entry_of(find_chain(session, "perho")), everybody(session)
        for kind in FixKind:
            ground = Ground(known, clock.today(), systems_for(entry, known)[0])
            nobody = Change(kind, "person/999999", "sms", say("a change of the stored draft"))
            if kind in BY_A_PERSON:
                assert written(entry, [nobody], ground) == entry
            else:
                with pytest.raises(Refused, match="this change does not fit it any more"):
                    written(entry, [nobody], ground)


def test_whom_to_appoint_is_left_to_a_person_with_the_way_there(apart: Flask, planner: FlaskClient) -> None:
    network = network_of(apart, "perho")
    seat = next(one.key for one in network.groups[0].seats if len(one.holders) == 1)
    path = keep(apart, "perho", ("add_deputy", seat, ""), ("parallel", desk(apart), ""))
    text = planner.get(f"{path}?lang=fi").text
    assert f'href="/nimeaminen/paikka/{seat.partition("/")[2]}"' in text
    assert "kone ei nimeä ketään" in plain(text)
    answer = planner.post(f"{path}/kayttoon", data=hidden(text, f"{path}/kayttoon"))
    assert answer.status_code == 303
    assert chain(apart).list[2].mode is ListMode.PARALLEL
    (left,) = drafts(apart)
    assert [one["kind"] for one in left.content["changes"]] == ["add_deputy"]
    assert "Ota käyttöön</button>" not in planner.get(f"{path}?lang=fi").text


def test_a_number_to_be_checked_leads_to_the_person(apart: Flask, planner: FlaskClient) -> None:
    network = network_of(apart, "perho")
    point = next(one for one in network.points if one.stale_p > 0 and one.actor in members(network.groups[0]))
    text = planner.get(keep(apart, "perho", ("verify_number", point.key, ""))).text
    assert f'href="/yhteyshenkilot/{point.actor.partition("/")[2]}"' in text


def test_a_set_over_several_chains_is_kept_with_each_and_each_page_takes_its_part(
    apart: Flask, planner: FlaskClient
) -> None:
    changes = []
    for key in ("perho", "lestijarvi"):
        network = network_of(apart, key)
        body = network.groups[0].key
        made = next(one for one in candidates(network, body, weakest=[]) if one.subject == body)
        changes.append(Change(made.kind, made.subject, made.detail, made.sentence))
    gone = Change(FixKind.ADD_DEPUTY, "seat/0", "nobody", say("a change that fits nowhere"))
    with write_session(engine_of(apart), actor="test") as session:
        alone = [(one, load_network([one], on=clock.today())) for one in all_chains(session)]
        kept = store_drafts(session, alone, [*changes, gone], HOLIDAY, runs=200, seed=1)
        pages = {one.chain.key: one.id for one in kept.drafts}
        parts = {one.chain.key: [change.subject for change in draft_changes(one)] for one in kept.drafts}
    assert kept.left == (gone,)
    assert parts == {"perho": [changes[0].subject], "lestijarvi": [changes[1].subject]}
    for key, number in pages.items():
        path = f"/halytysketjut/{key}/luonnokset/{number}"
        page = planner.get(path).text
        assert planner.post(f"{path}/kayttoon", data=hidden(page, f"{path}/kayttoon")).status_code == 303
    assert drafts(apart) == []


def test_a_draft_that_does_not_fit_any_more_is_refused_with_what_has_changed(
    apart: Flask, planner: FlaskClient
) -> None:
    path = keep(apart, "perho", ("parallel", desk(apart), ""))
    page = planner.get(path).text
    with write_session(engine_of(apart), actor="test") as session:
        find_chain(session, "perho").lists[2].mode = ListMode.PARALLEL
    left = chain(apart)
    text = plain(planner.get(f"{path}?lang=fi").text)
    assert "Luonnos ei sovi enää ketjuun" in text
    assert "hälytystapa yksi kerrallaan kaikki yhtä aikaa" in text
    answer = planner.post(f"{path}/kayttoon", data=hidden(page, f"{path}/kayttoon"))
    assert answer.status_code == 422
    assert chain(apart) == left
    assert len(drafts(apart)) == 1


def test_a_draft_seen_on_an_older_version_writes_nothing(apart: Flask, planner: FlaskClient) -> None:
    path = keep(apart, "perho", ("parallel", desk(apart), ""))
    page = planner.get(path).text
    with write_session(engine_of(apart), actor="test") as session:
        find_chain(session, "perho").deadline_min = 40
    answer = planner.post(f"{path}/kayttoon", data=hidden(page, f"{path}/kayttoon"))
    assert answer.status_code == 409
    assert chain(apart).list[2].mode is ListMode.SERIAL


def test_a_faulty_chain_says_that_it_has_to_be_mended_first(apart: Flask, planner: FlaskClient) -> None:
    path = keep(apart, "perho", ("parallel", desk(apart), ""))
    with write_session(engine_of(apart), actor="test") as session:
        for one in find_chain(session, "perho").lists:
            one.is_source = False
    assert "Korjaa ensin vika" in plain(planner.get(f"{path}?lang=fi").text)


def test_a_system_that_gives_the_alarm_is_not_taken(apart: Flask, planner: FlaskClient) -> None:
    path = keep(apart, "perho", ("desk_direct", desk(apart), ""))
    page = planner.get(f"{path}?lang=fi").text
    assert re.findall(r'<option value="(desk:[^"]+)"', page) == ["desk:joukkohalytys"]
    form = {**hidden(page, f"{path}/kayttoon"), "jarjestelma": "desk:erica"}
    answer = planner.post(f"{path}/kayttoon?lang=fi", data=form)
    assert answer.status_code == 422
    assert "Valitse järjestelmä tai lisää se ensin yhteyshenkilöihin." in answer.text


def test_another_chain_s_draft_is_not_found(apart: Flask, planner: FlaskClient) -> None:
    path = keep(apart, "perho", ("parallel", desk(apart), ""))
    assert planner.get(path.replace("perho", "kokkola")).status_code == 404
