"""The packs that come with prep."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from prep.errors import NotFound
from prep.regions.agreement import Body
from prep.regions.kinds import CountyKind, EvidenceMark, LanguageStatus, SourceCover
from prep.regions.packs import PACK_DIR, load_pack, load_pack_file, pack_keys
from prep.regions.schema import RegionPack
from prep.terms import Language

AGREEMENTS = ("keski-pohjanmaa", "pohjois-karjala", "pohjois-savo")


@pytest.fixture(scope="module")
def packs() -> dict[str, RegionPack]:
    return {key: load_pack(key) for key in pack_keys()}


def test_there_are_21_counties_and_helsinki_and_aland(packs: dict[str, RegionPack]) -> None:
    kinds = [pack.county.kind for pack in packs.values()]
    assert kinds.count(CountyKind.WELLBEING_COUNTY) == 21
    assert packs["helsinki"].county.kind is CountyKind.CITY
    assert packs["ahvenanmaa"].county.kind is CountyKind.AUTONOMOUS_REGION
    assert len(packs) == 23


def test_a_pack_is_named_as_its_key(packs: dict[str, RegionPack]) -> None:
    assert {key: pack.key for key, pack in packs.items()} == {key: key for key in packs}


def test_the_packs_hold_each_of_the_309_municipalities_of_2023_once(packs: dict[str, RegionPack]) -> None:
    codes = [code for pack in packs.values() for code in pack.codes]
    assert len(codes) == 309
    assert len(set(codes)) == 309
    assert {pack.division_year for pack in packs.values()} == {2023}


def test_the_people_of_all_packs_are_the_people_of_finland(packs: dict[str, RegionPack]) -> None:
    # Statistics Finland: 5 563 970 people on 31.12.2022.
    assert sum(pack.population() or 0 for pack in packs.values()) == 5_563_970


@pytest.mark.parametrize(
    ("key", "municipalities"), [(AGREEMENTS[0], 8), (AGREEMENTS[1], 13), (AGREEMENTS[2], 19)]
)
def test_the_agreements_have_their_parties(
    packs: dict[str, RegionPack], key: str, municipalities: int
) -> None:
    assert len(packs[key].municipalities) == municipalities


def test_central_ostrobothnia_has_67805_people_in_2022_and_67988_in_2020(
    packs: dict[str, RegionPack],
) -> None:
    pack = packs["keski-pohjanmaa"]
    # 1 052 + 5 352 + 4 198 + 48 006 + 695 + 2 653 + 2 903 + 2 946, and
    # 1 103 + 5 426 + 4 228 + 47 772 + 722 + 2 706 + 2 966 + 3 065: added up by hand.
    assert pack.population() == 67_805
    assert pack.population(on=date(2022, 12, 31)) == 67_805
    assert pack.population(on=date(2020, 12, 31)) == 67_988


def test_only_the_municipalities_of_the_agreements_have_figures_of_2020(packs: dict[str, RegionPack]) -> None:
    day = date(2020, 12, 31)
    counted = {key for key, pack in packs.items() if pack.population(on=day) is not None}
    assert counted == set(AGREEMENTS)


def test_a_sum_with_a_part_missing_is_unknown_and_not_smaller(packs: dict[str, RegionPack]) -> None:
    pack = packs["kainuu"]
    assert pack.population(on=date(2020, 12, 31)) is None
    assert pack.population(["205"], on=date(2022, 12, 31)) is not None  # Kajaani


def test_the_centres_of_pertunmaa_and_tuusula_are_unknown_and_no_others(packs: dict[str, RegionPack]) -> None:
    unknown = {code for pack in packs.values() for code, place in pack.centres.items() if place is None}
    assert unknown == {"588", "858"}


def test_33_municipalities_are_bilingual_and_16_swedish(packs: dict[str, RegionPack]) -> None:
    # Association of Finnish Municipalities: 15 with a Swedish majority, 18 with a Finnish one, 16 of Åland.
    statuses = [one.languages for pack in packs.values() for one in pack.municipalities]
    assert statuses.count(LanguageStatus.BILINGUAL_SWEDISH_MAJORITY) == 15
    assert statuses.count(LanguageStatus.BILINGUAL_FINNISH_MAJORITY) == 18
    assert statuses.count(LanguageStatus.SWEDISH) == 16
    assert {one.languages for one in packs["ahvenanmaa"].municipalities} == {LanguageStatus.SWEDISH}


def test_of_the_three_agreements_only_kokkola_is_bilingual(packs: dict[str, RegionPack]) -> None:
    bilingual = {
        one.name.sv
        for key in AGREEMENTS
        for one in packs[key].municipalities
        if one.languages is not LanguageStatus.FINNISH
    }
    assert bilingual == {"Karleby"}


def test_counties_without_an_agreement_hold_places_only(packs: dict[str, RegionPack]) -> None:
    for key in set(packs) - set(AGREEMENTS):
        told = packs[key].model_dump(exclude_defaults=True)
        assert set(told) == {"format", "key", "division_year", "county", "municipalities", "sources"}


def test_every_pack_says_whose_its_codes_and_centres_are(packs: dict[str, RegionPack]) -> None:
    for key, pack in packs.items():
        covers = {cover: source for source in pack.sources for cover in source.covers}
        assert covers[SourceCover.CODES].holder.en == "Statistics Finland", key
        assert covers[SourceCover.CENTRES].licence == "CC BY 4.0", key


@pytest.mark.parametrize("key", AGREEMENTS)
def test_every_word_of_an_agreement_is_there_in_three_languages(
    packs: dict[str, RegionPack], key: str
) -> None:
    told = packs[key].model_dump(exclude={"municipalities"})
    lacking = [words for words in _words(told) if not all(words.values())]
    assert lacking == []


def _words(told: object) -> list[dict[str, str | None]]:
    if isinstance(told, dict):
        if set(told) == {"fi", "sv", "en"}:
            return [told]
        return [words for value in told.values() for words in _words(value)]
    if isinstance(told, list | tuple):
        return [words for value in told for words in _words(value)]
    return []


@pytest.mark.parametrize("key", AGREEMENTS)
def test_no_entry_of_an_agreement_is_without_evidence(packs: dict[str, RegionPack], key: str) -> None:
    pack = packs[key]
    entries = [
        *pack.constituencies,
        *pack.bodies,
        *(seat for body in pack.bodies for seat in body.seats),
        *pack.roles,
        *pack.nominations,
        *pack.duties,
        *pack.indicators,
        *pack.measures,
        *pack.cost_rules,
        *pack.situation_centres,
        *(citation for act in pack.legal_references for citation in act.citations),
    ]
    assert all(entry.clause or entry.source for entry in entries)
    unsure = {EvidenceMark.MEMORY, EvidenceMark.PROPOSAL}
    assert all(entry.editable and entry.note for entry in entries if entry.evidence in unsure)


def test_a_file_of_ones_own_is_found_by_its_path(tmp_path: Path) -> None:
    copy = tmp_path / "oma.toml"
    copy.write_bytes((PACK_DIR / "kainuu.toml").read_bytes())
    assert load_pack(copy) == load_pack(str(copy)) == load_pack("kainuu")


def test_a_pack_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFound, match=r"“Kainu” There is no region pack of this name.*etela-savo.*kainuu"):
        load_pack("Kainu")


def test_a_pack_cannot_be_changed_after_it_is_read() -> None:
    pack = load_pack_file(PACK_DIR / "kainuu.toml")
    with pytest.raises(ValueError, match="frozen"):
        pack.key = "other"  # type: ignore[misc]


def test_what_a_body_does_not_state_is_absent_and_not_zero() -> None:
    board: Body = load_pack("keski-pohjanmaa").body("alueturva-board")
    assert board.quorum is None
    assert board.activation_threshold is None
    assert board.meetings == ()
    assert board.name.in_language(Language.SV).startswith("Alueturvas")


def test_reading_a_pack_does_not_wait_for_the_libraries_of_maps() -> None:
    program = (
        "import sys, prep.regions.outlines; from prep.regions.packs import load_pack; load_pack('kainuu');"
        "print({'shapely', 'pyproj', 'pyogrio', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
