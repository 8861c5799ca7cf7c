"""A list of people in a browser: chosen, compared, imported, and taken back."""

from pathlib import Path

import pytest

from tests.browser.conftest import Served, Watched

LIST = """Nimi;Kunta;Nimike;Matkapuhelin
Uusi Esimerkki;Kokkola;Rehtori;+358 00 000 9001
Vajaa Esimerkki;Kokkkola;Rehtori;+358 00 000 9002
"""


@pytest.mark.slow
def test_a_list_is_imported_and_taken_back(served: Served, watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "lista.csv"
    path.write_text(LIST, encoding="utf-8")
    page = watched.page
    page.goto(f"{served.address}/yhteyshenkilot/tuonti")
    page.get_by_label("Luettelo", exact=True).set_input_files(path)
    page.get_by_role("button", name="Näytä muutokset").click()
    page.get_by_role("heading", name="Mitä luettelo muuttaisi").wait_for()
    assert page.get_by_text("Uusi Esimerkki").first.is_visible()
    assert page.get_by_text("rivi 3, sarake B").first.is_visible()
    page.get_by_role("button", name="Tuo", exact=True).click()
    page.get_by_text("Luettelo on tuotu.").wait_for()
    page.get_by_role("button", name="Kumoa").click()
    page.get_by_text("Muutos on peruttu.").wait_for()
    page.goto(f"{served.address}/yhteyshenkilot?haku=uusi+esimerkki")
    page.get_by_text("Haulla ei löytynyt mitään.").wait_for()
    assert watched.complaints == []
