"""Lists of 5 000 premises and of 5 000 contacts: how long reading, planning and applying take, and how much memory.

``python -m benchmarks.importing`` prints seconds, and their ratio to what Python's csv module alone needs for
the same cells in the same run; then the most memory that reading and planning took, each list in a process of its own
with its reader beside it. ``python -m benchmarks.importing csv`` (``xlsx``, ``geojson``) measures one.
"""

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from prep import migrations
from prep.db import make_engine, write_session
from prep.exchange.contact_applying import apply_contacts
from prep.exchange.contact_importing import plan_contacts
from prep.exchange.contact_plan import Outcome
from prep.exchange.importing import apply_import, plan_import
from prep.exchange.tables import Table, read_table
from prep.exchange.vocabulary import ListKind
from prep.regions.packs import load_pack
from prep.registry.install import install

ROWS = 5_000
ON = date(2026, 11, 22)
HEADINGS = (
    *("Kunta", "Kohteen nimi", "Osoite", "Käyttötarkoitus", "Hyötyala m2", "WC:t (kpl)", "Esteetön"),
    *("Varavoima (h)", "Palotarkastus, enintään", "Avautuu (h)", "Avaimenhaltija", "Puhelin", "N", "E"),
)
CONTACT_HEADINGS = (*("Nimi", "Nimike", "Kunta", "Matkapuhelin", "Sähköposti", "Kieli", "Rooli", "Alkaa"),)
_TITLES = ("Rehtori", "Kunnanjohtaja", "Tekninen johtaja", "Sivistysjohtaja", "Viestintäpäällikkö")
_ROLES = ("Varautumisen yhteyshenkilö", "Alueturvan vastuuhenkilö")
_CENTRES = {
    "Kokkola": (63.84026, 23.1339),
    "Kannus": (63.89994, 23.91501),
    "Perho": (63.21474, 24.41904),
    "Veteli": (63.47605, 23.79451),
}
_WORDS = ("koulu", "liikuntahalli", "kylätalo", "seurakuntatalo", "nuorisotalo", "kirjasto", "leirikeskus")


def rows() -> list[list[str]]:
    """Premises on a grid of 100 m around four centres, with names that are no likeness of each other."""
    made = []
    for number in range(ROWS):
        place = list(_CENTRES)[number % 4]
        lat, lon = _CENTRES[place]
        step, word = number // 4, _WORDS[number % len(_WORDS)]
        made.append(
            [
                *(place, f"{_syllables(number)} {word}", f"Esimerkkitie {number}", "majoitus, ateriat"),
                *(f"{400 + number % 900}", f"{5 + number % 20}", "kyllä" if number % 5 else "ei"),
                *("72 h" if number % 3 else "1 vrk", f"{100 + number % 200}", f"{1 + number % 6}"),
                *("Aino Esimerkki", f"+358 00 000 {number:04d}"),
                *(f"{lat + step // 40 * 0.001:.5f}", f"{lon + step % 40 * 0.002:.5f}"),
            ]
        )
    return made


def _syllables(number: int) -> str:
    parts = []
    for _ in range(4):
        number, rest = divmod(number * 7919 + 13, 20)
        parts.append(("ka", "lo", "mi", "ru", "te", "su", "vo", "ni", "pä", "jy")[rest % 10])
    return "".join(parts).capitalize() + str(number % 9973)


def _letters(number: int) -> str:
    """A name of its own for every number."""
    name = "".join(_syllables(number).rstrip("0123456789"))
    return name + "".join("abcdefghij"[int(digit)] for digit in str(number))


