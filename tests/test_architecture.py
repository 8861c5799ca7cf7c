"""The imports point one way, and the database and the web are known only where they may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import prep

ROOT = Path(prep.__file__).parent

# From the top of the house to its ground; a module may import what stands below it, and its own area.
LEVELS = [
    {"cli"},
    {"demo"},
    {"web"},
    {"jobs"},
    {"readiness", "exercises", "exchange"},
    {"chains", "binder"},
    {"cards"},
    {"registry", "evacuation", "alerting"},
    {"doctor"},
    {"backup"},
    {"migrations"},
    {"db", "auth", "trail", "undo", "submissions", "mail", "freshness", "outbox", "attachments"},
    {"audit", "chain_versions", "site_history"},
    {"models"},
    {"regions", "config"},
    {"clock", "addresses"},
    {"toml_files"},
    {"outages"},
    {"errors"},
    {"language"},
    {"terms"},
]
LEVEL_OF = {area: number for number, areas in enumerate(LEVELS) for area in areas}
# Areas which may know the database only in their records.py, and what of it has a file of its own.
PURE = {"alerting", "evacuation", "cards", "binder"}
DATABASE = {"sqlalchemy", "alembic", "psycopg"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT)
        if inside.parts[:2] != ("migrations", "versions") and inside != Path("__init__.py"):
            yield inside.parts[0].removesuffix(".py"), path


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "prep":
                found |= {f"prep.{name.name}" for name in node.names}
    return found


def test_imports_point_down_and_never_to_a_neighbour() -> None:
    wrong = []
    for area, path in modules():
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != "prep" or len(parts) == 1 or parts[1] in {area, "__version__"}:
                continue
            if LEVEL_OF[parts[1]] <= LEVEL_OF[area]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_every_area_has_its_place_in_the_house() -> None:
    assert {area for area, _ in modules()} <= set(LEVEL_OF)


def test_only_the_web_knows_flask() -> None:
    knows = {
        area
        for area, path in modules()
        if {name.split(".")[0] for name in imports(path)} & {"flask", "werkzeug"}
    }
    assert knows <= {"web"}


def test_calculations_know_the_database_only_in_their_records() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for area, path in modules()
        if area in PURE
        and not path.name.endswith("records.py")
        and any(
            name.split(".")[0] in DATABASE or name.startswith(("prep.models", "prep.db"))
            for name in imports(path)
        )
    ]
    assert wrong == []


def test_only_the_clock_reads_the_time() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for _, path in modules()
        if path.name != "clock.py"
        and any(
            call in path.read_text(encoding="utf-8") for call in (".now(", ".today(", "time.time(", "utcnow(")
        )
        and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"now", "today", "utcnow", "time"}
            and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "clock")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert readers == []


def test_modules_are_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for _, path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
