"""Every command names its right; ``docs/commands.md`` is made from that: ``python -m tests.cli.test_rights``."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from prep.cli import prep
from prep.cli.rights import Reserved, right, right_of
from tests.cli.test_command import commands

PAGE = Path(__file__).parent.parent.parent / "docs" / "commands.md"
PLACE = re.compile(r"(<!-- commands:[^>]*-->\n).*(<!-- end of commands -->)", re.DOTALL)


def command_at(path: tuple[str, ...]) -> click.Command:
    found: click.Command = prep
    for name in path:
        assert isinstance(found, click.Group)
        one = found.get_command(click.Context(found), name)
        assert one is not None
        found = one
    return found


def acts() -> list[tuple[str, ...]]:
    """Every command that does something: the groups only lead to them."""
    return [path for path in commands(prep) if not isinstance(command_at(path), click.Group)]


@pytest.mark.parametrize("path", acts(), ids=" ".join)
def test_a_command_names_its_right_and_tells_it_in_its_help(path: tuple[str, ...]) -> None:
    declared = right_of(command_at(path))
    assert declared is not None, f"prep {' '.join(path)} names no right: put @right(…) above it"
    told = " ".join(CliRunner().invoke(prep, [*path, "--help"]).output.split())
    assert "Permission on the pages: " in told
    assert f"Exit status: 0 done, 1 {declared.status_1}, 2 misuse." in told
    assert all(one.value in told for one in declared.asked if not isinstance(one, Reserved))


def test_a_command_without_a_right_is_found_and_a_right_that_does_not_exist_is_refused() -> None:
    @click.command()
    def nameless() -> None: ...

    assert right_of(nameless) is None
    with pytest.raises(ValueError, match=r"site\.fly"):
        right("site.fly")


def test_what_changes_the_county_asks_for_more_than_reading() -> None:
    asked = {" ".join(path): right_of(command_at(path)) for path in acts()}
    weak = {
        name
        for name, declared in asked.items()
        if name.split()[-1]
        in {"import", "add", "disable", "backup", "restore", "redact", "retain", "sign-out"}
        and declared is not None
        and all(one.value.endswith(".read") or one is Reserved.PUBLIC for one in declared.asked)
    }
    assert weak == set()


def table() -> str:
    lines = [
        "| command | what it does | permission on the pages | exit status 1 |",
        "| --- | --- | --- | --- |",
    ]
    for path in acts():
        command, declared = command_at(path), right_of(command_at(path))
        assert declared is not None
        permissions = ", ".join(
            f"({one.value})" if isinstance(one, Reserved) else f"`{one.value}`" for one in declared.asked
        )
        sentence = (command.help or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        lines.append(f"| `prep {' '.join(path)}` | {sentence} | {permissions} | {declared.status_1} |")
    return "\n".join(lines) + "\n"


def page_with(content: str) -> str:
    return PLACE.sub(lambda found: found[1] + content + found[2], PAGE.read_text(encoding="utf-8"))


def test_the_page_lists_the_commands_that_there_are() -> None:
    assert page_with(table()) == PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(page_with(table()), encoding="utf-8")
