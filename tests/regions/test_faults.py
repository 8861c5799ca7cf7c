"""Broken packs: each fault with its place, its value, the rule and the remedy."""

from pathlib import Path

import pytest

from prep.errors import Problem, Refused
from prep.regions.packs import load_pack, load_pack_file
from prep.terms import Language

WHOLE = """\
format = 1
key = "esimerkki"
division_year = 2023

[county]
kind = "wellbeing_county"
name = { fi = "Esimerkin hyvinvointialue" }

[[municipalities]]
code = "997"
name = { fi = "Ylä-Esimerkki" }
languages = "finnish"
centre = { lat = 63.1, lon = 24.2 }
populations = [{ day = 2022-12-31, people = 4120 }]

[[municipalities]]
code = "998"
name = { fi = "Ala-Esimerkki" }
centre = { lat = 63.2, lon = 24.6 }
populations = [{ day = 2022-12-31, people = 880 }]

[[constituencies]]
key = "joet"
name = { fi = "Jokikunnat" }
use = "seats"
municipalities = ["997", "998"]
evidence = "memory"

[[agreements]]
key = "sopimus"
name = { fi = "Sopimus" }
parties = { fi = "Kaikki" }
starts = 2024-01-01
ends = 2027-12-31
evidence = "agreement"

[[clauses]]
key = "c5"
document = "sopimus"
subject = { fi = "Varautuminen" }

[[bodies]]
key = "board"
kind = "readiness_board"
name = { fi = "Valmiusjohtoryhmä" }
meetings = [{ min = 2, max = 4, period = "year" }]
evidence = "agreement"
clause = "c5"

[[bodies.seats]]
key = "seat-joet"
name = { fi = "Jokikuntien edustaja" }
basis = "constituency"
constituency = "joet"
number = 1
evidence = "agreement"
clause = "c5"

[[roles]]
key = "contact"
name = { fi = "Yhteyshenkilö" }
scope = "municipality"
count = 1
evidence = "agreement"
clause = "c5"

[[duties]]
key = "exercise"
text = { fi = "Harjoitella." }
owners = ["county", "board"]
evidence = "proposal"

[[cost_rules]]
key = "system"
principle = { fi = "Puoliksi." }
population_day = 2022-12-31
shares = [
  { party = "county", share = 0.5, basis = "whole" },
  { party = "municipalities", share = 0.5, basis = "population" },
]
evidence = "proposal"

[[situation_centres]]
key = "desk"
name = { fi = "Tilannekeskus" }
serves = ["esimerkki"]
evidence = "seen"
source = "esimerkki.example"
"""


