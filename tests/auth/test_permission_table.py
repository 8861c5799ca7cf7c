"""The table in docs/accounts.md is made from the rights in force: ``python -m tests.auth.test_permission_table``."""

import re
from pathlib import Path

from prep.auth.roles import RIGHTS, Permission
from prep.auth.throttle import LIMITS
from prep.auth.words import PERMISSION_NAMES
from prep.terms import AccountRole, SignInStep

PAGE = Path(__file__).parent.parent.parent / "docs" / "accounts.md"
PLACE = re.compile(r"(<!-- permissions:[^>]*-->\n).*(<!-- end of permissions -->)", re.DOTALL)


def table() -> str:
    """Every permission with the roles that have it."""
    lines = [
        "| permission | to | " + " | ".join(role.replace("_", " ") for role in AccountRole) + " |",
        "| --- | --- | " + " | ".join("---" for _ in AccountRole) + " |",
    ]
    for permission in Permission:
        cells = " | ".join(_cell(role, permission) for role in AccountRole)
        lines.append(f"| `{permission}` | {PERMISSION_NAMES[permission]} | {cells} |")
    return "\n".join(lines) + "\n"


def _cell(role: AccountRole, permission: Permission) -> str:
    rights = RIGHTS[role]
    words = ["yes"] if permission in rights.own else []
    return ", ".join([*words, "shared"] if permission in rights.shared else words)


def page_with(content: str) -> str:
    return PLACE.sub(lambda found: found[1] + content + found[2], PAGE.read_text(encoding="utf-8"))


def test_the_page_shows_the_rights_in_force() -> None:
    assert page_with(table()) == PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_role() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [role for role in AccountRole if f"| `{role}` |" not in text] == []


def test_the_page_shows_the_limits_in_force() -> None:
    minutes = {5: "5 minutes", 60: "1 hour", 24 * 60: "1 day"}
    rows = re.findall(r"^\| (.+?) \| (.+?) \| ([\d ]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {(row[0].split(" ")[0] == "codes", row[1], int(row[2].replace(" ", ""))) for row in rows}
    assert shown == {
        (
            limit.steps == {SignInStep.SECOND_FACTOR},
            minutes[int(limit.within.total_seconds() / 60)],
            limit.number,
        )
        for limit in LIMITS
    }


if __name__ == "__main__":
    PAGE.write_text(page_with(table()), encoding="utf-8")
