"""The pages that question a chain say what the engine says, to whom may ask, and change nothing but drafts."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep import clock
from prep.alerting.chain import Network
from prep.alerting.cuts import minimal_cuts
from prep.alerting.exact import exact
from prep.alerting.fixes import fixes
from prep.alerting.hours import HeatMap, Week, heat_maps, hours_of_week, weeks_of
from prep.alerting.packages import apply_changes, best_package
from prep.alerting.records import all_chains, find_chain, load_network
from prep.alerting.result import Share
from prep.alerting.scenarios import Scenario, parse
from prep.alerting.simulate import simulate
from prep.alerting.story import median_run, tell, worst_run
from prep.language import percent
from prep.models import Chain, ChainDraft
from prep.terms import AccountRole, Language
from prep.web.chances import chance, chance_span
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_every_route import form_token
from tests.web.test_pages import page, queries

__all__ = ["queries"]

HOLIDAY = parse("holiday")
PAGES = ("heikkoudet", "korjaukset", "tunnit", "kertomus")
# However large the chain: read with its page, never one by one. The list of all chains is asked for by one of them.
MOST_QUERIES = {"heikkoudet": 34, "korjaukset": 58, "tunnit": 32, "kertomus": 32}


def network_of(app: Flask, key: str) -> Network:
    with Session(engine_of(app)) as session:
        return load_network([find_chain(session, key)], on=clock.today(), language=Language.FI)


def text_of(client: FlaskClient, where: str) -> str:
    return page(client, where).text


def figures(share: Share) -> str:
    return f"{chance(share, Language.FI)} {chance_span(share, Language.FI)}"


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_chain_leads_to_every_question_under_the_same_scenario(client: FlaskClient) -> None:
    found = page(client, "/halytysketjut/perho?tilanne=night&vika=power_cut")
    hrefs = {attributes.get("href") for tag, attributes in found.found if tag == "a"}
    assert {f"/halytysketjut/perho/{one}?tilanne=night&vika=power_cut" for one in PAGES} <= hrefs


def test_a_body_that_is_silent_already_does_not_look_safe(client: FlaskClient) -> None:
    text = text_of(client, "/halytysketjut/perho/heikkoudet?tilanne=office&vika=mobile_down&lang=en")
    assert text.count("Silent already, although nothing more fails") == 2
    assert "Nothing alone can silence the body" not in text


def test_weak_points_are_those_of_the_engine_with_the_exact_answer_beside_the_simulated(
    app: Flask, client: FlaskClient
) -> None:
    network = network_of(app, "perho")
    group = network.groups[0].key
    cuts = minimal_cuts(network, HOLIDAY, order=3, groups=[group])[group]
    alone = [cut for cut in cuts if len(cut.parts) == 1]
    text = text_of(client, "/halytysketjut/perho/heikkoudet")
    assert f"yksittäisiä vikapisteitä: {len(alone)}" in text
    assert f"yhdistelmiä: {len(cuts) - len(alone)}, enintään 3 osaa" in text
    assert plain(percent(exact(network, HOLIDAY, group).p, Language.FI, digits=1)) in text
    # Perho hangs on the municipal manager, whom alone the command centre calls.
    assert "Katri Esimerkki henkilö tai päivystys" in text
    assert "Paikka ilman varahenkilöä" in text


def test_a_number_among_the_weak_points_is_masked_for_those_who_may_not_see_it(
    app: Flask, client: FlaskClient
) -> None:
    where = "/halytysketjut/perho/heikkoudet?lang=fi"
    number = re.compile(r"\+358\s00\s000\s\d{4}")
    assert number.search(unescape(client.get(where).text))
    viewer = sign_in(app, AccountRole.VIEWER).get(where).text
    assert not number.search(unescape(viewer))
    assert "Katri Esimerkki" in viewer


def test_changes_are_those_of_the_engine_with_before_after_and_the_worst_group(
    app: Flask, client: FlaskClient
) -> None:
    network = network_of(app, "perho")
    found = fixes(network, HOLIDAY, network.groups[0].key)
    text = text_of(client, "/halytysketjut/perho/korjaukset")
    assert found
    for fix in found:
        assert plain(f"{figures(fix.before)} {figures(fix.after)}") in text
    assert "Heikoin ryhmä nyt, kun kaikki ketjut hälytetään yhtä aikaa, on Lestijärvi" in text
    assert "Tämä on malli, ei mittaus." in text


@pytest.mark.parametrize("key", ["lestijarvi", "tilannekeskus"])
def test_the_worst_group_with_each_change_is_that_of_all_chains_together(
    app: Flask, client: FlaskClient, key: str
) -> None:
    scenario = parse("office")
    with Session(engine_of(app)) as session:
        whole = load_network(all_chains(session), on=clock.today(), language=Language.FI)
    network = network_of(app, key)
    found = fixes(network, scenario, network.groups[0].key)
    html = client.get(f"/halytysketjut/{key}/korjaukset?tilanne=office&lang=fi").text
    cells = re.findall(r'data-label="Heikoin ryhmä sen jälkeen">(.*?)</td>', html)
    assert len(cells) == len(found) > 0
    now = worst_of(whole, scenario)
    for fix, cell in zip(found, cells, strict=True):
        then = worst_of(apply_changes(whole, [fix.change]), scenario)
        words = plain(unescape(re.sub("<[^>]+>", "", cell)))
        told = "kuten nyt" if then == now else plain(f"{figures(then[1])} {then[0]}")
        assert words == told


def worst_of(network: Network, scenario: Scenario) -> tuple[str, Share]:
    """By the simulator, run by run: the page plays the groups only up to their deadlines."""
    played = simulate(network, scenario, runs=4000, seed=1, explain=False)
    worst = min(played.groups, key=lambda one: (one.quorum.p, one.group))
    return network.group(worst.group).name, worst.quorum


def test_the_best_set_of_changes_is_that_of_the_engine_and_is_kept(apart: Flask) -> None:
    client = sign_in(apart)
    where = "/halytysketjut/perho/korjaukset"
    found = best_package(network_of(apart, "perho"), HOLIDAY, budget=2, runs=4000)
    text = text_of(client, f"{where}?muutoksia=2")
    assert len(found.steps) == 2
    for standing in (found.before, *(step.after for step in found.steps)):
        assert plain(figures(standing.worst[1])) in text
    assert "Kaikkia yhdistelmiä ei kokeilla" in text
    assert client.get(f"{where}?muutoksia=6").status_code == 422
    answer = client.post(where, data={"lomake": form_token(client), "muutoksia": "2"})
    assert answer.status_code == 303
    with Session(engine_of(apart)) as session:
        draft = session.scalars(select(ChainDraft)).one()
        assert [one["kind"] for one in draft.content["changes"]] == [
            step.change.kind.value for step in found.steps
        ]


def test_a_change_is_kept_as_a_draft_shown_taken_back_and_removed(apart: Flask) -> None:
    client = sign_in(apart)
    where = "/halytysketjut/perho/korjaukset"
    network = network_of(apart, "perho")
    fix = fixes(network, HOLIDAY, network.groups[0].key)[0]
    form = {"lomake": form_token(client), "laji": fix.kind.value, "kohde": fix.subject, "tapa": fix.detail}
    answer = client.post(where, data=form)
    assert answer.status_code == 303
    with Session(engine_of(apart)) as session:
        draft = session.scalars(select(ChainDraft)).one()
        assert draft.content["changes"] == [
            {"kind": fix.kind.value, "subject": fix.subject, "detail": fix.detail}
        ]
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        assert draft.chain_version == chain.version
        number = draft.id
    after = text_of(client, answer.headers["Location"])
    drafts = after.split("Luonnokset")[1]
    assert "Tallennettu luonnoksena. Itse ketju on ennallaan." in after
    assert "hälyttää kaikki paikat yhtä aikaa" in drafts
    assert plain(f"{chance(fix.before, Language.FI)}") in drafts
    rows = re.search(r"kumoa=(\d+-\d+)", answer.headers["Location"])
    assert rows is not None
    taken = client.post("/kumoa", data={"lomake": form_token(client), "rivit": rows[1], "paluu": where})
    assert taken.status_code == 303
    assert "Ei luonnoksia." in text_of(client, where)
    client.post(where, data={**form, "lomake": form_token(client)})
    with Session(engine_of(apart)) as session:
        number = session.scalars(select(ChainDraft.id)).one()
    gone = client.post(
        f"/halytysketjut/perho/luonnokset/{number}/poista", data={"lomake": form_token(client)}
    )
    assert gone.status_code == 303
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(ChainDraft)).all() == []


def test_a_change_that_does_not_help_is_not_kept(apart: Flask) -> None:
    client = sign_in(apart)
    form = {"lomake": form_token(client), "laji": "add_deputy", "kohde": "nobody", "tapa": ""}
    answer = client.post("/halytysketjut/perho/korjaukset?lang=fi", data=form)
    assert answer.status_code == 422
    assert "Vain muutoksen, joka auttaa ketjua nykyisellään, voi ottaa talteen." in answer.text
    with Session(engine_of(apart)) as session:
        assert session.scalars(select(ChainDraft)).all() == []


def heat_of(app: Flask, key: str, week: Week) -> HeatMap:
    return heat_maps(network_of(app, key), hours_of_week(weeks_of(clock.today().year)[week]))[0]


@pytest.mark.parametrize("week", [Week.ORDINARY, Week.CHRISTMAS])
def test_every_hour_of_the_map_and_the_worst_are_those_of_the_engine(
    app: Flask, client: FlaskClient, week: Week
) -> None:
    found = heat_of(app, "perho", week)
    html = client.get(f"/halytysketjut/perho/tunnit?viikko={week}&lang=fi").text
    # Drawn twice: broad, and turned for a narrow screen.
    drawn = re.findall(r'class="value s\d"[^>]*>([^<]+)<', html)
    by_hour = [str(round(cell.quorum.p * 100)) for cell in found.cells]
    assert len(by_hour) == 168
    assert sorted(drawn) == sorted(by_hour * 2)
    assert html.count('class="worst"') == 3  # one in each picture, one in the legend
    worst, best = re.findall(r'class="answer"><strong>([^<]+)</strong>', html)
    assert unescape(worst) == chance(found.worst.quorum, Language.FI)
    assert unescape(best) == chance(found.best.quorum, Language.FI)


def test_the_table_of_hours_holds_each_hour_once(app: Flask, client: FlaskClient) -> None:
    text = text_of(client, "/halytysketjut/perho/tunnit").split("Tunnit taulukkona")[1]
    assert "maanantai 7.9. – perjantai 11.9.2026 00–06 yö" in text
    assert "maanantai 7.9. – perjantai 11.9.2026 08–16 virka-aika" in text
    assert "lauantai 12.9. – sunnuntai 13.9.2026 06–23" in text


@pytest.mark.parametrize("view", ["present", "holidays", "july"])
def test_each_view_answers(client: FlaskClient, view: str) -> None:
    assert "Heikoin tunti" in text_of(client, f"/halytysketjut/kokkola/tunnit?viikko={view}&vika=mobile_down")


def test_the_story_is_that_of_the_engine_line_by_line(app: Flask, client: FlaskClient) -> None:
    network = network_of(app, "kokkola")
    group = network.groups[0].key
    for question, run in (
        ("", median_run(network, HOLIDAY, group, seed=1)),
        ("?halytys=worst", worst_run(network, HOLIDAY, group, seed=1)),
        ("?ajo=17", 17),
    ):
        html = client.get(f"/halytysketjut/kokkola/kertomus{question}{'&' if question else '?'}lang=fi").text
        lines = re.findall(r"<time>([\d:]+)</time>", html)
        told = [line.clock for line in tell(network, HOLIDAY, seed=1, run=run).lines]
        assert sorted(lines) == sorted([*told, "30:00"])
        assert f"ajo {run}, siemenluku 1" in html


@pytest.mark.parametrize("number", ["-1", "x", "10000000", "1.5"])
def test_a_run_that_is_none_is_refused_with_the_rule(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/halytysketjut/kokkola/kertomus?ajo={number}&lang=fi")
    assert answer.status_code == 422
    assert "Ajon numero on kokonaisluku väliltä" in answer.text


@pytest.mark.parametrize("where", PAGES)
def test_a_faulty_chain_is_told_so_on_every_page(changed: Callable[..., FlaskClient], where: str) -> None:
    def break_it(session: Session) -> None:
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        for one in chain.lists:
            one.is_source = False

    text = text_of(changed(break_it), f"/halytysketjut/perho/{where}")
    assert "Ketjua ei voi simuloida" in text


def test_a_fault_elsewhere_leaves_the_changes_and_says_what_is_missing(
    changed: Callable[..., FlaskClient],
) -> None:
    def break_it(session: Session) -> None:
        chain = session.scalars(select(Chain).where(Chain.key == "kokkola")).one()
        chain.body.quorum = len(chain.body.seats) + 1

    text = text_of(changed(break_it), "/halytysketjut/perho/korjaukset")
    assert "Parhaat yksittäiset muutokset" in text
    assert "Muutosten vaikutusta heikoimpaan ryhmään ei voi sanoa" in text


@pytest.mark.parametrize("where", PAGES)
def test_another_municipality_s_chain_is_not_found(app: Flask, where: str) -> None:
    contact = sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272")
    answers = [contact.get(f"/halytysketjut/{key}/{where}") for key in ("perho", "qqqqq")]
    assert [one.status_code for one in answers] == [404, 404]


def test_who_may_not_simulate_is_not_led_to_the_changes(app: Flask) -> None:
    viewer = sign_in(app, AccountRole.VIEWER)
    found = page(viewer, "/halytysketjut/perho")
    hrefs = {attributes.get("href") for tag, attributes in found.found if tag == "a"}
    assert "/halytysketjut/perho/heikkoudet" in hrefs
    assert "/halytysketjut/perho/korjaukset" not in hrefs
    assert viewer.get("/halytysketjut/perho/korjaukset").status_code == 404


@pytest.mark.parametrize("where", PAGES)
def test_a_question_asks_the_database_a_fixed_number_of_times(
    client: FlaskClient,
    queries: list[str],
    where: str,
) -> None:
    client.get(f"/halytysketjut/kokkola/{where}")
    assert len(queries) <= MOST_QUERIES[where]
