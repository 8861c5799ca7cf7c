"""``prep alert without`` tells what the chains share, and what breaks without one part of it."""

import json

import pytest
from click.testing import CliRunner, Result

from prep.cli import prep
from prep.errors import NotFound


def run(*words: str) -> Result:
    return CliRunner().invoke(prep, ["alert", "without", *words])


@pytest.mark.usefixtures("perho")
def test_what_is_shared_is_told_with_what_breaks_without_it() -> None:
    shared = json.loads(run("--json").output)
    assert shared
    for one in shared:
        effects = json.loads(run(one["key"], "--json").output)
        empty = [effect for effect in effects if effect["is_left_empty"]]
        assert sum(effect["kind"] == "chain" for effect in empty) == one["silenced"]
        assert sum(effect["kind"] == "seat" for effect in empty) == one["seats"]
    assert any(one["silenced"] for one in shared)
    assert "Bodies silenced" in run().output
    assert "Without it" in run(shared[0]["key"]).output


@pytest.mark.usefixtures("perho")
def test_what_no_chain_uses_is_refused() -> None:
    found = run("channel:flags").exception
    assert isinstance(found, NotFound)
    assert "“prep alert without” tells the keys." in str(found)
