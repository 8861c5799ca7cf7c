"""A planner makes a chain: lists and lines, a flaw seen and mended, simulated, compared, an earlier version brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, Watched, serving, watching
from tests.web.county import build_county

CHAIN = "Perho yöllä"
KEY = "perho-yolla"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Served]:
    """A county of its own, in which the tour may change what it likes."""
    with serving(build_county(tmp_path_factory.mktemp("chain-tour"), sqlite_template)) as served:
        yield served


@pytest.fixture
def planner(browser: Browser, own: Served) -> Iterator[Watched]:
    yield from watching(browser, own, own.token())


def done(page: Page, words: str) -> None:
    expect(page.locator(".note.done [role=status]")).to_have_text(words)


def add_list(page: Page, caller: str, *, starts: bool = False) -> None:
    page.get_by_role("link", name="Lisää soittolista").click()
    page.get_by_label("Kuka soittaa").select_option(label=caller)
    page.locator("#source").set_checked(starts)
    page.get_by_role("button", name="Tallenna").click()
    done(page, "Lisätty.")


def add_line(page: Page, caller: str, target: str, channel: str) -> None:
    card = page.locator("section", has=page.get_by_role("heading", name=f"{caller} hälyttää"))
    card.get_by_role("link", name="Lisää rivi").click()
    page.get_by_label("Kuka tavoitetaan").select_option(label=target)
    page.get_by_label("Kanava 1").select_option(label=channel)
    page.get_by_role("button", name="Tallenna").click()
    done(page, "Lisätty.")


@pytest.mark.slow
def test_a_chain_is_made_mended_simulated_compared_and_brought_back(own: Served, planner: Watched) -> None:
    page = planner.page
    page.goto(f"{own.address}/halytysketjut")
    page.get_by_role("link", name="Uusi hälytysketju").click()
    page.get_by_label("Tavoitettava toimielin").select_option(label="Perho: häiriötilanteiden johtoryhmä")
    page.get_by_label("Ketjun nimi").fill(CHAIN)
    page.get_by_role("button", name="Luo ketju").click()
    done(page, "Lisätty.")
    expect(page.get_by_text("Ketjussa ei ole vielä soittolistoja.")).to_be_visible()

    # The command centre gets the alarm and calls three.
    centre = "Keski-Pohjanmaan pelastuslaitoksen johtokeskus"
    add_list(page, centre, starts=True)
    expect(page.get_by_text("Soittolistalla on vähintään yksi yritys.")).to_be_visible()
    for seat in ("Kunnanjohtaja", "Tekninen johtaja", "Varautumisen yhteyshenkilö"):
        add_line(page, centre, seat, "puhelu")

    # All attempts go by one channel: seen at its line, and mended there.
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Tekninen johtaja"))
    flaw = row.get_by_text("Kaikki tämän vaiheen yritykset käyttävät samaa kanavaa")
    expect(flaw).to_be_visible()
    row.get_by_role("link", name="Muokkaa").click()
    page.get_by_label("Kanava 2").select_option(label="tekstiviesti")
    page.get_by_role("button", name="Näytä vaikutus").click()
    expect(page.get_by_role("heading", name="Tällä muutoksella")).to_be_visible()
    expect(page.get_by_role("heading", name="Korjaantuu")).to_be_visible()
    # Nothing typed is lost by looking.
    expect(page.get_by_label("Kanava 2").locator("option:checked")).to_have_text("tekstiviesti")
    page.get_by_role("button", name="Tallenna").click()
    done(page, "Tallennettu.")
    expect(flaw).to_have_count(0)

    # Simulated, then compared with the version before.
    page.get_by_role("link", name="Tavoitetaanko").click()
    expect(page.get_by_role("heading", name="Päätösvaltainen 30 minuutissa")).to_be_visible()
    page.get_by_role("link", name="Versiot").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    page.get_by_role("button", name="Vertaa").click()
    expect(page.get_by_role("heading", name="Versiot 5 ja 6")).to_be_visible()
    expect(page.locator("tbody tr", has_text="kanavat")).to_contain_text("puhelu, tekstiviesti")

    # Back to how it was before the text message.
    page.get_by_role("link", name="Versio 5", exact=True).click()
    page.get_by_role("button", name="Palauta tämä versio").click()
    done(page, "Tallennettu.")
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page.locator("tbody tr").first).to_contain_text("puhelu, tekstiviesti → puhelu")
    page.get_by_role("button", name="Kumoa").click()
    done(page, "Muutos on peruttu.")
    expect(page.locator("tbody tr")).to_have_count(8)
    assert planner.complaints == []
