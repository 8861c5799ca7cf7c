"""The documentation names what exists, and everything that a user can call is named in it."""

import re
from pathlib import Path

import click
import pytest

from prep.cli import prep
from tests.cli.test_command import commands

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")])
TEXT = {page: page.read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", TEXT[page])
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_text_exist_with_their_options(page: Path) -> None:
    wrong = []
    for line in re.findall(r"^    (prep [^\n]+)|`(prep [^`]+)`", TEXT[page], re.MULTILINE):
        words = (line[0] or line[1]).split("  ")[0].split()
        command: click.Command = prep
        while len(words) > 1 and isinstance(command, click.Group) and words[1].islower():
            words = words[1:]
            found = command.get_command(click.Context(command), words[0])
            if found is None:
                wrong.append(" ".join(line))
                break
            command = found
        options = {name for one in command.params for name in one.opts} | {"--help", "--version"}
        wrong += [
            f"{words[0]} {word}"
            for word in words
            if word.startswith("-") and word.split("=")[0] not in options
        ]
    assert wrong == []


def test_every_command_is_named_in_the_documentation() -> None:
    text = "\n".join(TEXT.values())
    groups = {path for path in commands(prep) if any(other[:-1] == path for other in commands(prep))}
    missing = [
        " ".join(path)
        for path in commands(prep)
        if path not in groups and f"prep {' '.join(path)}" not in text
    ]
    assert missing == []


def test_nothing_names_a_place_of_one_machine_or_a_registry() -> None:
    # Written in pieces, so that this file is not found by its own search.
    places = "|".join(
        ["/" + "work/", "/" + "farm/", "py" + r"pi\.org", "pythonhost" + "ed", "npm" + r"js\.", "/" + "root/"]
    )
    kinds = {".py", ".md", ".toml", ".txt", ".css", ".html", ".po", ""}
    own = ("prep", "tests", "docs", "benchmarks", ".ci")
    inside = [path for folder in own for path in (ROOT / folder).rglob("*")]
    at_top = [path for path in ROOT.iterdir() if path.name != ".git"]
    checked = [path for path in (*inside, *at_top) if path.is_file() and path.suffix in kinds]
    assert [
        str(path) for path in checked if re.search(places, path.read_text(encoding="utf-8", errors="ignore"))
    ] == []
