"""The binder as a page: everything in it, nothing from anywhere else, nothing of a record taken for a tag."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from prep.binder.content import Binder, Chapter, Entry, Leaflet, Part, PartKind
from prep.binder.page import html_of
from prep.terms import Language
from tests.binder.conftest import Make


@pytest.fixture(scope="module")
def page(perho: Binder) -> str:
    return html_of(perho).decode()


def test_everything_but_the_picture_of_a_chain_is_on_it(page: str, perho: Binder) -> None:
    assert page.count("<article ") == len(perho.leaflets) - 1
    assert "+358" in page
    assert "Ilmoita tilannekeskukselle" in page


def test_it_asks_for_nothing_from_anywhere(page: str) -> None:
    assert not re.findall(r"(?:src|href)=\"(?!#)", page)
    assert "url(" not in page
    assert "@import" not in page


def test_only_its_own_style_and_script_may_run(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    for name in ("style", "script"):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src &#39;sha256-{digest}&#39;" in policy
    assert "default-src &#39;none&#39;" in policy
    assert not re.findall(r"\s(?:style|on\w+)=", page)


def test_languages_are_marked(page: str, make: Make) -> None:
    assert '<html lang="fi">' in page
    # Messages stand in both languages on every card.
    assert '<p lang="sv">' in page
    assert '<html lang="sv">' in html_of(make("584", Language.SV)).decode()


def test_what_a_record_says_is_text(perho: Binder) -> None:
    title = '<script>alert(1)</script> & "Perho"'
    entry = Entry(title, (Leaflet(title, replace(perho.cover, title=title, kicker=title)),))
    chapter = Chapter("584", title, (Part(PartKind.BODIES, (entry,)),))
    text = html_of(replace(perho, place=title, chapters=(chapter,))).decode()
    assert text.count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in text


def test_the_same_binder_gives_the_same_bytes(perho: Binder, page: str) -> None:
    assert html_of(perho).decode() == page