def problems(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    path = tmp_path / "oma.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load_pack_file(path)
    return refusal.value.problems


def test_the_whole_pack_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "oma.toml"
    path.write_text(WHOLE, encoding="utf-8")
    pack = load_pack(path)
    assert pack.codes == ("997", "998")
    assert pack.population() == 5000


# What is written, what it is changed into, and the sentence that answers.
FAULTS = {
    "code as a number": (
        'code = "998"',
        "code = 98",
        "oma.toml: municipalities[2].code (Ala-Esimerkki, line 17): “98” A municipality's code is three digits as "
        'text, not a number. Put the code in quotes, with its zeros: "098".',
    ),
    "code of two digits": (
        'code = "998"',
        'code = "98"',
        "oma.toml: municipalities[2].code (Ala-Esimerkki, line 17): “98” A municipality's code has exactly three "
        'digits. Write the official code in quotes, such as "074".',
    ),
    "code twice": (
        'code = "998"',
        'code = "997"',
        "oma.toml: municipalities[2].code (Ala-Esimerkki, line 17): “997” The same stands in the pack already; each "
        "may stand there once. Correct this one, or remove the repetition.",
    ),
    "latitude and longitude the wrong way round": (
        "centre = { lat = 63.2, lon = 24.6 }",
        "centre = { lat = 24.6, lon = 24.6 }",
        "oma.toml: municipalities[2].centre.lat (Ala-Esimerkki, line 19): “24.6” The coordinate is not in Finland: "
        "it has to be from 59 to 70,2 degrees. Check the number, and that lat (north) and lon (east) have not "
        "changed places.",
    ),
    "longitude in Sweden": (
        "lon = 24.6 }",
        "lon = 18.1 }",
        "oma.toml: municipalities[2].centre.lon (Ala-Esimerkki, line 19): “18.1” The coordinate is not in Finland: "
        "it has to be from 19 to 31,7 degrees. Check the number, and that lat (north) and lon (east) have not "
        "changed places.",
    ),
    "a place that is no number": (
        "lat = 63.2",
        "lat = nan",
        "oma.toml: municipalities[2].centre.lat (Ala-Esimerkki, line 19): “nan” The coordinate is not in Finland: "
        "it has to be from 59 to 70,2 degrees. Check the number, and that lat (north) and lon (east) have not "
        "changed places.",
    ),
    "two centres at one place": (
        "centre = { lat = 63.2, lon = 24.6 }",
        "centre = { lat = 63.1, lon = 24.2 }",
        "oma.toml: municipalities[2].centre (Ala-Esimerkki, line 19): “63.1, 24.2” The centre is at the same place "
        "as that of the municipality 997. Correct one of the two, or remove the centre that is not known.",
    ),
    "fewer than no people": (
        "people = 880",
        "people = -880",
        "oma.toml: municipalities[2].populations[1].people (Ala-Esimerkki, line 20): “-880” The number is too "
        "small: the least is 0. Correct the number.",
    ),
    "half a person": (
        "people = 880",
        "people = 880.5",
        "oma.toml: municipalities[2].populations[1].people (Ala-Esimerkki, line 20): “880.5” This has to be a whole "
        "number. Write digits only, without quotes.",
    ),
    "day as Finns write it": (
        "ends = 2027-12-31",
        'ends = "31.12.2027"',
        "oma.toml: agreements[1].ends (sopimus, line 34): “31.12.2027” This has to be a day. Write year, month and "
        "day, without quotes: 2024-12-31.",
    ),
    "days in the wrong order": (
        "ends = 2027-12-31",
        "ends = 2023-12-31",
        "oma.toml: agreements[1].ends (sopimus, line 34): “2023-12-31” The last day is before the first, 1.1.2024. "
        "Correct one of the two days.",
    ),
    "an end and none": (
        "ends = 2027-12-31",
        "ends = 2027-12-31\nuntil_further_notice = true",
        "oma.toml: agreements[1].until_further_notice (sopimus, line 35): “true” An agreement that is in force until "
        "further notice has no last day. Remove either “ends” or “until_further_notice”.",
    ),
    "unknown municipality in a constituency": (
        'municipalities = ["997", "998"]',
        'municipalities = ["997", "123"]',
        "oma.toml: constituencies[1].municipalities[2] (joet, line 26): “123” Nothing of this name is defined in "
        "the pack, under municipalities. Use one of these, or define it in the pack: 997, 998.",
    ),
    "seat of an unknown constituency": (
        'constituency = "joet"',
        'constituency = "joki"',
        "oma.toml: bodies[1].seats[1].constituency (seat-joet, line 54): “joki” Nothing of this name is defined in "
        "the pack, under constituencies. Use one of these, or define it in the pack: joet.",
    ),
    "seat without what its basis names": (
        'constituency = "joet"',
        'organisation = { fi = "Järjestö" }',
        "oma.toml: bodies[1].seats[1] (seat-joet, line 50): “{key, name, basis, organisation, number, evidence, "
        "clause}” A seat of basis “constituency” and the field “constituency” do not fit together. Give the seat the "
        "one field that its basis names; a seat of each municipality needs none.",
    ),
    "role of an unknown clause": (
        'count = 1\nevidence = "agreement"\nclause = "c5"',
        'count = 1\nevidence = "agreement"\nclause = "c6"',
        "oma.toml: roles[1].clause (contact, line 65): “c6” Nothing of this name is defined in the pack, under "
        "clauses. Use one of these, or define it in the pack: c5.",
    ),
    "clause of an unknown agreement": (
        'document = "sopimus"',
        'document = "sopimus-2"',
        "oma.toml: clauses[1].document (c5, line 39): “sopimus-2” Nothing of this name is defined in the pack, under "
        "agreements, documents. Use one of these, or define it in the pack: sopimus.",
    ),
    "fact of the agreement without its clause": (
        'count = 1\nevidence = "agreement"\nclause = "c5"',
        'count = 1\nevidence = "agreement"',
        "oma.toml: roles[1].clause (contact, line 59): A fact of an agreement names the clause it comes from. Add the "
        "clause, or give another evidence, such as “proposal”.",
    ),
    "public source without its name": (
        'evidence = "seen"\nsource = "esimerkki.example"',
        'evidence = "seen"',
        "oma.toml: situation_centres[1].source (desk, line 83): A fact from a public source names the source. Add a "
        "line that begins “source =”.",
    ),
    "unknown owner of a duty": (
        'owners = ["county", "board"]',
        'owners = ["kunta"]',
        "oma.toml: duties[1].owners[1] (exercise, line 70): “kunta” Nothing of this name is defined in the pack, "
        "under bodies. Use one of these, or define it in the pack: all_parties, board, county, municipalities, "
        "regional_council, rescue_service.",
    ),
    "body with the name of an owner": (
        'key = "board"',
        'key = "county"',
        "oma.toml: bodies[1].key (county, line 43): “county” The word has a meaning of its own as an owner of duties. "
        "Give the body another key.",
    ),
    "share of more than the whole": (
        'share = 0.5, basis = "population"',
        'share = 1.5, basis = "population"',
        "oma.toml: cost_rules[1].shares[2].share (system, line 77): “1.5” The number is too large: the most is 1. "
        "Correct the number.",
    ),
    "shares that leave something unpaid": (
        'share = 0.5, basis = "population"',
        'share = 0.4, basis = "population"',
        "oma.toml: cost_rules[1] (system, line 73): “{key, principle, population_day, shares, evidence}” The shares of "
        "a cost make one whole; these make 0.9. Correct the shares so that they add up to 1, such as 0.5, 0.5.",
    ),
    "populations missing for a shared cost": (
        "population_day = 2022-12-31",
        "population_day = 2020-12-31",
        "oma.toml: cost_rules[1].population_day (system, line 76): “2020-12-31” These municipalities have no "
        "population of that day: 997, 998. Add the figures, or choose a day for which there are all of them.",
    ),
    "fewest above most": (
        "min = 2, max = 4",
        "min = 4, max = 2",
        "oma.toml: bodies[1].meetings[1].max (board, line 46): “2” The greatest number is less than the least, 4. "
        "Correct one of the two numbers, or leave the greatest out when there is none.",
    ),
    "situation centre of others": (
        'serves = ["esimerkki"]',
        'serves = ["kainuu"]',
        "oma.toml: situation_centres[1].serves (desk, line 86): “[kainuu]” A situation centre of the pack serves the "
        "pack's own region. Add “esimerkki” to the list, or remove the situation centre.",
    ),
    "unknown word": (
        'languages = "finnish"',
        'languages = "suomi"',
        "oma.toml: municipalities[1].languages (Ylä-Esimerkki, line 12): “suomi” Only certain values are known here. "
        "Use one of these: finnish, swedish, bilingual_finnish_majority, bilingual_swedish_majority, unknown.",
    ),
    "misspelt field": (
        'languages = "finnish"',
        'language = "finnish"',
        "oma.toml: municipalities[1].language (Ylä-Esimerkki, line 12): “language” There is no field of this name "
        "here. Perhaps “languages” is meant; if not, remove the line.",
    ),
    "field of one's own": (
        'languages = "finnish"',
        "xyz = 1",
        "oma.toml: municipalities[1].xyz (Ylä-Esimerkki, line 12): “xyz” There is no field of this name here. Remove "
        "the line, or use one of these: centre, code, languages, name, populations, subregion.",
    ),
    "missing field": (
        'kind = "wellbeing_county"\n',
        "",
        "oma.toml: county.kind (Esimerkin hyvinvointialue, line 5): This has to be told: kind. Add a line that begins "
        "“kind =”.",
    ),
    "key with a letter that keys lack": (
        'key = "esimerkki"',
        'key = "Etelä-Esimerkki"',
        "oma.toml: key (line 2): “Etelä-Esimerkki” A key has small letters a–z, digits and single hyphens only. Write "
        'the key as in "etela-savo"; å, ä and ö become a and o.',
    ),
    "no name in any language": (
        'name = { fi = "Esimerkin hyvinvointialue" }',
        "name = {}",
        "oma.toml: county.name (line 7): “{}” A name or text is needed in at least one language. Write it as "
        '{ fi = "…", sv = "…", en = "…" }.',
    ),
    "name without its language": (
        'name = { fi = "Esimerkin hyvinvointialue" }',
        'name = "Esimerkin hyvinvointialue"',
        "oma.toml: county.name (line 7): “Esimerkin hyvinvointialue” This has to be a table of fields. Write braces "
        'around its fields: { fi = "…", sv = "…" }.',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_place_value_rule_and_remedy(tmp_path: Path, fault: str) -> None:
    written, changed, sentence = FAULTS[fault]
    assert WHOLE.count(written) == 1
    found = [str(problem) for problem in problems(tmp_path, WHOLE.replace(written, changed))]
    assert sentence in found


# These make nothing else wrong; the others break a reference as well, which is told besides.
@pytest.mark.parametrize(
    "fault", ["days in the wrong order", "misspelt field", "half a person", "unknown owner of a duty"]
)
def test_one_fault_is_told_once(tmp_path: Path, fault: str) -> None:
    written, changed, sentence = FAULTS[fault]
    assert [str(problem) for problem in problems(tmp_path, WHOLE.replace(written, changed))] == [sentence]


def test_all_faults_are_told_at_once_those_of_form_and_those_between_entries(tmp_path: Path) -> None:
    text = WHOLE.replace('code = "998"', "code = 98").replace("people = 4120", "people = -1")
    text = text.replace('constituency = "joet"', 'constituency = "joki"').replace('key = "exercise"', "")
    places = [str(problem.place) for problem in problems(tmp_path, text)]
    assert places == [
        "oma.toml: municipalities[1].populations[1].people (Ylä-Esimerkki, line 14)",
        "oma.toml: municipalities[2].code (Ala-Esimerkki, line 17)",
        "oma.toml: duties[1].key (line 67)",
        "oma.toml: constituencies[1].municipalities[2] (joet, line 26)",
        "oma.toml: bodies[1].seats[1].constituency (seat-joet, line 54)",
    ]


def test_a_list_of_faulty_entries_is_not_called_empty_as_well(tmp_path: Path) -> None:
    text = WHOLE.replace('code = "997"', "code = 1").replace('code = "998"', "code = 2")
    assert not any("too few" in str(problem) for problem in problems(tmp_path, text))


def test_an_empty_list_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace('owners = ["county", "board"]', "owners = []"))
    assert str(problem) == (
        "oma.toml: duties[1].owners (exercise, line 70): “[]” The list has too few entries: at least 1 needed. Add "
        "what is missing, or remove the whole line."
    )


def test_a_municipality_cannot_be_in_two_constituencies_of_one_use(tmp_path: Path) -> None:
    other = """
[[constituencies]]
key = "meri"
name = { fi = "Merikunnat" }
use = "%s"
municipalities = ["998"]
evidence = "memory"
"""
    (problem,) = problems(tmp_path, WHOLE + other % "seats")
    assert str(problem) == (
        "oma.toml: constituencies[2].municipalities[1] (meri, line 94): “998” The municipality is already in the "
        "constituency “joet”. Remove it from one of the two."
    )
    subarea = tmp_path / "alue.toml"
    subarea.write_text(WHOLE + other % "subarea", encoding="utf-8")
    assert len(load_pack(subarea).constituencies) == 2


def test_a_number_that_begins_with_nought_is_answered_with_quotes(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace('code = "997"', "code = 074"))
    assert str(problem.place) == "oma.toml: line 10"
    assert problem.value == "code = 074"
    assert str(problem.rule).startswith("The line cannot be read as TOML (")
    assert str(problem.remedy) == 'Put the code in quotes, with its zeros: "074".'


def test_a_missing_quote_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace('key = "joet"', 'key = "joet'))
    assert str(problem.place) == "oma.toml: line 23"
    assert problem.value == 'key = "joet'
    assert str(problem.remedy).startswith("Look for a missing quote")


def test_a_file_that_ends_too_soon_is_told_with_its_last_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, 'format = 1\nkey = """esimerkki\n')
    assert str(problem.place) == "oma.toml: line 2"


