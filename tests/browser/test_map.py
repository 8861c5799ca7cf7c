"""The map in a browser: it keeps to itself, is used with keys, draws an area, measures, and goes where the list goes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, Watched
from tests.browser.looks import PICTURES

LIST = "/evakuointipaikat"


def opened(served: Served, watched: Watched, asked: str = "") -> Page:
    page = watched.page
    page.goto(f"{served.address}{LIST}{asked}")
    page.locator(".plot").scroll_into_view_if_needed()
    expect(page.locator(".plot-live path.land").first).to_be_visible()
    return page


def silent(served: Served, watched: Watched) -> None:
    assert watched.complaints == []
    assert [one for one in watched.requests if not one.startswith((served.address, "data:"))] == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark"), (320, "light")])
def test_the_map_lies_over_the_still_one_and_keeps_to_itself(
    served: Served, watched: Watched, width: int, scheme: str
) -> None:
    watched.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched.page.set_viewport_size({"width": width, "height": 900})
    page = opened(served, watched)
    expect(page.locator(".plot-still")).to_be_hidden()
    expect(page.locator(".plot-live path.land")).to_have_count(8)
    expect(page.locator(".place-name span", has_text="Perho")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(exist_ok=True)
    page.locator("section", has=page.locator(".plot")).screenshot(path=PICTURES / f"map-{width}-{scheme}.png")
    page.emulate_media(media="print")
    expect(page.locator(".plot-still")).to_be_visible()
    expect(page.locator(".plot-live")).to_be_hidden()
    silent(served, watched)


@pytest.mark.slow
def test_without_a_script_the_still_map_stays(served: Served, watched: Watched, tmp_path: Path) -> None:
    browser = watched.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "prep_session", "value": served.token(), "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}{LIST}?piste=63.84+23.13&sade=15")
    expect(page.locator(".plot-still svg.map")).to_be_visible()
    expect(page.locator(".plot-tools")).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("^Ulkopuolella: "))).to_be_visible()
    context.close()


@pytest.mark.slow
def test_bunches_open_and_marks_lead_to_their_premises_with_keys(served: Served, watched: Watched) -> None:
    page = opened(served, watched, "?kunta=584")
    page.locator(".plot-live").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.spots')"):
            page.keyboard.press("Enter")
            page.wait_for_timeout(600)
        if page.evaluate("document.activeElement.matches('.spot .at')"):
            break
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.fullmatch(r".+: (kunnossa|vaatii huomiota|puute|ei tiedossa)", name)
    expect(page.locator(".leaflet-tooltip")).to_have_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"paikka=\d+#valittu$"))
    expect(page.locator("#chosen-name")).to_contain_text(name.rpartition(":")[0])
    expect(page.locator(".spot .at.chosen")).to_have_attribute("aria-label", name)
    silent(served, watched)


@pytest.mark.slow
def test_the_map_follows_the_filter_of_the_list(served: Served, watched: Watched) -> None:
    page = opened(served, watched)
    page.get_by_role("link", name="Perho", exact=True).click()
    page.wait_for_url(re.compile("kunta=584"))
    expect(page.locator(".plot-live path.land").first).to_be_visible()
    told = page.locator(".spots .unseen, .spot .at")
    expect(told.first).to_be_attached()
    count = page.evaluate(
        """() => [...document.querySelectorAll('.spots .several')].reduce((sum, one) => sum
            + Number(one.children[1].textContent), document.querySelectorAll('.spot').length)"""
    )
    assert count == page.locator("table.rows tbody tr").count()
    silent(served, watched)


@pytest.mark.slow
def test_a_circle_is_drawn_and_chooses(served: Served, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 1440, "height": 1000})
    page = opened(served, watched)
    page.get_by_role("button", name="Piirrä ympyrä").click()
    expect(page.get_by_text("Napsauta ympyrän keskipistettä")).to_be_visible()
    page.locator(".plot-live").scroll_into_view_if_needed()
    box = page.locator(".plot-live").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2, steps=4)
    page.mouse.click(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"sade=\d"))
    expect(page.locator(".plot-live path.zone")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"^Sisällä: \d+$"))).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("link", name="Poista rajaus").click()
    expect(page.locator(".plot-live path.zone")).to_have_count(0)
    silent(served, watched)


@pytest.mark.slow
def test_a_polygon_is_drawn_and_a_distance_is_measured(served: Served, watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 1440, "height": 1000})
    page = opened(served, watched)
    page.locator(".plot-live").scroll_into_view_if_needed()
    box = page.locator(".plot-live").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.get_by_role("button", name="Mittaa").click()
    expect(page.get_by_text("Napsauta pisteitä")).to_be_visible()
    page.mouse.click(x - 60, y + 130)
    page.mouse.move(x + 60, y + 130, steps=4)
    page.mouse.click(x + 60, y + 130)
    page.mouse.click(x + 60, y + 130)
    expect(page.get_by_text(re.compile(r"Etäisyys linnuntietä: \d+([,]\d+)? km"))).to_be_visible()
    page.get_by_role("button", name="Piirrä alue").click()
    for dx, dy in ((-80, -80), (80, -80), (80, 80), (-80, -80)):
        page.mouse.move(x + dx, y + dy, steps=3)
        page.mouse.click(x + dx, y + dy)
    page.wait_for_url(re.compile(r"rajaus=\d"))
    expect(page.locator(".plot-live path.zone")).to_be_visible()
    silent(served, watched)


@pytest.mark.slow
def test_a_pin_is_moved_with_keys_and_fills_the_field_which_stays_the_truth(
    served: Served, watched: Watched
) -> None:
    page = watched.page
    page.goto(f"{served.address}{LIST}/uusi?kunta=584")
    expect(page.locator(".plot-live path.land").first).to_be_attached()
    field = page.locator("#coordinates")
    page.get_by_role("button", name="Aseta merkki kartan keskelle").press("Enter")
    pin = page.get_by_role("button", name="Paikan sijainti")
    expect(pin).to_be_focused()
    lat, lon = placed(field.input_value())
    page.keyboard.press("ArrowUp")
    north = placed(field.input_value())
    assert (north[0] > lat, north[1]) == (True, lon)
    page.keyboard.press("Shift+ArrowRight")
    east = placed(field.input_value())
    assert east[0] == north[0]
    # Ten steps; a degree of longitude is shorter by the cosine of the latitude, 0.45 in Perho.
    assert (east[1] - lon) * 0.45 == pytest.approx(10 * (north[0] - lat), rel=0.1)
    field.fill("7082000 309000")
    expect(page.locator("[data-place-told]")).to_contain_text("N 7082000 E 309000")
    expect(page.locator("[data-place-told]")).to_contain_text(
        "lähempänä kunnan Kokkola keskusta kuin kunnan Perho"
    )
    assert field.input_value() == "7082000 309000"
    silent(served, watched)


def placed(text: str) -> tuple[float, float]:
    lat, lon = (float(one.replace(",", ".")) for one in text.split())
    return lat, lon
