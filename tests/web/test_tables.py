"""Lists are searched, ordered, leafed through, shown in chosen columns and taken along, each by its address."""

import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import AuditEntry, Municipality, Site
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.people import sign_in

LIST = "/evakuointipaikat"


def shown(client: FlaskClient, question: str = "", where: str = LIST) -> list[str]:
    """The names of the rows on a page, from the top."""
    answer = client.get(f"{where}?lang=fi&{question}")
    assert answer.status_code == 200, answer.text
    return re.findall(r'<th scope="row"[^>]*>.*?<a [^>]*>([^<]+)</a>', answer.text, re.DOTALL)


def column(client: FlaskClient, label: str, question: str) -> list[str]:
    text = client.get(f"{LIST}?lang=fi&rivit=200&{question}").text
    cells = re.findall(rf'data-label="{label}"[^>]*>(.*?)</td>', text, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s", "", cell) for cell in cells]


def test_a_list_is_ordered_by_a_column_and_turned_with_the_unknown_last(client: FlaskClient) -> None:
    rising, falling = (column(client, "Paikkoja", f"jarjestys={sign}places") for sign in ("", "-"))
    known = [int(one) for one in rising if one.isdigit()]
    assert known == sorted(known)
    assert [int(one) for one in falling if one.isdigit()] == known[::-1]
    assert len(known) < len(rising)
    assert {*rising[len(known) :], *falling[len(known) :]} == {"eitiedossa"}


def test_names_are_ordered_as_in_finland(changed: Callable[[Callable[..., None]], FlaskClient]) -> None:
    new = {"Halsua": "Öja", "Kannus": "Ähtäri", "Perho": "Åminne", "Veteli": "Zitting"}

    def rename(session: Session) -> None:
        for one in session.scalars(select(Municipality)):
            one.name_fi = new.get(one.name_fi, one.name_fi)

    assert shown(changed(rename), where="/kunnat") == [
        *("Kaustinen", "Kokkola", "Lestijärvi", "Toholampi", "Zitting"),
        *("Åminne", "Ähtäri", "Öja"),
    ]


def test_the_heading_says_and_turns_the_order(client: FlaskClient) -> None:
    text = client.get("/kunnat?lang=fi&jarjestys=residents").text
    turns = re.findall(r'aria-sort="(\w+)"><a id="municipalities-(\w+)"[^>]*href="([^"]+)"', text)
    assert ("ascending", "residents", "/kunnat?jarjestys=-residents") in turns
    assert ("none", "name", "/kunnat?jarjestys=name") in turns


def test_a_list_is_searched_by_every_word_whatever_the_capitals_and_accents(client: FlaskClient) -> None:
    for words in ("LESTIJÄRVI", "lestijarvi", "järvi lesti"):
        assert shown(client, f"haku={words}", where="/kunnat") == ["Lestijärvi"]
    both = shown(client, "haku=perhon+koulu")
    assert both
    assert all("Perho" in one and "koulu" in one for one in both)
    text = client.get("/kunnat?lang=fi&haku=qqq").text
    assert "Haulla ei löytynyt mitään." in text
    assert 'href="/kunnat"' in text


def test_a_long_list_is_leafed_through_and_a_page_that_is_gone_shows_the_last(client: FlaskClient) -> None:
    pages = [shown(client, f"sivu={number}") for number in (1, 2, 3)]
    assert [len(one) for one in pages] == [50, 50, 19]
    assert len({name for one in pages for name in one}) > 100
    assert shown(client, "sivu=99") == pages[2]
    assert shown(client, "rivit=200") == [name for one in pages for name in one]
    assert "Rivit 51–100, yhteensä 119" in client.get(f"{LIST}?lang=fi&sivu=2").text.replace("\xa0", " ")


def test_the_filters_of_the_page_are_kept_and_its_page_is_not(client: FlaskClient) -> None:
    text = client.get(f"{LIST}?lang=fi&kunta=272&sivu=1&haku=koulu").text
    assert f'href="{LIST}?kunta=272&amp;haku=koulu&amp;jarjestys=places"' in text
    assert '<input type="hidden" name="kunta" value="272">' in text
    assert f'href="{LIST}?haku=koulu&amp;kunta=584"' in text


def test_chosen_columns_are_shown_and_remembered(app: Flask) -> None:
    client = sign_in(app)
    client.get("/kunnat?sarake=need&sarake=residents")
    text = client.get("/kunnat?lang=fi").text
    assert re.findall(r'data-label="([^"]+)"', text)[:2] == ["Asukkaita", "Tarve"]
    assert 'data-label="Vanhin numero"' not in text
    # Another list has its own columns.
    assert 'data-label="Käyttö"' in client.get(f"{LIST}?lang=fi").text


@pytest.mark.parametrize(
    "cookie", ["%%%", "municipalities=x.y&&==", "a" * 3000, "municipalities=need;municipalities"]
)
def test_a_broken_memory_of_columns_is_passed_over(app: Flask, cookie: str) -> None:
    client = sign_in(app)
    client.set_cookie("prep_columns", cookie)
    assert client.get("/kunnat").status_code == 200


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("jarjestys=salasana", "salasana"),
        ("jarjestys=--name", "--name"),
        ("sivu=0", "0"),
        ("sivu=-1", "-1"),
        ("sivu=9999999999", "9999999999"),
        ("sivu=²", "²"),
        ("rivit=7", "7"),
        ("sarake=salasana", "salasana"),
        ("tiedosto=exe", "exe"),
    ],
)
def test_what_a_list_does_not_know_is_refused_with_what_it_knows(
    client: FlaskClient, question: str, value: str
) -> None:
    answer = client.get(f"/kunnat?lang=fi&{question}")
    assert answer.status_code == 422
    assert value in answer.text


