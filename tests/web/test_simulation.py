"""All chains at once on a page: what the engine says of them together, for those who may simulate them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.chain import Network
from prep.alerting.contributions import contributions
from prep.alerting.cuts import joint_cuts
from prep.alerting.paired import compare
from prep.alerting.records import all_chains, find_chain, load_network
from prep.alerting.result import PartKind, Share
from prep.alerting.scenarios import parse
from prep.alerting.simulate import simulate
from prep.models import Chain
from prep.terms import AccountRole, ActorKind, Language
from prep.web.chances import chance, chance_span
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_pages import page, queries

__all__ = ["queries"]


def whole(app: Flask) -> Network:
    with Session(engine_of(app)) as session:
        return load_network(all_chains(session), on=clock.today(), language=Language.FI)


def plain(text: str) -> str:
    return " ".join(text.split())


def figures(share: Share) -> str:
    return plain(f"{chance(share, Language.FI)} {chance_span(share, Language.FI)}")


def test_every_group_is_shown_as_the_engine_has_it_when_all_are_alerted_at_once(
    app: Flask, client: FlaskClient
) -> None:
    result = simulate(whole(app), parse("night"), runs=10_000, seed=1, explain=False)
    text = page(client, "/simulointi?tilanne=night").text
    assert result.together is not None
    assert f"Kaikki {len(result.groups)} ryhmää ajoissa" in text
    assert plain(chance(result.together.share, Language.FI)) in text
    for one in result.groups:
        assert figures(one.quorum) in text
        assert figures(one.curve.share_by(900.0)) in text
    for minute in (15, 30, 60, 120):
        assert f"{minute} {figures(result.together.curve.share_by(minute * 60.0))}" in text


def test_the_worst_group_and_what_silences_most_are_named(app: Flask, client: FlaskClient) -> None:
    network = whole(app)
    result = simulate(network, parse("night"), runs=10_000, seed=1, explain=False)
    worst = min(result.groups, key=lambda one: one.quorum.p)
    text = page(client, "/simulointi?tilanne=night").text
    assert f"Heikoin: {network.group(worst.group).name}" in text
    most = joint_cuts(network, parse("night"), order=1)[0]
    assert most.groups
    assert f"{network.actor(most.parts[0].key).name} henkilö tai päivystys {len(most.groups)}" in text


def test_two_scenarios_stand_beside_each_other(app: Flask, client: FlaskClient) -> None:
    network = whole(app)
    first, second = parse("night"), parse("night+mobile_down")
    text = page(client, "/simulointi?tilanne=night&vertaa=mobile_down").text
    assert "Arkiyö klo 4 → Arkiyö klo 4 ja Matkapuhelinverkko poikki" in text
    other = simulate(network, second, runs=10_000, seed=1, explain=False)
    change = compare(network, first, second, runs=10_000, seed=1)
    for one in other.groups:
        assert figures(one.quorum) in text
    told = [abs(round(one.p * 100, 1)) for one in change.groups.values() if one.better or one.worse]
    assert told
    for points in told:
        assert f"−{points:g}".replace(".", ",") in text


def test_the_list_is_taken_along_with_its_figures(client: FlaskClient) -> None:
    answer = client.get("/simulointi?tiedosto=csv&lang=fi&sarake=reach&sarake=low&sarake=by-30")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.status_code == 200
    assert lines[0].split(";") == ["Ryhmä", "Tavoitetaan ajoissa", "Vähintään (95 %)", "30 minuutissa"]
    assert len(lines) == 11


def test_a_chain_with_a_fault_is_left_out_by_name(changed: Callable[..., FlaskClient]) -> None:
    def break_it(session: Session) -> None:
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        for one in chain.lists:
            one.is_source = False

    text = page(changed(break_it), "/simulointi").text
    assert "Jätetty pois, koska virhe on korjattava ensin: Perhon johtoryhmä" in text
    assert "Kaikki 9 ryhmää ajoissa" in text


def test_without_chains_the_page_says_how_to_begin(empty_client: FlaskClient) -> None:
    assert "Simuloitavaa ei ole" in page(empty_client, "/simulointi").text


@pytest.mark.parametrize("wrong", ["vertaa=noon", "vertaa=office&vertaa=night", "tilanne=x", "vika=y"])
def test_what_cannot_be_asked_is_named(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/simulointi?{wrong}")
    assert answer.status_code == 422
    assert "Tilanne" in answer.text


def test_who_may_not_simulate_is_not_led_there(app: Flask) -> None:
    viewer = sign_in(app, AccountRole.VIEWER)
    assert viewer.get("/simulointi").status_code == 404
    hrefs = {attributes.get("href") for tag, attributes in page(viewer, "/halytysketjut").found if tag == "a"}
    assert "/simulointi" not in hrefs


def test_the_list_of_chains_leads_there_under_the_same_scenario(client: FlaskClient) -> None:
    found = page(client, "/halytysketjut?tilanne=night&vika=mobile_down").found
    hrefs = {attributes.get("href") for tag, attributes in found if tag == "a"}
    assert "/simulointi?tilanne=night&vika=mobile_down" in hrefs


def test_the_database_is_asked_a_fixed_number_of_times(client: FlaskClient, queries: list[str]) -> None:
    client.get("/simulointi?vertaa=office")
    assert len(queries) <= 36


def test_the_chain_tells_who_makes_or_breaks_it_as_the_engine_has_it(app: Flask, client: FlaskClient) -> None:
    with Session(engine_of(app)) as session:
        network = load_network([find_chain(session, "perho")], on=clock.today(), language=Language.FI)
    found = contributions(network, parse("night"), network.groups[0].key, runs=10_000, seed=1)
    told = page(client, "/halytysketjut/perho?tilanne=night").text.split("Kuka ratkaisee")[1]
    for one in found:
        if one.part.kind is PartKind.ACTOR and (one.made.count or one.missed.count):
            name = network.actor(one.part.key).name
            kind = "henkilö" if network.actor(one.part.key).kind is ActorKind.PERSON else ""
            assert f"{name} {kind}" in told
            assert f"{figures(one.made)} {figures(one.missed)}" in told
