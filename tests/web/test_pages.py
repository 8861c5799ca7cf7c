"""Every page answers in three languages, is well formed, says what the county's records say, and changes nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from prep.models import (
    Body,
    Chain,
    County,
    Municipality,
    Person,
    Role,
    Seat,
    Site,
)
from prep.terms import AccountRole
from prep.web.database import engine_of
from tests.web.addresses import PAGES, numbers_of
from tests.web.people import sign_in

LANGUAGES = ("fi", "sv", "en")
# Where a county writes its cards: every language stands on the page, with what is filled in later.
WRITTEN_IN_ALL = {"card-text-edit", "card-text-messages"}
FILLED_IN = r"\{(municipality|time|place|next_time)\}"
HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>{{7*7}}${7*7}"


class Elements(HTMLParser):
    """The elements of a page, with what must be true of them counted."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input", "col"})

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((f"svg:{tag}" if "svg" in self.open else tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((f"svg:{tag}" if "svg" in self.open else tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def address(app: Flask, name: str) -> str:
    with Session(engine_of(app)) as session:
        return PAGES[name].format(**numbers_of(session))


def page(client: FlaskClient, where: str, language: str = "fi") -> Elements:
    answer = client.get(f"{where}{'&' if '?' in where else '?'}lang={language}")
    assert answer.status_code == 200, where
    return Elements(answer.text)


@pytest.fixture(scope="module")
def shown(app: Flask) -> Callable[..., Elements]:
    """A page by its name in the list, as the county's planner gets it in a language; each is made once."""

    @cache
    def ask(name: str, language: str = "fi") -> Elements:
        # Signed in within the test: its clock stands still.
        return page(sign_in(app), address(app, name), language)

    return ask


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_well_formed_in_each_language(
    shown: Callable[..., Elements], name: str, language: str
) -> None:
    found = shown(name, language)
    assert found.misnested == []
    assert found.open == []
    tags = Counter(tag for tag, _ in found.found)
    assert (tags["h1"], tags["main"], tags["title"]) == (1, 1, 1)
    ids = [attributes["id"] for _, attributes in found.found if attributes.get("id")]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    # Nothing stands in for a sentence that could not be made.
    text = re.sub(FILLED_IN, "", found.text) if name in WRITTEN_IN_ALL else found.text
    assert not re.search(r"\{\w+\}|None|Undefined|\bMessage\(", text)


def test_every_route_without_a_variable_is_among_the_pages_tested(app: Flask) -> None:
    tested = {where.partition("?")[0] for where in PAGES.values()} | {
        "/kortit/kortit.pdf",
        "/kortit/kansi.pdf",
        "/halytysketjut/perho/soittolista.pdf",
        "/halytysketjut/perho/harjoituslomake.pdf",
        "/toimielimet/alueturva-board/jasenet.pdf",
        "/evakuointipaikat/1/avaaminen.pdf",
        "/halytysketjut/perho/juliste.pdf",
        "/yhteyshenkilot/1/tiedot.json",
        "/yhteyshenkilot/1/kortti.vcf",
        "/yhteyshenkilot/kortit.vcf",
        "/yhteyshenkilot/vienti",
        # Has tests of its own: the premises of the pages have no files.
        "/evakuointipaikat/1/liitteet/1",
        "/evakuointipaikat/vienti",
        "/evakuointipaikat/etsi.json",
        "/kartta/kunnat.json",
        "/kartta/paikka.json",
        "/hallinta/muutosloki",
        "/hallinta/muutosloki/muutosloki.csv",
        "/livez",
        "/readyz",
        "/static/<path:filename>",
        # Has tests of its own: the county of the pages holds no draft.
        "/halytysketjut/perho/luonnokset/1",
        "/toimielimet/management-group-584/kokoukset/1/poytakirjat/1",
    }
    # What stands behind the sign-in of an account or a key in the address, and the forms, have their own tests.
    elsewhere = ("/kirjaudu", "/link/", "/oma", "/alkuun", "/hallinta", "/vahvistus/", "/kalenteri/")
    routes = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.startswith(elsewhere)
    }
    covered = {
        rule for rule in routes if any(re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", rule), one) for one in tested)
    }
    assert routes - covered == {"/static/<path:filename>"} - covered


@pytest.mark.slow
def test_every_link_leads_somewhere(app: Flask, client: FlaskClient, shown: Callable[..., Elements]) -> None:
    by_kind: dict[str, list[str]] = {}
    seen = {}
    for name in PAGES:
        found = shown(name)
        ids = {attributes.get("id") for _, attributes in found.found}
        seen[address(app, name)] = ids
        for tag, attributes in found.found:
            href = attributes.get("href") or ""
            if (
                tag.removeprefix("svg:") != "a"
                or href.startswith(("mailto:", "/kortit/kortit.pdf", "/kortit/kansi.pdf"))
                or href.partition("?")[0].endswith(
                    ("/juliste.pdf", "/soittolista.pdf", "/harjoituslomake.pdf", "/jasenet.pdf")
                )
                or href.startswith(("mailto:", "/kortit/kortit.pdf"))
                or "/juliste.pdf" in href
                or href.endswith("/avaaminen.pdf")
            ):
                continue
            if href.startswith("#"):
                assert href[1:] in ids, f"{name}: {href}"
            else:
                # Of many alike (premises, municipalities, situations) a few will do.
                by_kind.setdefault(re.sub(r"=[^&#]*|\d+|(?<=ketjut/)\w+|(?<=#).*", "", href), []).append(href)
    for kind, several in by_kind.items():
        # Every page has been made in each language.
        if re.search(r"[?&]lang\b", kind):
            continue
        for one in sorted(set(several))[: 1 if "?" in kind else 2]:
            where, _, anchor = one.partition("#")
            if where in seen:
                assert not anchor or anchor in seen[where], one
                continue
            answer = client.get(where)
            assert answer.status_code == 200, one
            assert not anchor or f'id="{anchor}"' in answer.text, one


@pytest.mark.parametrize("name", PAGES)
def test_every_field_and_picture_has_a_name(shown: Callable[..., Elements], name: str) -> None:
    found = shown(name)
    labelled = {attributes.get("for") for tag, attributes in found.found if tag == "label"}
    fields = [
        attributes["id"]
        for tag, attributes in found.found
        if tag in {"select", "input"} and attributes.get("type") != "hidden"
    ]
    assert set(fields) <= labelled
    for tag, attributes in found.found:
        if tag == "svg":
            assert attributes.get("aria-hidden") == "true" or (
                attributes.get("role") in {"img", "group"} and attributes.get("aria-label")
            )
        if tag == "img":
            assert "alt" in attributes


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("name", [name for name in PAGES if name not in WRITTEN_IN_ALL])
def test_no_english_sentence_is_left_on_a_page(
    shown: Callable[..., Elements], name: str, language: str
) -> None:
    ours = {words.strip() for words in shown(name, language).words}
    english = {words.strip() for words in shown(name, "en").words}
    # What is equal in both is data (names, clauses, figures) or one of the words that are alike.
    left = {words for words in ours & english if re.search(r"\b(the|of|is|not|and|has|with)\b", words)}
    assert left == set()


def test_the_overview_shows_the_worst_first_and_each_line_leads_on(client: FlaskClient) -> None:
    found = page(client, "/")
    assert "Tilannekuva" in found.text
    assert "Sunnuntai 22.11.2026 klo 10.46" in found.text
    lines = [attributes for tag, attributes in found.found if attributes.get("class") == "go"]
    assert lines[0]["href"] == "/toimielimet/alueturva-board"
    assert "42" not in found.text.split("Näytä loput")[0].split("Vaatii toimia")[0]
    assert "41 päivää" in found.text


def test_all_municipalities_are_on_the_map_in_the_state_of_their_row(client: FlaskClient) -> None:
    found = page(client, "/")
    areas = [
        attributes["class"]
        for tag, attributes in found.found
        if (attributes.get("class") or "").startswith("area ")
    ]
    rows = re.findall(r'<a class="strong" href="/kunnat/(\d{3})"', client.get("/?lang=fi").text)
    assert len(areas) == len(rows) == 8
    # Lestijärvi and Perho are beyond reach.
    assert areas.count("area fault") == 2


def test_demonstration_is_said_on_every_page_and_a_real_county_says_nothing(
    client: FlaskClient, shown: Callable[..., Elements], changed: Callable[..., FlaskClient]
) -> None:
    for name in PAGES:
        assert "Kuvitteellinen aineisto." in shown(name).text, name
    assert "Kuvitteellinen aineisto." in client.get("/ei-ole?lang=fi").text

    def make_real(session: Session) -> None:
        from prep.models import Installation

        session.scalars(select(Installation)).one().is_demo = False

    assert "Kuvitteellinen aineisto." not in changed(make_real).get("/?lang=fi").text


def test_the_navigation_has_every_area_and_marks_the_one_that_is_open(client: FlaskClient) -> None:
    found = page(client, "/halytysketjut/perho")
    here = [
        attributes["href"]
        for tag, attributes in found.found
        if tag == "a" and attributes.get("aria-current") == "page"
    ]
    # Once in the bar, once in the menu of narrow screens, and in the row of the chain's own pages.
    assert here == ["/halytysketjut", "/halytysketjut", "/halytysketjut/perho"]
    hrefs = {attributes.get("href") for tag, attributes in found.found if tag == "a"}
    assert {"/", "/kunnat", "/toimielimet", "/evakuointipaikat", "/halytysketjut", "/kortit"} <= hrefs


def test_a_chain_shows_share_interval_runs_and_what_would_help(client: FlaskClient) -> None:
    text = page(client, "/halytysketjut/perho").text
    assert re.search(
        r"\d+\xa0% \d+–\d+\xa0% · 10\xa0000 ajoa · vaatii 3/5 paikkaa",
        client.get("/halytysketjut/perho?lang=fi").text.replace("<span>", "").replace("</strong>", ""),
    )
    assert "Mikä auttaisi eniten" in text
    assert "Katri Esimerkki" in text
    assert (
        "siemenluku 1, ajoja 10 000".replace(" 0", "\xa00") in client.get("/halytysketjut/perho?lang=fi").text
    )


def test_what_never_happened_is_below_a_bound_and_not_zero(client: FlaskClient) -> None:
    text = client.get("/halytysketjut/lestijarvi?lang=fi").text
    assert '<p class="answer"><strong>&lt;\xa00,04\xa0%</strong>' in text


def test_a_scenario_of_the_address_is_simulated_and_kept_in_the_links(client: FlaskClient) -> None:
    found = page(client, "/halytysketjut/kokkola?tilanne=office&vika=power_cut")
    chosen = [
        attributes["href"] for tag, attributes in found.found if attributes.get("aria-current") == "true"
    ]
    assert chosen == [
        "/halytysketjut/kokkola?vika=power_cut&tilanne=office",
        "/halytysketjut/kokkola?tilanne=office&vika=power_cut",
    ]


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("/halytysketjut/kokkola?tilanne=xx", 422),
        ("/halytysketjut/kokkola?tilanne=night&vika=office", 422),
        ("/halytysketjut/none", 404),
        ("/kunnat/999", 404),
        ("/evakuointipaikat?tila=xx", 422),
        ("/evakuointipaikat?paikka=999999", 404),
        ("/evakuointipaikat?paikka=%27%20OR%201=1", 404),
        ("/kortit?rooli=XX", 422),
        ("/kortit/kortit.pdf?kunta=999", 404),
        ("/kortit/kortit.pdf?kunta=272&rooli=RO", 404),
    ],
)
def test_an_address_that_asks_for_nothing_is_told_what_there_is(
    client: FlaskClient, where: str, status: int
) -> None:
    answer = client.get(f"{where}{'&' if '?' in where else '?'}lang=fi")
    assert answer.status_code == status
    assert "<ul>" in answer.text


def test_a_faulty_chain_shows_its_fault_instead_of_a_number(changed: Callable[..., FlaskClient]) -> None:
    def break_it(session: Session) -> None:
        chain = session.scalars(select(Chain).where(Chain.key == "perho")).one()
        for one in chain.lists:
            one.is_source = False

    client = changed(break_it)
    text = page(client, "/halytysketjut/perho").text
    assert "Ketjua ei voi simuloida" in text
    assert "10 000 ajoa" not in text
    assert "Ketjussa on vika" in page(client, "/halytysketjut").text


def test_the_premises_can_be_chosen_by_municipality_use_and_state(app: Flask, client: FlaskClient) -> None:
    def rows(question: str) -> list[str]:
        return re.findall(
            r'#valittu"[^>]*>([^<]+)</a><small>([^<]+)<',
            client.get(f"/evakuointipaikat?lang=fi&rivit=200&{question}").text,
        )

    everything = rows("")
    assert {place for _, place in rows("kunta=584")} == {"Perho"}
    assert 0 < len(rows("tila=unknown")) < len(everything)
    assert 0 < len(rows("kunta=272&kaytto=catering")) < len(rows("kunta=272"))
    with Session(engine_of(app)) as session:
        assert len(everything) == len(session.scalars(select(Site.id)).all())


def test_one_of_the_premises_names_what_limits_it_and_what_would_raise_it(
    app: Flask, client: FlaskClient
) -> None:
    text = page(client, address(app, "premises-one")).text
    assert "rajaa nyt" in text
    assert "Avaintenhaltijat" in text


def test_a_number_is_grouped_and_carries_its_age(client: FlaskClient) -> None:
    text = client.get("/kunnat/421?lang=fi").text
    assert re.search(r"\+358\xa000\xa0000\xa0\d{4}", text)
    assert "133 pv" in text


def pdf(client: FlaskClient, question: str) -> tuple[PdfReader, str]:
    answer = client.get(f"/kortit/kortit.pdf?{question}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/pdf"
    return PdfReader(BytesIO(answer.data)), answer.headers["Content-Disposition"]


def test_a_card_comes_as_a_file_in_the_language_asked_for(client: FlaskClient) -> None:
    reader, disposition = pdf(client, "kunta=272&hairio=power_outage&rooli=ML&kieli=sv")
    assert disposition == "attachment; filename=prep-272-power_outage-ML-sv.pdf"
    assert reader.metadata is not None
    assert reader.metadata.title == "Kort: Karleby"
    assert "Ordförande för kommunens ledningsgrupp" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("/halytysketjut/perho/soittolista.pdf", "RINGLISTA"),
        ("/halytysketjut/perho/harjoituslomake.pdf", "BLANKETT FÖR LARMÖVNING"),
        ("/toimielimet/management-group-584/jasenet.pdf", "MEDLEMMAR OCH NUMMER"),
        ("/kortit/kansi.pdf?kunta=584", "BEREDSKAPSPÄRM"),
        ("/kortit/kortit.pdf?kunta=584&laji=contact&koko=pocket", "KONTAKTKORT"),
    ],
)
def test_sheets_and_small_cards_come_in_the_language_asked_for(
    client: FlaskClient, where: str, told: str
) -> None:
    answer = client.get(f"{where}{'&' if '?' in where else '?'}kieli=sv")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert told in PdfReader(BytesIO(answer.data)).pages[0].extract_text()


def test_a_card_is_not_folded_to_stand_on_a_table(client: FlaskClient) -> None:
    assert client.get("/kortit/kortit.pdf?kunta=584&laji=contact&koko=tent").status_code == 422


def test_the_poster_of_a_chain_comes_on_the_paper_and_in_the_language_asked_for(client: FlaskClient) -> None:
    answer = client.get("/halytysketjut/perho/juliste.pdf?paperi=a4&kieli=sv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=prep-perho-a4-sv.pdf"
    reader = PdfReader(BytesIO(answer.data))
    assert {
        tuple(sorted((float(one.mediabox.width), float(one.mediabox.height)))) for one in reader.pages
    } == {(595.2756, 841.8898)}
    assert "Kommundirektör" in reader.pages[0].extract_text()
    assert client.get("/halytysketjut/perho/juliste.pdf?paperi=a5").status_code == 422


def test_the_contact_card_names_who_is_called(client: FlaskClient) -> None:
    reader, _ = pdf(client, "kunta=272&laji=contact&kieli=fi")
    text = "".join(one.extract_text() for one in reader.pages)
    assert "Aino Esimerkki" in text


def test_the_cards_of_the_county_itself_leave_the_municipalities_out(client: FlaskClient) -> None:
    reader, _ = pdf(client, "kunta=alue&hairio=power_outage&kieli=fi")
    contents = reader.pages[0].extract_text()
    assert "Kortit: Keski-Pohjanmaan" in contents
    # The county fills four of the roles that have a card for a power cut.
    assert "4 korttia" in contents
    assert "Kokkola" not in contents


@pytest.fixture
def hostile(changed: Callable[..., FlaskClient]) -> FlaskClient:
    def poison(session: Session) -> None:
        for model in (Municipality, Body, Role, Seat):
            for row in session.scalars(select(model)):
                row.name_fi = row.name_sv = HOSTILE
        for county in session.scalars(select(County)):
            county.name_fi = county.name_sv = county.name_en = HOSTILE
        for person in session.scalars(select(Person)):
            person.name = person.title = person.organisation = HOSTILE
            for point in person.contact_points:
                point.value = HOSTILE
        for body in session.scalars(select(Body)):
            body.clause = body.quorum_basis = HOSTILE
        for number, site in enumerate(session.scalars(select(Site))):
            site.name = f"{HOSTILE}{number}"
            site.address = site.owner = site.imported_from = HOSTILE
        for chain in session.scalars(select(Chain)):
            chain.name = HOSTILE

    return changed(poison)


def test_hostile_names_stay_text_on_every_page(app: Flask, client: FlaskClient, hostile: FlaskClient) -> None:
    for name in PAGES:
        found = page(hostile, address(app, name))
        tags = {tag.removeprefix("svg:") for tag, _ in found.found}
        assert not tags & {"img", "iframe", "object", "style"}, name
        scripts = {
            attributes.get("src", "").partition("?")[0] for tag, attributes in found.found if tag == "script"
        }
        assert scripts >= {"/static/htmx/htmx.min.js", "/static/prep.js"}, name
        assert all(script.startswith("/static/") for script in scripts), name
        attributes = [key for _, all_of in found.found for key in all_of if key.startswith("on")]
        assert attributes == [], name
        assert found.misnested == [], name
        assert "49" not in re.findall(r"\{\{7\*7\}\}|onerror=alert\(1\)>(49)", found.text)


def test_reading_pages_changes_nothing(app: Flask, client: FlaskClient) -> None:
    def dump() -> list[str]:
        connection = engine_of(app).raw_connection()
        try:
            return list(connection.iterdump())
        finally:
            connection.close()

    before = dump()
    for name in PAGES:
        client.get(address(app, name))
    pdf(client, "kunta=272&laji=contact&kieli=fi")
    assert dump() == before


@pytest.fixture
def queries(app: Flask) -> Iterator[list[str]]:
    made: list[str] = []
    engine: Engine = engine_of(app)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)


# However many rows there are: each is read with its page, never one by one.
MOST_QUERIES = {
    "/": 95,
    "/kunnat": 90,
    "/toimielimet": 22,
    "/evakuointipaikat": 17,
    "/halytysketjut": 32,
    "/kortit": 6,
    "/yhteyshenkilot": 32,
}


# Once a request: the account, its roles, the codes of the municipalities, and the beginning of the transaction.
TO_RECOGNISE = 4


@pytest.mark.parametrize("where", MOST_QUERIES)
def test_a_page_asks_the_database_a_fixed_number_of_times(
    client: FlaskClient, queries: list[str], where: str
) -> None:
    client.get(where)
    assert len(queries) <= MOST_QUERIES[where] + TO_RECOGNISE, Counter(queries).most_common(3)


def test_an_empty_installation_says_how_to_begin(empty_client: FlaskClient) -> None:
    text = page(empty_client, "/").text
    assert "prep demo" in text
    for where in (
        "/kunnat",
        "/yhteyshenkilot",
        "/nimikkeet",
        "/toimielimet",
        "/evakuointipaikat",
        "/halytysketjut",
    ):
        found = page(empty_client, where)
        assert any(attributes.get("class") == "empty" for _, attributes in found.found), where


def test_days_on_pages_are_those_of_helsinki(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half an hour after midnight in Helsinki it is still the day before in UTC.
    monkeypatch.setenv("PREP_NOW", "2026-11-22T22:30:00+00:00")
    assert "Maanantai 23.11.2026 klo 0.30" in page(sign_in(app), "/").text
    assert date(2026, 11, 23).weekday() == 0


def test_a_search_leads_to_what_was_meant(client: FlaskClient) -> None:
    text = client.get("/haku?q=lestijarvi&lang=fi").text
    assert '<a class="strong" href="/kunnat/421">Lestijärvi</a>' in text
    assert "Mitään vastaavaa ei löytynyt." in client.get("/haku?q=qqqqqq&lang=fi").text
    # The only one of exactly this name is opened at once.
    answer = client.get("/haku?q=Alueturvan+johtoryhmä+board")
    assert answer.status_code in {200, 303}


def test_a_search_finds_only_what_may_be_seen(app: Flask) -> None:
    contact = sign_in(app, AccountRole.MUNICIPAL_CONTACT, "272")
    assert "/kunnat/421" not in contact.get("/haku?q=lestijarvi").text
    viewer = sign_in(app, AccountRole.VIEWER, "272")
    assert (
        "Oskar Exempel" in contact.get("/haku?q=00107").text
        or contact.get("/haku?q=00107").status_code == 303
    )
    assert "Oskar Exempel" not in viewer.get("/haku?q=00107").text
    assert viewer.get("/haku?q=00107").status_code == 200
    assert "Oskar" not in sign_in(app, AccountRole.ADMINISTRATOR).get("/haku?q=oskar").text