def test_a_list_is_taken_along_as_it_is_shown(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/kunnat?lang=fi&haku=o&jarjestys=-residents&sarake=residents&tiedosto=csv")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="prep-municipalities-')
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Kunta;Asukkaita"
    assert lines[1] == "Kokkola;48006"
    assert len(lines) == len(shown(client, "haku=o", where="/kunnat")) + 2
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/kunnat?lang=sv&tiedosto=xlsx").data))
    rows = workbook.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Kommun", "Invånare"]
    assert ["Karleby", 48006.0] in [row[:2] for row in rows]


def test_a_file_holds_all_pages(client: FlaskClient) -> None:
    text = client.get(f"{LIST}?tiedosto=csv&sivu=2").data.decode("utf-8-sig")
    assert len(text.strip().split("\r\n")) == 1 + 119


def test_the_trail_says_who_took_what_along(app: Flask) -> None:
    sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272").get(f"{LIST}?tiedosto=xlsx&haku=koulu")
    with Session(engine_of(app)) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.row_key) == ("export", "premises")
    assert last.actor.startswith("account: municipal_contact")
    assert json.loads(last.values or "")["search"] == "koulu"


@pytest.mark.parametrize("role", [AccountRole.VIEWER, AccountRole.DUTY_OFFICER])
def test_who_may_not_take_data_out_gets_no_file_and_no_link(app: Flask, role: AccountRole) -> None:
    client = sign_in(app, role)
    assert "tiedosto=csv" not in client.get(LIST).text
    assert client.get(f"{LIST}?tiedosto=csv").status_code == 404


def test_a_file_holds_the_own_municipality_only(app: Flask) -> None:
    client = sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272")
    text = client.get(f"{LIST}?tiedosto=csv&sarake=place&lang=fi").data.decode("utf-8-sig")
    with Session(engine_of(app)) as session:
        own = session.scalars(select(Site.name).where(Site.municipality_code == "272")).all()
    assert {line.split(";")[1] for line in text.strip().split("\r\n")[1:]} == {"Kokkola"}
    assert len(text.strip().split("\r\n")) == 1 + len(own)
