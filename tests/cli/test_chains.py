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
    told = run("import", instance / "ketjut.toml", "--apply").stdout.splitlines()
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
        run("import", instance / "ketjut.toml", "--apply")
    assert deadlines(perho) == {"perho": 30}


def changed(instance: Path) -> Path:
    path = instance / "muutos.toml"
    path.write_text(CHAIN.replace("deadline_min = 30", "deadline_min = 45"), encoding="utf-8")
    return path


def test_without_apply_a_file_is_only_compared(perho: str, instance: Path) -> None:
    told = run("import", changed(instance))
    assert "perho: Chain, deadline: 30 min → 45 min." in told.stdout.splitlines()
    assert "Nothing has been changed. Take the chains into use with --apply." in told.stderr
    assert deadlines(perho) == {"perho": 30}
    answer = json.loads(run("import", changed(instance), "--json").stdout)
    assert answer["applied"] is False
    assert answer["chains"][0]["differences"] == [
        {
            "kind": "changed",
            "place": "Chain",
            "field": "deadline",
            "before": "30 min",
            "after": "45 min",
            "sentence": "Chain, deadline: 30 min → 45 min.",
        }
    ]


def test_a_chain_goes_out_as_json_and_comes_back_without_a_difference(perho: str, instance: Path) -> None:
    written = run("export", "perho").stdout
    assert "Aino" not in written
    (instance / "perho.json").write_text(written, encoding="utf-8")
    told = run("import", instance / "perho.json", "--apply").stdout.splitlines()
    assert told[:2] == ["Chains taken into use: perho.", "perho: no difference."]
    assert [one["version"] for one in json.loads(run("versions", "perho", "--json").stdout)] == [1]
    content = json.loads(written)
    content["chain"][0]["key"] = "toinen"
    (instance / "toinen.json").write_text(json.dumps(content), encoding="utf-8")
    assert "toinen: a new chain." in run("import", instance / "toinen.json", "--apply").stdout
    again = json.loads(run("export", "toinen").stdout)
    assert again == content


def test_versions_are_listed_compared_shown_and_exported(perho: str, instance: Path) -> None:
    run("import", changed(instance), "--apply")
    versions = json.loads(run("versions", "perho", "--json").stdout)
    assert [(one["version"], one["by"]) for one in versions] == [(2, "command: chains import"), (1, "test")]
    assert run("versions", "perho").stdout.split()[:2] == ["Version", "Time"]
    table = run("diff", "perho", "1", "2").stdout.splitlines()
    assert table[0].split() == ["Where", "What", "Before", "After"]
    assert table[1].split() == ["Chain", "deadline", "30", "min", "45", "min"]
    assert run("diff", "perho", "1", "1").stdout == "The two say the same.\n"
    assert json.loads(run("diff", "perho", "2", "1", "--json").stdout)[0]["after"] == "30 min"
    assert json.loads(run("export", "perho", "--version", "1").stdout)["chain"][0]["deadline_min"] == 30
    assert json.loads(run("export", "perho").stdout)["chain"][0]["deadline_min"] == 45
    assert run("show", "perho", "--version", "1", "--json").stdout == run("show", "perho", "--json").stdout
    with pytest.raises(NotFound, match=r"“3” There is no version of this number\. Use one of: 1, 2"):
        run("show", "perho", "--version", "3")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"chain": [', r"kesken.json: line 1: The line cannot be read as JSON"),
        ("[]", "The file is one table, between curly brackets"),
        ('{"chain": []}', r"kesken.json: chain: “\[\]” The list has too few entries"),
        ('{"chain": [{"deadline_min": NaN}]}', "NaN is no number"),
        ("[" * 100_000, "Brackets stand inside brackets too many times over"),
        ('{"chain": [{"key": "x", "name": "X"}]}', r"chain\[1\].body \(x\): This has to be told: body"),
    ],
)
def test_a_broken_json_file_is_refused_with_its_place(
    perho: str, instance: Path, content: str, sentence: str
) -> None:
    (instance / "kesken.json").write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match=sentence):
        run("import", instance / "kesken.json", "--apply")
    assert deadlines(perho) == {"perho": 30}


def test_ten_thousand_lines_are_refused(perho: str, instance: Path) -> None:
    line = f'  {{ target = "{GROUP}/communications", channels = ["call"] }},\n'
    assert line in CHAIN
    lines = "".join(line.replace(" }", f", wait_s = {wait} }}") for wait in range(10_000))
    (instance / "ketjut.toml").write_text(CHAIN.replace(line, lines), encoding="utf-8")
    with pytest.raises(Refused, match=r"list\[2\]\.items .*“10,?002” A list has at most 200 lines"):
        run("import", instance / "ketjut.toml", "--apply")
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
