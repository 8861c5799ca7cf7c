"""The chain editor: every change is seen before it is saved, makes a version, and is refused with its field if wrong."""

import re
from collections.abc import Sequence
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from prep.alerting.records import find_chain
from prep.chains.form import ChainEntry, entry_of
from prep.chains.versions import versions_of
from prep.models import Chain, Person
from prep.terms import AccountRole, Channel, HourClass, ListMode
from prep.web.database import engine_of
from tests.web.people import sign_in
from tests.web.test_people import hidden

EDITOR = "/halytysketjut/perho/muokkaa"
LINES = "/halytysketjut/perho/listat/1/rivit"
CENTRE = "desk:kp-command-centre"
SEAT = "seat:management-group-584"
Typed = Sequence[tuple[str, str]]


@pytest.fixture
def planner(apart: Flask) -> FlaskClient:
    return sign_in(apart)


def chain(app: Flask, key: str = "perho") -> ChainEntry:
    with Session(engine_of(app)) as session:
        return entry_of(find_chain(session, key))


def numbers(app: Flask, key: str = "perho") -> list[int]:
    with Session(engine_of(app)) as session:
        return [one.number for one in versions_of(session, find_chain(session, key))]


def send(client: FlaskClient, path: str, typed: Typed) -> TestResponse:
    """Open a form, type in it, and send it to its own address."""
    kept = hidden(client.get(path).text, path)
    return client.post(path, data=MultiDict([*kept.items(), *typed]))


def push(client: FlaskClient, path: str) -> TestResponse:
    """Push a button of the editor."""
    return client.post(path, data=hidden(client.get(EDITOR).text, path))


def line(target: str, *channels: str, **more: str) -> Typed:
    typed = {"target": target, "rounds": "1", "deputies": "1", "wait": "", "condition": "", **more}
    return [*typed.items(), *(("channels", one) for one in channels)]


