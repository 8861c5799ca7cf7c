"""Importing a list of contacts: first the difference to the registry, then, if wanted, the change.

Somebody is known by number or e-mail, else by name and municipality; what a list does not say stays as it is. Somebody
who stands in the registry and not on the list is told, never taken away. Importing confirms nothing: a number that a
list brings is as good as one that was typed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from prep import audit
from prep.errors import Refused
from prep.exchange.cells import as_text
from prep.exchange.contact_matching import Found, Register, shared_values
from prep.exchange.contact_plan import (
    EVERYTHING,
    AwayStep,
    ContactPlan,
    GonePerson,
    PlannedPerson,
    PointStep,
    Rights,
    TermStep,
)
from prep.exchange.contact_points import away_step, point_steps
from prep.exchange.contact_posts import NotFound, Posts
from prep.exchange.contact_rows import ContactRow, Context, Owner, name_key, read_contact_rows
from prep.exchange.contact_terms import Wanted, Who, plan_terms
from prep.exchange.findings import Finding, Remark, Severity
from prep.exchange.importing import Change
from prep.exchange.mapping import ColumnMapping, map_columns
from prep.exchange.remembering import said_before
from prep.exchange.swapped import swapped_columns
from prep.exchange.tables import Table, TableRow
from prep.exchange.vocabulary import meanings, plain_word
from prep.language import Message, say
from prep.models import County, Person
from prep.registry.people import PersonDetails, details_of, takes_invented
from prep.registry.sites import find_municipality, municipalities
from prep.terms import ActorKind

_TEXTS = ("title", "organisation")


def owner_called(session: Session, wanted: str) -> Owner:
    """Whose list it is: a municipality by its name or code, or the county.

    Raises
    ------
    Refused
        If there is none; the nearest names are in the remedy.
    """
    county = session.scalars(select(County)).one()
    if plain_word(wanted) in county_names(county) or plain_word(wanted) in meanings("county"):
        return Owner(None, county.name_fi)
    found = find_municipality(session, wanted)
    return Owner(found.code, found.name_fi)


def county_names(county: County) -> frozenset[str]:
    """How the county is called on lists."""
    return frozenset(
        plain_word(name) for name in (county.name_fi, county.name_sv, county.name_en, county.key)
    )


def plan_contacts(
    session: Session,
    table: Table,
    *,
    on: date,
    mapping: Mapping[str, str] | Mapping[int, str] | None = None,
    owner: Owner | None = None,
    rights: Rights = EVERYTHING,
) -> ContactPlan:
    """What the list would change. Nothing is changed.

    Parameters
    ----------
    on
        The day from which a post is held that the list gives without a first day.
    mapping
        Field by heading, letter or number (from 0) of the column, where the guess is not wanted.
    owner
        Whose list it is; then rows need not tell it, and rows of others do not land.
    rights
        What whoever imports may do: nobody else's people are seen, changed or told of.

    Raises
    ------
    Refused
        If a required column is missing or the mapping names what does not exist.

    Cost: some two seconds for 5 000 rows, most of it reading numbers.
    """
    columns = map_columns(
        table,
        given=mapping,
        before=said_before(session, table, municipality=owner.code if owner else None),
        needs_municipality=owner is None,
    )
    context = Context(
        municipalities=municipalities(session),
        county=county_names(session.scalars(select(County)).one()),
        on=on,
        owner=owner,
        allow_invented=takes_invented(session),
    )
    rows, findings = read_contact_rows(table, columns, context)
    known = _everybody(session, rights)
    planner = _Planner(table, columns, context, Register(known), rights)
    planner.gather(rows)
    planner.appoint(Posts(session, rights))
    named = {one.person.id for one in planner.groups.values() if one.person is not None}
    landed = {row.row for one in planner.groups.values() for row in one.rows}
    findings = [
        *table.findings,
        *columns.findings,
        *swapped_columns(table, columns),
        *findings,
        *planner.findings,
    ]
    return ContactPlan(
        file=table.file,
        sheet=table.sheet,
        on=on,
        mapping=columns,
        people=tuple(one.planned() for one in planner.groups.values()),
        refused={row: name for row, name in planner.names.items() if row not in landed},
        gone=_gone(
            known, named, {row.municipality for row in rows} | ({owner.code} if owner else set()), rights
        ),
        findings=tuple(sorted(findings, key=_in_reading_order)),
        as_of=audit.head(session)[0],
    )


@dataclass(slots=True)
class _Group:
    """The rows of the list that are about one person."""

    person: Person | None
    rows: list[ContactRow] = field(default_factory=list)
    details: PersonDetails | None = None
    changes: tuple[Change, ...] = ()
    points: tuple[PointStep, ...] = ()
    away: AwayStep | None = None
    terms: list[TermStep] = field(default_factory=list)

    def planned(self) -> PlannedPerson:
        if self.details is None:
            raise ValueError("nothing is planned yet")
        return PlannedPerson(
            rows=tuple(row.row for row in self.rows),
            person_id=self.person.id if self.person else None,
            version=self.person.version if self.person else 0,
            details=self.details,
            changes=self.changes,
            points=self.points,
            away=self.away,
            terms=tuple(sorted(self.terms, key=lambda step: step.row)),
        )


class _Planner:
    """Puts the rows together by person and gathers what is to be said."""

    def __init__(
        self, table: Table, mapping: ColumnMapping, context: Context, register: Register, rights: Rights
    ):
        self.table, self.mapping, self.context = table, mapping, context
        self.register, self.rights = register, rights
        self.groups: dict[Who, _Group] = {}
        self.findings: list[Finding] = []
        self.names = {row.number: _name_on(mapping, row) for row in table.rows}

    def gather(self, rows: Sequence[ContactRow]) -> None:
        """Find out who each row is about, and what it changes of what is known of them."""
        shared = shared_values(rows)
        for row in rows:
            found = self.register.find(row, shared=shared)
            for remark in found.remarks:
                self._remark(row.row, "name", remark)
            if not found.is_refused and self._may_land(row, found):
                self._put(row, found)
        for who, group in list(self.groups.items()):
            try:
                self._plan(group)
            except Refused as error:
                # A sign that cannot be kept: then the person does not land.
                problem = error.problems[0]
                for one in group.rows:
                    self._remark(one.row, "name", Remark(Severity.REFUSED, problem.rule, problem.remedy))
                del self.groups[who]

    def appoint(self, posts: Posts) -> None:
        """Give the posts that the rows name."""
        wanted = []
        without_start = 0
        for who, group in self.groups.items():
            for row in group.rows:
                if row.post is None:
                    continue
                post = posts.find(row.post, municipality=row.municipality)
                if isinstance(post, NotFound):
                    self._remark(row.row, post.field, post.remark)
                    continue
                name = group.details.name if group.details else row.name
                left_on = group.person.left_on if group.person else None
                wanted.append(Wanted(row.row, who, name, left_on, post, row.post))
        steps, remarks = plan_terms(wanted, on=self.context.on)
        untold = {one.row for one in wanted if one.said.starts is None}
        for who, many in steps.items():
            self.groups[who].terms = many
            without_start += sum(step.term_id is None and step.row in untold for step in many)
        for one in remarks:
            self._remark(one.row, one.field, one.remark)
        if without_start:
            self._note_start(without_start)

    def _may_land(self, row: ContactRow, found: Found) -> bool:
        places = {row.municipality} | ({found.person.municipality_code} if found.person else set())
        if all(self.rights.may_edit(place) for place in places):
            return True
        self._remark(row.row, "municipality", _NOT_YOURS)
        return False

    def _put(self, row: ContactRow, found: Found) -> None:
        who: Who = found.person.id if found.person else self._key(row)
        group = self.groups.get(who)
        if found.person is None and group is not None and _are_two(group.rows, row):
            self._remark(row.row, "name", _two_of_a_name(group.rows[0].row))
            return
        if found.person is None and group is None and row.tells_only_a_name:
            self._remark(row.row, "name", _ONLY_A_NAME)
            return
        if group is None:
            group = self.groups[who] = _Group(found.person)
        group.rows.append(row)

    def _key(self, row: ContactRow) -> str:
        place, names = row.key
        return f"{place or ''}/{' '.join(names)}"

    def _plan(self, group: _Group) -> None:
        person = group.person
        said: dict[str, Any] = {}
        for row in group.rows:
            for key, value in row.said.items():
                if said.setdefault(key, value) != value:
                    self._remark(row.row, key, _other_value(group.rows[0].row))
        before = details_of(person) if person else None
        first = group.rows[0]
        start = before or PersonDetails(name=first.name, municipality=first.municipality)
        # The same names in another order are no other name.
        name = start.name if before and name_key(start.name) == name_key(first.name) else first.name
        details = replace(start, name=name, municipality=first.municipality, **said)
        details = replace(details, speaks=details.speaks - {details.language})
        group.details = details
        if before is not None:
            group.changes = _changes(before, details)
        points = [point for row in group.rows for point in row.points]
        known = list(person.contact_points) if person else []
        group.points, remarks = point_steps(points, known, language=details.language)
        for remark in remarks:
            self._remark(first.row, None, remark)
        for row in group.rows:
            if row.away is not None and group.away is None:
                group.away, fault = away_step(row.away, person.absences if person else [], on=self.context.on)
                if fault is not None:
                    self._remark(row.row, "absent_until", fault)

    def _remark(self, row: int, key: str | None, remark: Remark) -> None:
        match = self.mapping.match(key) if key else None
        if key == "name" and match is None:
            match = self.mapping.match("last_name")
        self.findings.append(
            Finding(
                place=self.table.place(row=row, column=match.column if match else None),
                severity=remark.severity,
                value=self.names[row] or None,
                rule=remark.rule,
                remedy=remark.remedy,
                field=key,
            )
        )

    def _note_start(self, count: int) -> None:
        self.findings.append(
            Finding(
                place=self.table.place(),
                severity=Severity.NOTE,
                value=None,
                rule=say("Terms for which the list tells no first day: {n}.", n=count),
                remedy=say("They begin on the day of the import. Write the first day, where it is known."),
                field="starts",
            )
        )


def _everybody(session: Session, rights: Rights) -> list[Person]:
    return [one for one in _people(session) if rights.may_see(one.municipality_code)]


def _people(session: Session) -> Sequence[Person]:
    query = select(Person).where(Person.erased_at.is_(None)).order_by(Person.id)
    return session.scalars(query.options(selectinload(Person.contact_points))).all()


def _gone(
    known: Iterable[Person], named: set[int], places: set[str | None], rights: Rights
) -> tuple[GonePerson, ...]:
    return tuple(
        GonePerson(one.id, one.municipality_code, one.name)
        for one in known
        if one.id not in named
        and one.municipality_code in places
        and one.kind is ActorKind.PERSON
        and one.left_on is None
        and rights.may_edit(one.municipality_code)
    )


def _changes(before: PersonDetails, after: PersonDetails) -> tuple[Change, ...]:
    keys = ("name", *_TEXTS, "municipality", "language", "speaks")
    return tuple(
        Change(key, getattr(before, key), getattr(after, key))
        for key in keys
        if _normal(getattr(before, key)) != _normal(getattr(after, key))
    )


def _normal(value: Any) -> Any:
    """A text without the differences that nobody sees."""
    return normalize("NFC", " ".join(value.split())) if type(value) is str else value


def _are_two(rows: Sequence[ContactRow], row: ContactRow) -> bool:
    """Whether rows of one name tell different numbers, so that nobody knows whether they are one person."""
    told = {point.value for one in rows for point in one.points}
    values = {point.value for point in row.points}
    return bool(told and values and not told & values)


def _name_on(mapping: ColumnMapping, row: TableRow) -> str:
    """What stands in the columns of the name."""
    matches = [mapping.match(key) for key in ("name", "first_name", "last_name")]
    return " ".join(as_text(row.cells[match.column]) for match in matches if match is not None).strip()


def _in_reading_order(finding: Finding) -> tuple[int, int, str]:
    column = finding.place.column or ""
    return finding.place.row or 0, len(column), column


def _two_of_a_name(row: int) -> Remark:
    return Remark(
        Severity.REFUSED,
        say("Row {row} has the same name with other numbers: it may be another person.", row=str(row)),
        say("For one person write the same number on both rows; for two, add the second on the page."),
    )


def _other_value(row: int) -> Remark:
    rule: Message = say("Row {row} says something else of the same person: that was taken.", row=str(row))
    return Remark(Severity.WARNING, rule, say("Write the same on every row of the person."))


_NOT_YOURS = Remark(
    Severity.REFUSED,
    say("The person belongs where your account may not keep contacts."),
    say("Leave the row away, or ask whoever keeps them."),
)
_ONLY_A_NAME = Remark(
    Severity.REFUSED,
    say("The row tells nothing but a name that prep does not know."),
    say("Add a number, an e-mail, a title or a post; a heading between the rows needs nothing."),
)
