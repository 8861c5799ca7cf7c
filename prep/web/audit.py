"""The audit trail as a page: who changed what, when and why, newest first."""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, request

from prep import clock, trail
from prep.auth.permissions import NOBODY, Viewer
from prep.auth.roles import Permission
from prep.exchange.exporting import FileKind, table_file
from prep.exchange.trail_sheet import as_sheet
from prep.language import Message, say
from prep.models import AuditEntry
from prep.web.choices import address_refused, asked
from prep.web.database import reading
from prep.web.days import day_asked
from prep.web.language import page_language
from prep.web.permissions import permission
from prep.web.writing import DASH

pages = Blueprint("audit", __name__)
_PER_PAGE = 50
_ACTIONS = {
    "insert": say("added"),
    "update": say("changed"),
    "delete": say("removed"),
    "message": say("message"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the trail; ``changes`` is None when its values have been redacted."""

    entry: AuditEntry
    action: Message | str
    changes: list[trail.Change] | None


@pages.get("/hallinta/muutosloki")
@permission("audit.read")
def listed() -> str:
    """The rows that the filter lets through, a page at a time."""
    wanted, page = _filter(), _page()
    with reading() as session:
        total = trail.count(session, wanted)
        found = trail.entries(session, wanted, limit=_PER_PAGE, offset=(page - 1) * _PER_PAGE)
        return render_template(
            "audit.html",
            lines=[Line(one, _ACTIONS.get(one.action, one.action), trail.changes(one)) for one in found],
            wanted=wanted,
            actors=[(one, one) for one in trail.known(session, "actor")],
            actions=[(one, _ACTIONS.get(one, one)) for one in trail.known(session, "action")],
            tables=[(one, one) for one in trail.known(session, "table_name")],
            total=total,
            page=page,
            last_page=max(1, -(-total // _PER_PAGE)),
            newer=asked({"sivu": str(page - 1)}) if page > 1 else None,
            older=asked({"sivu": str(page + 1)}) if page * _PER_PAGE < total else None,
            files=[(kind, f"{request.path}/muutosloki.{kind}{_asked()}") for kind in FileKind],
            shows_values=_may_read_values(),
            as_recorded=_as_recorded,
        )


@pages.get("/hallinta/muutosloki/muutosloki.csv")
@permission("audit.read")
def as_csv() -> Response:
    """All rows that the filter lets through, as a table for spreadsheet programs."""
    return _file(FileKind.CSV)


@pages.get("/hallinta/muutosloki/muutosloki.xlsx")
@permission("audit.read")
def as_xlsx() -> Response:
    """The same as a workbook."""
    return _file(FileKind.XLSX)


def _file(kind: FileKind) -> Response:
    with reading() as session:
        sheet = as_sheet(trail.entries(session, _filter()), with_values=_may_read_values())
    return Response(
        table_file(sheet, kind, language=page_language()),
        content_type=kind.mime,
        headers={"Content-Disposition": f'attachment; filename="muutosloki-{clock.today():%Y%m%d}.{kind}"'},
    )


def _as_recorded(value: object) -> str:
    """A recorded value as it was, an empty one as a dash."""
    if value is None or value == "":
        return DASH
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _may_read_values() -> bool:
    """Recorded values hold telephone numbers of people: without the right to them nobody sees any."""
    viewer: Viewer = g.get("viewer", NOBODY)
    return viewer.may(Permission.AUDIT_VALUES)


def _filter() -> trail.Filter:
    return trail.Filter(
        since=day_asked("alkaen"),
        until=day_asked("asti"),
        actor=request.args.get("kuka") or None,
        action=request.args.get("teko") or None,
        table=request.args.get("taulu") or None,
        row=request.args.get("rivi") or None,
    )


def _asked() -> str:
    """The question of the page, without the number of the page."""
    question = asked({"sivu": ""}).partition("?")[2]
    return f"?{question}" if question else ""


def _page() -> int:
    given = request.args.get("sivu") or "1"
    if not (given.isascii() and given.isdecimal() and int(given[:7]) > 0 and len(given) <= 6):
        raise address_refused("sivu", given, say("It is the number of a page, from 1."))
    return int(given)