def test_letters_of_another_encoding_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "oma.toml"
    path.write_bytes(WHOLE.encode("latin-1"))
    with pytest.raises(Refused, match=r"^oma.toml: line 11: The file is not in UTF-8.*encoding UTF-8\.$"):
        load_pack_file(path)


def test_the_mark_that_notepad_puts_first_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "oma.toml"
    path.write_text(WHOLE.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert load_pack_file(path).key == "esimerkki"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match=r"oma.toml: The file cannot be read: No such file or directory. Check the name"
    ):
        load_pack_file(tmp_path / "oma.toml")


def test_a_fault_is_told_in_finnish_and_in_swedish(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace("ends = 2027-12-31", "ends = 2023-12-31"))
    assert problem.in_language(Language.FI) == (
        "oma.toml: agreements[1].ends (sopimus, rivi 34): ”2023-12-31” Viimeinen päivä on ennen ensimmäistä, joka on "
        "1.1.2024. Korjaa toinen päivistä."
    )
    assert problem.in_language(Language.SV) == (
        "oma.toml: agreements[1].ends (sopimus, rad 34): ”2023-12-31” Den sista dagen är före den första, som är "
        "1.1.2024. Rätta den ena av dagarna."
    )


def test_what_is_not_there_at_all_has_a_place_without_a_line(tmp_path: Path) -> None:
    text = 'format = 1\nkey = "x"\ndivision_year = 2023\nmunicipalities = 3\n'
    county, municipalities = problems(tmp_path, text)
    assert str(county) == "oma.toml: county: This has to be told: county. Add a line that begins “county =”."
    assert str(municipalities).startswith("oma.toml: municipalities (line 4): “3” This has to be a list.")
