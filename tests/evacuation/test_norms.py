from pathlib import Path

import pytest

from prep.errors import NotFound, Refused
from prep.evacuation.norms import LimitKind, NormStatus, Phase, norm_set, norm_sets, read_norm_sets
from prep.freshness import SHIPPED_DAYS
from prep.terms import FreshnessKind, Language

BUNDLED = Path("prep/evacuation/norms.toml")


# Sphere 2011: 3.5 m²; ARC 4496 in FEMA 453: 20 sq ft = 1.86 m²; FEMA 2010: 40 sq ft = 3.72 m².
@pytest.mark.parametrize(
    ("key", "phase", "area_m2", "persons_per_toilet"),
    [
        ("finland", Phase.HOURS, 1.0, 50),
        ("finland", Phase.SHORT, 3.5, 20),
        ("finland", Phase.LONG, 4.5, 20),
        ("sphere", Phase.HOURS, 3.5, 50),
        ("sphere", Phase.SHORT, 3.5, 20),
        ("us", Phase.SHORT, 1.86, 75),
        ("us", Phase.LONG, 3.72, 40),
        ("cold", Phase.SHORT, 4.5, 20),
        ("cold", Phase.LONG, 5.5, 20),
    ],
)
def test_a_norm_set_gives_area_and_toilets_of_each_phase(
    key: str, phase: Phase, area_m2: float, persons_per_toilet: float
) -> None:
    norms = norm_set(key)
    assert norms.value("area.m2_per_person", phase) == area_m2
    assert norms.value("toilets.persons_per_toilet", phase) == persons_per_toilet


def test_every_figure_names_its_source_in_three_languages() -> None:
    for norms in norm_sets().values():
        for row in norms.rows.values():
            assert set(row.source) == set(Language)
            assert all(row.source.values())
            # What the figure says about itself must not contradict its source.
            assert (row.status is NormStatus.PROPOSAL) or "Planning value" not in row.source[Language.EN]


def test_a_set_takes_from_its_base_what_it_does_not_state() -> None:
    assert norm_set("us").value("rules.backup_power_h") == norm_set().value("rules.backup_power_h") == 72
    assert LimitKind.BEDS in norm_set().limits[Phase.LONG]
    assert LimitKind.BEDS not in norm_set("us").limits[Phase.LONG]


def test_the_rule_of_confirmation_is_that_of_the_registry() -> None:
    assert norm_set().value("rules.confirm_every_days") == SHIPPED_DAYS[FreshnessKind.SITE]


def test_an_unknown_set_is_not_found() -> None:
    with pytest.raises(
        NotFound, match=r"“mars” There is no norm set of this name. Use one of finland, sphere, us,"
    ):
        norm_set("mars")


def test_every_fault_of_a_file_of_norms_is_told_at_once(tmp_path: Path) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    text = text.replace('key = "rules.hours_to_open"\nvalue = 4', 'key = "rules.hours_to_open"\nvalue = -4')
    text = text.replace(
        'source_sv = "Sphere-handboken 2004: till en början en toalett för 50 personer"', 'source_sv = " "'
    )
    path = tmp_path / "norms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_norm_sets(path)
    # The fault of the first set is also one of the two that build on it.
    assert {(str(one.value), str(one.rule)) for one in caught.value.problems} == {
        ("rules.hours_to_open = -4", "A figure is greater than zero."),
        ("toilets.persons_per_toilet", "Every figure names its source."),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[set]\n", "A file of norms is TOML"),
        ("", "The file has at least one norm set."),
        ('[[set]]\nkey = "x"\nname_fi = "x"\nname_sv = "x"\nname_en = "x"\n', "x, x: “area.m2_per_person, hours” This figure is missing."),
        ('[[set]]\nkey = "x"\nlimits.hours = ["stairs"]\n', "“'stairs' is not a valid LimitKind” A norm set names only kinds that prep knows."),
        ('[[set]]\nkey = "x"\n[[set.row]]\nkey = "area"\nvalue = 1\n', "“area” A norm set names only kinds"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_norm_set_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_norm_sets(path)
    assert message in str(caught.value)
