"""What the pages have in common that import a list: the file, what its columns tell, what is to be said about it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from prep import clock
from prep.errors import Conflict, Problem, Refused
from prep.exchange.contact_words import Line
from prep.exchange.findings import Finding, Severity, severity_word
from prep.exchange.mapping import ColumnMapping
from prep.exchange.remembering import remember
from prep.exchange.tables import MAX_BYTES, MAX_COLUMNS, Table, column_letter, read_table
from prep.exchange.vocabulary import ListKind, fields, recognised
from prep.language import Message, say
from prep.terms import State
from prep.web import identity
from prep.web.database import reading
from prep.web.forms import Form, sent_back, typed
from prep.web.language import page_language
from prep.web.saving import saved, saving
from prep.web.uploads import Upload, sent_file

OWNER, SHEET, COLUMN, DIGEST = "kenen", "taulukko", "sarake-", "tunniste"
# A page is for reading; the rest of a long list is counted, and told whole on the command line.
MOST_SHOWN = 200
# How often a column comes again in the choices, such as "Puhelin 3".
_MOST_TIMES = 4
_COLUMN_NUMBERS = frozenset(str(number) for number in range(MAX_COLUMNS))
_SIGNS = {Severity.REFUSED: State.FAULT, Severity.WARNING: State.WARNING, Severity.NOTE: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class SentList:
    """A list that was sent: the file, which sheet of it, and what its columns were said to tell."""

    upload: Upload
    sheet: str
    columns: Mapping[int, str]

    def table(self, kind: ListKind) -> Table:
        """The list in the file."""
        return read_table(self.upload.content, name=self.upload.name, sheet=self.sheet or None, kind=kind)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the list, what stands in it first, and what it is taken for."""

    number: int
    letter: str
    heading: str
    example: str
    field: str
    # The day on which somebody said it of such a list before.
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Findings of one severity, as many as a page holds."""

    title: Message
    state: State
    sentences: list[str]
    total: int


@dataclass(frozen=True, slots=True)
class Area:
    """Which kind of list it is: its page and that of its import, and the command that does the same."""

    title: Message
    listed: str
    importing: Message
    # The blueprint of the import: ``choose``, ``compare`` and ``apply``.
    pages: str
    command: str
    show_gone: Message


@dataclass(frozen=True, slots=True)
class RowOfDifference:
    """Something that the list adds or changes: ``otherwise`` stands where no single line tells it."""

    name: str
    where: str
    lines: Sequence[Line]
    otherwise: str = ""


class Plan(Protocol):
    """What a list would change: ``digest`` is the same for the same changes."""

    @property
    def mapping(self) -> ColumnMapping: ...

    @property
    def digest(self) -> str: ...


Whose = TypeVar("Whose")
Planned = TypeVar("Planned", bound=Plan)


class ListImport(ABC, Generic[Whose, Planned]):
    """A kind of list on its way in: what is asked and changed differs, the way from the file to the change does not."""

    kind: ListKind
    area: Area
    # The page on which the file is chosen.
    template: str

    @abstractmethod
    def whose(self, session: Session) -> Whose:
        """Whose list it is, as the form says; nothing is there for whoever may not change it."""

    @abstractmethod
    def code_of(self, whose: Whose) -> str:
        """How the form says whose list it is."""

    @abstractmethod
    def place_of(self, whose: Whose) -> str | None:
        """The municipality for which it is remembered what the columns tell; None for none."""

    @abstractmethod
    def owners(self, session: Session) -> list[tuple[str, str]]:
        """Whose list it can be."""

    @abstractmethod
    def plan(self, session: Session, sent: SentList, table: Table, whose: Whose) -> Planned:
        """What the list would change."""

    @abstractmethod
    def carry_out(self, session: Session, plan: Planned) -> None:
        """Make the change."""

    @abstractmethod
    def difference(self, session: Session, plan: Planned) -> dict[str, Any]:
        """The change in words, for the page."""

    @abstractmethod
    def word_of(self, key: str) -> str:
        """What a column tells, in words."""

    def choosing(self, session: Session, form: Form) -> str:
        """The page on which the file is chosen."""
        return render_template(self.template, form=form, owners=self.owners(session))

    def compare(self) -> str | tuple[str, int]:
        """What the list would change. Nothing is changed."""
        with reading() as session:
            try:
                sent, whose, table = self._sent(session)
            except Refused as error:
                return self._refused(session, error)
            return self._difference_page(session, sent, whose, table)

    def apply(self) -> Response | str | tuple[str, int]:
        """Make the change that was looked at, whole or not at all."""
        with reading() as session:
            try:
                sent, whose, table = self._sent(session)
            except Refused as error:
                return self._refused(session, error)
        try:
            with saving(why=table.file) as session:
                plan = self.plan(session, sent, table, whose)
                if plan.digest != request.form.get(DIGEST):
                    raise _other_difference(table)
                self.carry_out(session, plan)
                self._remember(session, sent, table, whose)
                return saved(session, self.area.listed, "imported", back=url_for(self.area.listed))
        except Conflict as error:
            with reading() as session:
                return self._difference_page(session, sent, whose, table, error=error, status=409)
        except Refused as error:
            with reading() as session:
                return self._difference_page(session, sent, whose, table, error=error, status=422)

    def _remember(self, session: Session, sent: SentList, table: Table, whose: Whose) -> None:
        """Keep what was said of the columns, so that nobody has to say it again."""
        place, by = self.place_of(whose), identity.actor()
        remember(session, table, sent.columns, municipality=place, by=by, on=clock.today())

    def _sent(self, session: Session) -> tuple[SentList, Whose, Table]:
        whose = self.whose(session)
        sent = _sent_list()
        return sent, whose, sent.table(self.kind)

    def _refused(self, session: Session, error: Refused) -> tuple[str, int]:
        form = sent_back(typed(OWNER, SHEET), error, {"The file": "tiedosto"})
        return self.choosing(session, form), 422

    def _difference_page(
        self,
        session: Session,
        sent: SentList,
        whose: Whose,
        table: Table,
        *,
        error: Refused | Conflict | None = None,
        status: int = 200,
    ) -> str | tuple[str, int]:
        plan = None
        try:
            plan = self.plan(session, sent, table, whose)
        except Refused as refused:
            # The columns can be said, and then it goes on.
            error, status = refused, 422
        page = render_template(
            "list_difference.html",
            area=self.area,
            upload=sent.upload,
            table=table,
            form=sent_back({OWNER: self.code_of(whose), SHEET: sent.sheet}, error or (), {"": "columns"}),
            plan=plan,
            owners=self.owners(session),
            columns=_column_choices(table, sent, plan.mapping if plan else None, self.kind),
            known_fields=self._known_fields,
            **(self.difference(session, plan) if plan else {}),
        )
        return (page, status) if status != 200 else page

    def _known_fields(self, chosen: str) -> list[tuple[str, str]]:
        """What a column can tell, given what it is taken for; of those that come again, a few."""
        return [
            (key, self.word_of(key))
            for key in fields(self.kind)
            if key == chosen or _turn(key) <= _MOST_TIMES
        ]


def counts(*, new: int, changed: int, unchanged: int, refused: int, gone: int) -> list[tuple[Message, int]]:
    """How many rows there are of each kind, in words."""
    return [
        (say("New"), new),
        (say("Changed"), changed),
        (say("Unchanged"), unchanged),
        (say("Rows that do not land"), refused),
        (say("Missing from the list"), gone),
    ]


def _sent_list() -> SentList:
    """What the form brings.

    Raises
    ------
    Refused
        If there is no file, or too large a one.
    """
    upload = sent_file(MAX_BYTES)
    columns = {
        int(number): value
        for name, value in request.form.items()
        if (number := name.removeprefix(COLUMN)) in _COLUMN_NUMBERS
    }
    return SentList(upload, request.form.get(SHEET, "").strip(), columns)


def _other_difference(table: Table) -> Conflict:
    """The answer to a change that is no longer the one that was looked at."""
    return Conflict(
        Problem(
            place=table.file,
            value=None,
            rule=say("The difference is another one than you looked at; nothing has been changed."),
            remedy=say("Look through the difference below, which is that of now, and import it then."),
        )
    )


def told(findings: Iterable[Finding]) -> list[Told]:
    """Everything that is to be said about a list, the gravest first."""
    found = list(findings)
    return [one for severity in Severity if (one := _told(severity, found)).total]


def _column_choices(
    table: Table, sent: SentList, mapping: ColumnMapping | None, kind: ListKind
) -> list[ColumnChoice]:
    """Every column with what it is taken for: as planned, else as was said, else as its heading sounds."""
    found = []
    for number, heading in enumerate(table.headings):
        match = next((one for one in mapping.matches if one.column == number), None) if mapping else None
        if mapping is not None:
            field = match.field if match else ""
        else:
            guesses = recognised(heading, kind)
            field = sent.columns.get(number, guesses[0][1] if guesses else "")
        example = next((str(row.cells[number]) for row in table.rows if row.cells[number] is not None), "")
        if heading or example:
            found.append(
                ColumnChoice(
                    number,
                    column_letter(number),
                    heading,
                    example[:60],
                    field,
                    match.said_on if match else None,
                )
            )
    return found


def _turn(key: str) -> int:
    """Which of several columns of one kind it is: 2 for ``mobile.2``."""
    again = key.partition(".")[2]
    return int(again) if again.isdecimal() else 1


def _told(severity: Severity, findings: Iterable[Finding]) -> Told:
    found = [one for one in findings if one.severity is severity]
    sentences = [one.in_language(page_language()) for one in found[:MOST_SHOWN]]
    return Told(severity_word(severity), _SIGNS[severity], sentences, len(found))