def plain(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def test_the_editor_reads_as_the_call_lists_of_the_chain(apart: Flask, planner: FlaskClient) -> None:
    entry, text = chain(apart), planner.get(f"{EDITOR}?lang=fi").text
    assert text.count('class="button slim" href="/halytysketjut/perho/listat/') == len(entry.list) + sum(
        len(one.items) for one in entry.list
    )
    told = plain(text)
    assert "alkaa hälytyksestä" in told
    assert "Katri Esimerkki" in told
    assert "<svg" in text
    assert "Paikka ilman varahenkilöä" in told


def test_a_finding_stands_at_the_line_that_it_concerns(planner: FlaskClient) -> None:
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", planner.get(f"{EDITOR}?lang=fi").text, re.DOTALL)
    (alone,) = [plain(row) for row in rows if "Paikka ilman varahenkilöä" in row and "Sivistysjohtaja" in row]
    assert "Nimeä" in alone


def test_a_line_is_added_changed_moved_and_removed_each_as_a_version(
    apart: Flask, planner: FlaskClient
) -> None:
    before = chain(apart)
    known = len(before.list[0].items)
    answer = send(planner, f"{LINES}/uusi", line(f"{SEAT}/technical", "call", "sms", wait="1:30", rounds="3"))
    assert answer.status_code == 303
    added = chain(apart).list[0].items[-1]
    assert (added.target, added.channels, added.wait_s, added.rounds) == (
        f"{SEAT}/technical",
        (Channel.CALL, Channel.SMS),
        90,
        3,
    )
    place = f"{LINES}/{known + 1}"
    typed = line(
        f"{SEAT}/technical",
        "radio",
        deputies="",
        wait="0,5",
        condition=f"silent {before.list[0].items[0].target}",
        hours="night",
        calls_back="1",
    )
    assert send(planner, f"{place}/muokkaa", typed).status_code == 303
    changed = chain(apart).list[0].items[-1]
    assert (changed.channels, changed.wait_s, changed.deputies, changed.calls_back) == (
        (Channel.RADIO,),
        30,
        False,
        True,
    )
    assert (changed.if_silent, changed.hours) == (before.list[0].items[0].target, (HourClass.NIGHT,))
    assert send(planner, f"{place}/muokkaa", line(f"{SEAT}/technical", "call")).status_code == 303
    assert push(planner, f"{place}/ylos").status_code == 303
    assert chain(apart).list[0].items[-2].target == f"{SEAT}/technical"
    assert push(planner, f"{LINES}/{known}/alas").status_code == 303
    assert push(planner, f"{place}/poista").status_code == 303
    assert chain(apart) == before
    assert numbers(apart) == [7, 6, 5, 4, 3, 2, 1]


def test_what_a_change_does_is_shown_and_nothing_is_saved(apart: Flask, planner: FlaskClient) -> None:
    before = chain(apart)
    typed = [*line(f"{SEAT}/technical", "call"), ("nayta", "1")]
    answer = send(planner, f"{LINES}/uusi", typed)
    assert answer.status_code == 200
    text = plain(answer.text)
    assert "Tällä muutoksella" in text
    assert "Tekninen johtaja: lisätty." in text
    assert answer.text.count("selected") >= 2
    assert chain(apart) == before
    assert numbers(apart) == [1]


def test_a_change_is_taken_back_and_that_is_a_version_too(apart: Flask, planner: FlaskClient) -> None:
    before = chain(apart)
    path = f"{LINES}/1/poista"
    answer = push(planner, path)
    page = planner.get(answer.headers["Location"])
    assert len(chain(apart).list[0].items) == len(before.list[0].items) - 1
    undone = planner.post("/kumoa", data=hidden(page.text, "/kumoa"))
    assert undone.status_code == 303
    assert chain(apart) == before
    assert numbers(apart) == [3, 2, 1]


def test_the_same_form_sent_twice_adds_one_line(apart: Flask, planner: FlaskClient) -> None:
    path, known = f"{LINES}/uusi", len(chain(apart).list[0].items)
    data = MultiDict([*hidden(planner.get(path).text, path).items(), *line(f"{SEAT}/technical", "call")])
    first, second = (planner.post(path, data=data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(chain(apart).list[0].items) == known + 1


def test_two_who_change_the_same_line_lose_nothing(apart: Flask, planner: FlaskClient) -> None:
    path = f"{LINES}/1/muokkaa"
    mine = hidden(planner.get(path).text, path)
    target = chain(apart).list[0].items[0].target
    theirs = line(target, "radio", rounds="4")
    assert send(planner, path, theirs).status_code == 303
    answer = planner.post(path, data=MultiDict([*mine.items(), *line(target, "sms", rounds="2")]))
    assert answer.status_code == 409
    text = plain(answer.text)
    assert "Taina Testi-Esimerkki" in text
    assert chain(apart).list[0].items[0].channels == (Channel.RADIO,)
    assert '<option value="sms" selected>' in answer.text
    again = planner.post(path, data=MultiDict([*hidden(answer.text, path).items(), *line(target, "sms")]))
    assert again.status_code == 303
    assert chain(apart).list[0].items[0].channels == (Channel.SMS,)


def test_a_line_taken_away_meanwhile_is_not_written_over_its_neighbour(
    apart: Flask, planner: FlaskClient
) -> None:
    path = f"{LINES}/1/muokkaa"
    mine = hidden(planner.get(path).text, path)
    target = chain(apart).list[0].items[0].target
    push(planner, f"{LINES}/1/poista")
    left = chain(apart)
    answer = planner.post(path, data=MultiDict([*mine.items(), *line(target, "sms")]))
    assert answer.status_code == 409
    assert f'action="{LINES}/uusi"' in answer.text
    assert chain(apart) == left


def test_a_button_pushed_on_an_old_page_moves_nothing(apart: Flask, planner: FlaskClient) -> None:
    path = f"{LINES}/1/poista"
    old = hidden(planner.get(EDITOR).text, path)
    push(planner, path)
    left = chain(apart)
    answer = planner.post(path, data={**old, "kerran": "0" * 32})
    assert answer.status_code == 409
    assert chain(apart) == left


BAD_LINES = {
    "no channel": (line(f"{SEAT}/technical"), "Rivillä on ainakin yksi kanava."),
    "a channel twice": (line(f"{SEAT}/technical", "call", "call"), "Kukin kanava mainitaan kerran"),
    "an unknown channel": (line(f"{SEAT}/technical", "smoke"), "”smoke” Tällaista valintaa ei ole."),
    "a negative wait": (line(f"{SEAT}/technical", "call", wait="-1"), "Odotus: ”-1” Se on aika väliltä"),
    "ten years": (line(f"{SEAT}/technical", "call", wait="5256000"), "Se on aika väliltä 0 minuuttia"),
    "words for a wait": (line(f"{SEAT}/technical", "call", wait="kaksi"), "Odotus: ”kaksi”"),
    "seventy seconds": (line(f"{SEAT}/technical", "call", wait="1:70"), "Odotus: ”1:70”"),
    "a millisecond": (line(f"{SEAT}/technical", "call", wait="0,0001"), "Odotus: ”0,0001”"),
    "no rounds": (line(f"{SEAT}/technical", "call", rounds="0"), "Se on kokonaisluku väliltä 1–10."),
    "too many rounds": (line(f"{SEAT}/technical", "call", rounds="99"), "Kierrokset: ”99”"),
    "nobody": (line("", "call"), "Kuka tavoitetaan: Tällä ei tarkoiteta ketään"),
    "somebody of another county": (line("person:999999", "call"), "”person:999999” Tällä ei tarkoiteta"),
    "a seat that is not there": (line(f"{SEAT}/x", "call"), "Tällä ei tarkoiteta ketään"),
    "the caller itself": (line(CENTRE, "call"), "Kukaan ei soita itselleen."),
    "a condition on itself": (
        line(f"{SEAT}/technical", "call", condition=f"silent {SEAT}/technical"),
        "Ehto katsoo taaksepäin",
    ),
    "a condition on nobody there": (
        line(f"{SEAT}/technical", "call", condition="answered desk:erica"),
        "Ehto katsoo taaksepäin",
    ),
    "a condition that is none": (line(f"{SEAT}/technical", "call", condition="perhaps"), "Ehto: ”perhaps”"),
}


@pytest.mark.parametrize("fault", BAD_LINES)
def test_a_wrong_line_comes_back_with_what_is_wrong_and_nothing_is_saved(
    apart: Flask, planner: FlaskClient, fault: str
) -> None:
    typed, sentence = BAD_LINES[fault]
    before, number = chain(apart), centre(apart)
    path = f"/halytysketjut/perho/listat/{number}/rivit/uusi"
    for button in ([], [("nayta", "1")]):
        answer = send(planner, path, [*typed, *button])
        assert answer.status_code == 422
        assert sentence in plain(answer.text)
        assert 'role="alert"' in answer.text
    assert chain(apart) == before


def centre(app: Flask) -> int:
    """The number of the list of the command centre."""
    return next(at for at, one in enumerate(chain(app).list, start=1) if one.caller == CENTRE)


def test_the_very_same_line_twice_is_refused(apart: Flask, planner: FlaskClient) -> None:
    path = f"/halytysketjut/perho/listat/{centre(apart)}/rivit/uusi"
    typed = line("desk:hatakeskus", "email")
    assert send(planner, path, typed).status_code == 303
    answer = send(planner, path, typed)
    assert answer.status_code == 422
    assert "Aivan sama rivi on listalla jo." in plain(answer.text)


def test_a_list_has_no_more_than_two_hundred_lines(apart: Flask, planner: FlaskClient) -> None:
    from prep.chains.form import MOST_LINES
    from prep.chains.references import everybody
    from prep.chains.writing import write_chain
    from prep.db import write_session

    with write_session(engine_of(apart), actor="test") as session:
        entry = entry_of(find_chain(session, "perho"))
        one = entry.list[0]
        items = [one.items[0].model_copy(update={"wait_s": wait}) for wait in range(MOST_LINES)]
        lists = (one.model_copy(update={"items": tuple(items)}), *entry.list[1:])
        write_chain(session, entry.model_copy(update={"list": lists}), everybody(session))
    answer = send(planner, f"{LINES}/uusi", line(f"{SEAT}/technical", "call"))
    assert answer.status_code == 422
    assert "enintään 200 riviä" in plain(answer.text)
    assert len(chain(apart).list[0].items) == MOST_LINES


def test_a_line_on_which_another_depends_is_not_taken_away(apart: Flask, planner: FlaskClient) -> None:
    number = centre(apart)
    first = chain(apart).list[number - 1].items[0].target
    path = f"/halytysketjut/perho/listat/{number}/rivit"
    assert (
        send(
            planner, f"{path}/uusi", line("desk:hatakeskus", "call", condition=f"silent {first}")
        ).status_code
        == 303
    )
    before = chain(apart)
    answer = push(planner, f"{path}/1/poista")
    assert answer.status_code == 422
    assert "Ehto katsoo taaksepäin" in plain(answer.text)
    assert chain(apart) == before


def test_a_list_is_added_changed_and_removed_with_what_goes_with_it(
    apart: Flask, planner: FlaskClient
) -> None:
    path = "/halytysketjut/perho/listat/uusi"
    typed = [("caller", f"{SEAT}/technical"), ("mode", "parallel"), ("handover", "2"), ("follow_up", "")]
    assert send(planner, path, typed).status_code == 303
    made = chain(apart).list[-1]
    assert (made.caller, made.mode, made.source, made.handover_s) == (
        f"{SEAT}/technical",
        ListMode.PARALLEL,
        False,
        120,
    )
    twice = send(planner, path, typed)
    assert twice.status_code == 422
    assert "Tällä soittajalla on ketjussa jo lista." in plain(twice.text)
    number = len(chain(apart).list)
    change = f"/halytysketjut/perho/listat/{number}/muokkaa"
    assert send(planner, change, [*typed[:1], ("mode", "serial"), ("follow_up", "10")]).status_code == 303
    assert (chain(apart).list[-1].follow_up_s, chain(apart).list[-1].handover_s) == (600, None)
    page = planner.get(f"/halytysketjut/perho/listat/{number}/poista").text
    assert "Siinä ei ole rivejä." in page
    gone = f"/halytysketjut/perho/listat/{number}/poista"
    assert planner.post(gone, data=hidden(page, gone)).status_code == 303
    assert len(chain(apart).list) == number - 1


def test_a_chain_never_takes_the_place_of_another_page(apart: Flask, planner: FlaskClient) -> None:
    """Every word that stands in an address where the key of a chain stands."""
    words = {
        rule.rule.split("/")[2]
        for rule in apart.url_map.iter_rules()
        if rule.rule.startswith("/halytysketjut/") and not rule.rule.startswith("/halytysketjut/<")
    }
    assert "uusi" in words
    for word in words:
        typed = [("body", "alueturva-board"), ("name", word.capitalize()), ("deadline", "45")]
        answer = send(planner, "/halytysketjut/uusi", typed)
        assert answer.headers["Location"].startswith(f"/halytysketjut/{word}-2/muokkaa")


def test_a_chain_is_made_named_ruled_and_removed_and_brought_back(apart: Flask, planner: FlaskClient) -> None:
    path = "/halytysketjut/uusi"
    typed = [
        ("body", "alueturva-board"),
        ("name", "Johto yöllä"),
        ("deadline", "45"),
        ("each_constituency", "1"),
    ]
    answer = send(planner, path, typed)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/halytysketjut/johto-yolla/muokkaa")
    made = chain(apart, "johto-yolla")
    assert (made.body, made.deadline_min, made.each_constituency, made.list) == (
        "alueturva-board",
        45,
        True,
        (),
    )
    assert (
        "Ketjussa ei ole vielä soittolistoja."
        in planner.get("/halytysketjut/johto-yolla/muokkaa?lang=fi").text
    )
    facts = "/halytysketjut/johto-yolla/tiedot"
    seats = ("board-lestijokilaakso", "board-perhonjokilaakso")
    typed = [
        ("name", "Johto"),
        ("deadline", "60"),
        *(("one_of_1", seat) for seat in seats),
        ("note", "Kokeilu"),
    ]
    assert send(planner, facts, typed).status_code == 303
    ruled = chain(apart, "johto-yolla")
    assert (ruled.name, ruled.deadline_min, ruled.one_of, ruled.each_constituency, ruled.note) == (
        "Johto",
        60,
        (seats,),
        False,
        "Kokeilu",
    )
    assert numbers(apart, "johto-yolla") == [2, 1]
    gone = "/halytysketjut/johto-yolla/poista"
    page = planner.get(f"{gone}?lang=fi").text
    assert "Versioita: 2." in plain(page)
    answer = planner.post(gone, data=hidden(page, gone))
    assert answer.status_code == 303
    assert planner.get("/halytysketjut/johto-yolla").status_code == 404
    back = planner.post("/kumoa", data=hidden(planner.get(answer.headers["Location"]).text, "/kumoa"))
    assert back.status_code == 303
    assert chain(apart, "johto-yolla") == ruled
    assert numbers(apart, "johto-yolla") == [3, 2, 1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            [("body", "x"), ("name", "A"), ("deadline", "30")],
            "Ketjun on tavoitettava jokin rekisterissä oleva",
        ),
        ([("body", "alueturva-board"), ("name", ""), ("deadline", "30")], "Nimi: Se ei ole tyhjä."),
        ([("body", "alueturva-board"), ("name", "x" * 201), ("deadline", "30")], "enintään 200 merkkiä"),
        ([("body", "alueturva-board"), ("name", "A"), ("deadline", "0")], "väliltä 1–1 440"),
        ([("body", "alueturva-board"), ("name", "A"), ("deadline", "x")], "Määräaika: ”x”"),
    ],
)
def test_a_wrong_new_chain_comes_back_with_what_is_wrong(
    apart: Flask, planner: FlaskClient, typed: Typed, sentence: str
) -> None:
    answer = send(planner, "/halytysketjut/uusi", typed)
    assert answer.status_code == 422
    assert sentence in plain(answer.text).replace("\xa0", " ")
    with Session(engine_of(apart)) as session:
        assert len(session.scalars(select(Chain)).all()) == 10


@pytest.mark.parametrize(
    "where", ["listat/99/muokkaa", "listat/99/rivit/uusi", "listat/1/rivit/99/muokkaa", "listat/0/poista"]
)
def test_a_list_or_line_that_there_is_not_is_not_found(planner: FlaskClient, where: str) -> None:
    assert planner.get(f"/halytysketjut/perho/{where}").status_code == 404


def test_whoever_may_only_read_is_not_led_to_the_editor(app: Flask) -> None:
    viewer = sign_in(app, AccountRole.VIEWER)
    assert "/muokkaa" not in viewer.get("/halytysketjut/perho").text
    assert viewer.get(EDITOR).status_code == 404
    assert viewer.get("/halytysketjut/uusi").status_code == 404


def test_those_who_can_be_named_are_offered_with_the_own_seats_first(app: Flask, client: FlaskClient) -> None:
    text = client.get(f"{LINES}/uusi?lang=fi").text
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', text, re.DOTALL)
    assert [words for words, _ in groups][:2] == ["Päivystykset ja hälytysjärjestelmät", "Toimielimen paikat"]
    assert groups[1][1].count("<option") == 5
    with Session(engine_of(app)) as session:
        people = session.scalars(select(Person).where(Person.key.is_(None))).all()
    assert groups[-1][1].count("<option") == len(people)
