"""A planner's morning in the registry: fill a vacancy, appoint a deputy, end a term, confirm ten values, import a list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from prep.models import ContactPoint, Person, Seat
from prep.web.database import engine_of
from tests.browser.conftest import Served, Watched, serving, watching
from tests.web.county import build_county

LIST = "Nimi;Kunta;Nimike;Matkapuhelin\n" + "".join(
    f"{name} Exempel;Perho;Rehtori;+358 00 000 91{number:02}\n"
    for number, name in enumerate(("Anni", "Berit", "Daniel"))
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    """A county of its own, in which nobody ever confirmed a number."""
    folder = build_county(tmp_path_factory.mktemp("tour"), sqlite_template)
    with serving(folder) as served:
        with Session(engine_of(served.app)) as session:
            session.execute(update(ContactPoint).values(confirmed_on=None))
            session.commit()
        yield served


@pytest.fixture
def planner(browser: Browser, own: Served) -> Iterator[Watched]:
    yield from watching(browser, own, own.token())


def done(page: Page, words: str) -> None:
    expect(page.locator(".note.done [role=status]")).to_have_text(words)


def appoint(page: Page, person: str, *, place: str | None = None) -> None:
    """Fill in the form of an appointment that is open, and send it."""
    value = page.locator("#person option", has_text=person).first.get_attribute("value")
    page.get_by_label("Henkilö").select_option(value)
    if place:
        page.get_by_label("Asema").select_option(label=place)
    page.get_by_label("Ensimmäinen päivä").fill("2026-11-22")
    page.get_by_label("Toimielin").fill("Kunnanhallitus")
    page.get_by_role("button", name="Nimeä", exact=True).click()
    done(page, "Nimetty.")


@pytest.mark.slow
def test_a_vacancy_is_filled_a_deputy_appointed_and_a_term_ended(own: Served, planner: Watched) -> None:
    page = planner.page
    page.goto(f"{own.address}/toimielimet?nayta=avoimet")
    page.get_by_role("link", name="Keski-Pohjanmaan Alueturvan valmiusjohtoryhmä").click()
    with Session(engine_of(own.app)) as session:
        vacant = session.scalars(select(Seat).where(Seat.key == "board-lestijokilaakso")).one()
        people = session.scalars(select(Person).where(Person.municipality_code == "421")).all()
        where, names = f"/nimeaminen/paikka/{vacant.id}", [one.name for one in people]
    # From what is not in order straight to the form that mends it.
    page.locator(f'.findings a[href="{where}"]').first.click()
    appoint(page, names[0])
    page.goto(f"{own.address}{where}")
    ranks = page.get_by_label("Asema").locator("option").all_inner_texts()
    appoint(page, names[1], place=ranks[1])
    # The deputy's term is ended again: the person is still the deputy today, and no longer from tomorrow.
    page.locator("td[data-label=Varahenkilöt]", has_text=names[1]).get_by_role("link", name="Muokkaa").click()
    page.get_by_role("heading", name="Päätä kausi").wait_for()
    page.get_by_role("button", name="Päätä kausi").click()
    done(page, "Kausi on päätetty.")
    page.get_by_role("button", name="Kumoa").click()
    done(page, "Muutos on peruttu.")
    assert planner.complaints == []


@pytest.mark.slow
def test_ten_numbers_are_confirmed_at_once(own: Served, planner: Watched) -> None:
    page = planner.page
    page.goto(f"{own.address}/tarkistettavat?kenen=kaikki")
    boxes = page.locator("input[name=valittu]")
    chosen = [boxes.nth(number).get_attribute("value") for number in range(10)]
    for key in chosen:
        page.locator(f"input[name=valittu][value='{key}']").check()
    page.get_by_role("button", name="Vahvista merkityt").click()
    done(page, "Vahvistettu.")
    for key in chosen:
        expect(page.locator(f"input[name=valittu][value='{key}']")).to_have_count(0)
    assert planner.complaints == []


@pytest.mark.slow
def test_a_list_is_imported_and_its_people_are_there(own: Served, planner: Watched, tmp_path: Path) -> None:
    path, page = tmp_path / "lista.csv", planner.page
    path.write_text(LIST, encoding="utf-8")
    page.goto(f"{own.address}/yhteyshenkilot/tuonti")
    page.get_by_label("Luettelo", exact=True).set_input_files(path)
    page.get_by_role("button", name="Näytä muutokset").click()
    page.get_by_role("button", name="Tuo", exact=True).click()
    page.get_by_text("Luettelo on tuotu.").wait_for()
    page.goto(f"{own.address}/yhteyshenkilot?haku=exempel+perho")
    for name in ("Anni", "Berit", "Daniel"):
        expect(page.get_by_role("link", name=f"{name} Exempel")).to_be_visible()
    assert planner.complaints == []
