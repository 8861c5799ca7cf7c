"""``prep chains``: what is in use, what is wrong with it, and a file taken whole or not at all."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from prep.cli import prep
from prep.db import make_engine, read_session
from prep.errors import NotFound, Refused
from prep.models import Chain
from tests.cards.reading import text_of
from tests.perho import CHAIN, GROUP


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(prep, ["chains", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def deadlines(url: str) -> dict[str, int]:
    engine = make_engine(url)
    with read_session(engine) as session:
        found = {one.key: one.deadline_min for one in session.scalars(select(Chain))}
    engine.dispose()
    return found


def test_chains_are_listed_with_the_group_that_each_is_to_reach(perho: str) -> None:
    assert json.loads(run("list", "--json").stdout) == [
        {
            "key": "perho",
            "name": "Perhon johtoryhmä",
            "group": "Perho: disruption management group",
            "seats": 5,
            "quorum": 5,
            "deadline_min": 30,
            # Four seats without a deputy.
            "findings": 4,
        }
    ]
    table = run("list").stdout
    assert table.split()[:6] == ["Chain", "Group", "Seats", "Quorum", "Deadline,", "min"]
    assert "perho  Perho: disruption management group" in table


def test_a_chain_is_shown_call_by_call_with_what_is_doubtful(perho: str) -> None:
    told = json.loads(run("show", "perho", "--json").stdout)
    first = told["calls"][0]
    assert (first["starts"], first["order"], first["target"], first["channel"]) == (
        True,
        1,
        "Aino Kunnanjohtaja",
        "call",
    )
    # Two rounds by call and message to the manager and her deputy, one call to the preparedness contact.
    centre = [one for one in told["calls"] if one["caller"] == first["caller"]]
    assert [one["target"].split()[0] for one in centre].count("Eero") == 4
    assert told["findings"][0] == {
        "severity": "warning",
        "rule": "no_deputy",
        "sentence": "Perho: häiriötilanteiden johtoryhmä: “Varautumisen yhteyshenkilö” A seat without a deputy "
        "depends on one person. Name a deputy and add them to the call list after the holder.",
    }
    shown = run("show", "management-group-584").stdout
    assert "phone call" in shown
    assert "! Perho: disruption management group: “Technical director”" not in shown
    assert "“Tekninen johtaja” A seat without a deputy depends on one person." in shown


def test_an_unknown_chain_is_told_those_there_are(perho: str) -> None:
    with pytest.raises(
        NotFound, match=r"Alert chain: “atlantis” There is no chain of this key\. Use one of: perho"
    ):
        run("show", "atlantis")


def test_a_file_is_taken_into_use_with_what_is_doubtful(perho: str, instance: Path) -> None:
    line = f'  {{ target = "{GROUP}/communications", channels = ["call"] }},\n'
    changed = CHAIN.replace("deadline_min = 30", "deadline_min = 45").replace(line, "")
    (instance / "ketjut.toml").write_text(changed, encoding="utf-8")
    told = run("import", instance / "ketjut.toml").stdout.splitlines()
    assert told[0] == "Chains taken into use: perho."
    assert any(
        line.startswith("! perho: ") and "“Aino Viestintävastaava” Every member and deputy is on" in line
        for line in told
    )
    assert deadlines(perho) == {"perho": 45}


def test_a_faulty_file_is_refused_and_the_chain_stays(perho: str, instance: Path) -> None:
    ring = f'\n[[chain.list]]\ncaller = "{GROUP}/technical"\nitems = [{{ target = "{GROUP}/manager", channels = ["call"] }}]\n'
    changed = CHAIN.replace("deadline_min = 30", "deadline_min = 45") + ring
    (instance / "ketjut.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(Refused, match="An alarm never comes back to one who has passed it on"):
        run("import", instance / "ketjut.toml")
    assert deadlines(perho) == {"perho": 30}


def test_a_chain_is_printed_as_a_poster_for_the_wall(perho: str, instance: Path) -> None:
    told = run("poster", "perho", "--lang", "fi", "-o", instance / "poster.pdf").stdout
    assert told == f"Poster of Perho: häiriötilanteiden johtoryhmä: sheets 1, in {instance / 'poster.pdf'}.\n"
    text = text_of((instance / "poster.pdf").read_bytes())
    for written in ("Aino Kunnanjohtaja", "varalla: Eero Sijainen", "soittaa yhdelle kerrallaan"):
        assert written in text


def test_a_poster_of_no_chain_leaves_the_file_as_it_was(perho: str, instance: Path) -> None:
    (instance / "poster.pdf").write_bytes(b"old")
    with pytest.raises(NotFound):
        run("poster", "none", "-o", instance / "poster.pdf")
    assert (instance / "poster.pdf").read_bytes() == b"old"