def contacts() -> list[list[str]]:
    """People of four municipalities with a mobile and an e-mail each; some hold a role of their municipality."""
    made = []
    for number in range(ROWS):
        place = list(_CENTRES)[number % 4]
        role = number < 4 * len(_ROLES)
        made.append(
            [
                *(f"{_letters(number)} {_letters(number + ROWS)}", _TITLES[number % len(_TITLES)], place),
                *(
                    f"040 {number:07d}",
                    f"henkilo.{number}@kunta.fi",
                    "ruotsi" if number % 9 == 0 else "suomi",
                ),
                *((_ROLES[number // 4], "1.6.2025") if role else ("", "")),
            ]
        )
    return made


def as_csv(headings: Sequence[str], cells: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([headings, *cells])
    return text.getvalue().encode()


def as_xlsx(headings: Sequence[str], cells: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet("Tilat")
        for number, row in enumerate([headings, *cells]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def as_geojson(headings: Sequence[str], cells: list[list[str]]) -> bytes:
    """The same premises as features: north and east, the last two cells, are the point."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(row[-1]), float(row[-2])]},
            "properties": dict(zip(headings[:-2], row[:-2], strict=True)),
        }
        for row in cells
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def main() -> None:
    """Premises first, then contacts; then the memory for premises, by kind of file."""
    if len(sys.argv) > 1:
        _measure_memory(sys.argv[1])
        return
    _measure("premises", HEADINGS, rows(), ListKind.PREMISES, _Premises())
    _measure("contacts", CONTACT_HEADINGS, contacts(), ListKind.CONTACTS, _Contacts())
    for form in _FORMS:
        subprocess.run([sys.executable, "-m", "benchmarks.importing", form], check=True)


_FORMS = {"csv": as_csv, "xlsx": as_xlsx, "geojson": as_geojson}


def _measure_memory(form: str) -> None:
    """The most memory of this process, and of the process that reads for it, over reading and planning."""
    content = _FORMS[form](HEADINGS, rows())
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'prep.db'}")
        migrations.upgrade(engine)
        with write_session(engine, actor="benchmark") as session:
            install(session, load_pack("keski-pohjanmaa"), is_demo=True)
        before_s = process_time()
        with write_session(engine, actor="benchmark") as session:
            seconds, plan = timed(
                lambda: plan_import(session, read_table(content, name=f"lista.{form}"), on=ON)
            )
            new = len(plan.new)
        engine.dispose()
    assert new == ROWS, new
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    # Counted from the fork on, when the reader still was a copy of this process: rather too much.
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy_s = process_time() - before_s + child.ru_utime + child.ru_stime
    print(
        f"{form:<8} read and planned in {seconds:5.2f} s ({busy_s:.2f} s of a processor), "
        f"at most {own:.0f} MiB, its reader {child.ru_maxrss / 1024:.0f} MiB"
    )


class _Premises:
    """How a list of premises is planned and applied."""

    def plan(self, session: Session, table: Table) -> Any:
        return plan_import(session, table, on=ON)

    def apply(self, session: Session, plan: Any) -> None:
        apply_import(session, plan, on=ON)

    def unchanged(self, plan: Any) -> int:
        return len(plan.unchanged)


class _Contacts:
    """How a list of contacts is planned and applied."""

    def plan(self, session: Session, table: Table) -> Any:
        return plan_contacts(session, table, on=ON)

    def apply(self, session: Session, plan: Any) -> None:
        apply_contacts(session, plan, on=ON)

    def unchanged(self, plan: Any) -> int:
        return len(plan.of(Outcome.UNCHANGED))


def _measure(
    what: str,
    headings: Sequence[str],
    cells: list[list[str]],
    kind: ListKind,
    steps: _Premises | _Contacts,
) -> None:
    text, workbook = as_csv(headings, cells), as_xlsx(headings, cells)
    features = as_geojson(headings, cells) if kind is ListKind.PREMISES else b""
    base_s, _ = timed(lambda: list(csv.reader(io.StringIO(text.decode()), delimiter=";")))
    csv_s, _ = timed(lambda: read_table(text, name="lista.csv", kind=kind))
    geojson_s, _ = timed(lambda: features and read_table(features, name="lista.geojson", kind=kind))
    xlsx_s, table = timed(lambda: read_table(workbook, name="lista.xlsx", kind=kind))
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'prep.db'}")
        migrations.upgrade(engine)
        with write_session(engine, actor="benchmark") as session:
            install(session, load_pack("keski-pohjanmaa"), is_demo=True)
        with write_session(engine, actor="benchmark") as session:
            plan_s, plan = timed(lambda: steps.plan(session, table))
            apply_s, _ = timed(lambda: steps.apply(session, plan))
        with write_session(engine, actor="benchmark") as session:
            again_s, plan = timed(lambda: steps.plan(session, table))
        assert steps.unchanged(plan) == ROWS, [str(finding) for finding in plan.findings[:5]]
        engine.dispose()
    print(f"{ROWS} {what}, {len(headings)} columns; csv module alone {base_s:.3f} s = 1")
    for name, seconds in (
        ("read CSV", csv_s),
        ("read XLSX", xlsx_s),
        *([("read GeoJSON", geojson_s)] if features else []),
        ("plan, all new", plan_s),
        ("apply", apply_s),
        ("plan, all known", again_s),
    ):
        print(f"{name:<16} {seconds:6.2f} s  {seconds / base_s:7.0f} times")


if __name__ == "__main__":
    main()
