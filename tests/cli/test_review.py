"""``prep review`` lists what has to be confirmed and confirms it as it stands, in a person's name."""

import json

import pytest
from click.testing import CliRunner, Result

from prep.cli import prep
from prep.errors import NotFound, Refused


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["review", *words])


def listed(*words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("list", "--json", *words).output)
    return found


def test_what_is_listed_is_confirmed_and_gone_from_the_list(perho: str) -> None:
    first, second, *rest = listed()
    assert first["state"] == "unknown"
    assert first["answering"] == "county"
    result = run("confirm", str(first["key"]), str(second["key"]), "--by", "Aino Esimerkki")
    assert result.exit_code == 0
    assert result.output.count("Aino Esimerkki") >= 2
    assert [one["key"] for one in listed()] == [one["key"] for one in rest]
    by_key = {one["key"]: one for one in listed("--all")}
    assert by_key[first["key"]]["confirmed_by"] == "Aino Esimerkki"
    assert (by_key[first["key"]]["state"], by_key[first["key"]]["age_days"]) == ("ok", 0)


def test_only_what_a_municipality_keeps_is_listed(perho: str) -> None:
    assert {one["municipality"] for one in listed("--municipality", "584")} == {"584"}
    assert listed("--municipality", "272") == []
    assert isinstance(run("list", "--municipality", "091").exception, NotFound)


def test_one_key_that_is_none_confirms_nothing(perho: str) -> None:
    before = listed()
    for wrong in ("contact-999999", "contact", "lamp-1", "contact-1x"):
        result = run("confirm", str(before[0]["key"]), wrong, "--by", "Aino Esimerkki")
        assert isinstance(result.exception, NotFound)
        assert f"The key: “{wrong}” There is no such value. Take the keys" in str(result.exception)
    assert listed() == before


def test_nobody_confirms_nothing(perho: str) -> None:
    before = listed()
    with pytest.raises(Refused, match="--by: A person confirms, and is named"):
        raise run("confirm", str(before[0]["key"]), "--by", " ").exception or AssertionError
    assert run("confirm", str(before[0]["key"])).exit_code == 2
    assert listed() == before


def test_the_list_can_be_read(perho: str) -> None:
    output = run("list").output
    assert "Aino Viestintävastaava" in output
    assert "the county’s planners" in output
