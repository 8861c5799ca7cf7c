"""Sheets from the registry: call list and drill form of an alert chain, members of a body, cover of a binder."""

from collections.abc import Iterable
from dataclasses import dataclass

from prep.cards.code import card_code, content_digest
from prep.cards.imprint import CLASSIFICATIONS, Ground
from prep.cards.parts import Banner, Choices, Column, Facts, Grid, Lines, Part, Points, Print
from prep.cards.tables import age_words
from prep.language import Message, say
from prep.terms import SheetKind

SHEETS = {
    SheetKind.CALL_LIST: say("Call list"),
    SheetKind.DRILL: say("Alert drill form"),
    SheetKind.BODY: say("Members and numbers"),
    SheetKind.COVER: say("Preparedness binder"),
    SheetKind.CONTACTS: say("Contacts of the county"),
    SheetKind.MAP: say("Map of the premises"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody with the numbers in calling order; ``age_days`` of the oldest, None: one was never confirmed."""

    name: str
    numbers: tuple[str, ...] = ()
    age_days: int | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A seat, a role or a desk; nobody in it is unknown, and a line to write on."""

    name: str
    holder: Reached | None
    deputies: tuple[Reached, ...] = ()

    @property
    def people(self) -> tuple[Reached | None, ...]:
        return (self.holder, *self.deputies)

    def content(self) -> list[object]:
        """What of it can become wrong: all but the ages."""
        return [self.name, [[one.name, list(one.numbers)] if one else None for one in self.people]]


@dataclass(frozen=True, slots=True)
class Calls:
    """Whom somebody calls (soittolista), in this order or all at once."""

    caller: str
    in_order: bool
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class ChainSheet:
    """An alert chain (hälytysketju) as it stands on a day."""

    ground: Ground
    body: str
    version: int
    deadline_min: int
    quorum: int
    calls: tuple[Calls, ...]
    seats: tuple[Post, ...]

    def content(self) -> list[object]:
        """What of it can become wrong: all but the ages."""
        lists = [[one.caller, one.in_order, [post.content() for post in one.posts]] for one in self.calls]
        return [lists, [post.content() for post in self.seats], self.quorum, self.deadline_min, self.version]


@dataclass(frozen=True, slots=True)
class BodySheet:
    """A body (toimielin) with its seats as they stand on a day; ``quorum`` None: not stated."""

    ground: Ground
    body: str
    place: str
    convener: str
    quorum: int | None
    seats: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """Posts of the county with their numbers, under a title each: desks round the clock, then named roles."""

    ground: Ground
    place: str
    groups: tuple[tuple[Message, tuple[Post, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of a binder (varautumiskansio) of a place: what is in it, by title and number of cards."""

    ground: Ground
    place: str
    contents: tuple[tuple[str, int], ...]


def call_list(sheet: ChainSheet) -> Print:
    """Callers and whom they call, with columns for the time called, the time answered and initials."""
    written = sheet.ground.written
    parts: list[Part] = []
    for calls in sheet.calls:
        note = (
            say("From top to bottom. No answer in 3 minutes: the next one.")
            if calls.in_order
            else say("All at once; note who has answered.")
        )
        to_note = ((say("called"), 10), (say("answered"), 11), (say("initials"), 9))
        parts.append(_calls(sheet.ground, calls, (25, 22, 25), to_note, note=written(note)))
    parts.append(_result(sheet))
    parts.append(Lines(written(say("Notes"))))
    return sheet_print(
        SheetKind.CALL_LIST,
        sheet.ground,
        sheet.body,
        (_goal(sheet),),
        parts,
        sheet.content(),
        version=sheet.version,
    )


def drill_form(sheet: ChainSheet) -> Print:
    """The form on which an alert drill is noted: attempts, answers, the seats reached, faults found."""
    written = sheet.ground.written
    parts: list[Part] = [
        Facts(
            "",
            (
                (written(say("Begun (day, time)")), ""),
                (written(say("Led by")), ""),
                (written(say("Version of the list")), str(sheet.version)),
            ),
        ),
        Choices(
            "",
            (written(say("The drill was announced beforehand")), written(say("Within office hours"))),
            (written(say("yes")), written(say("no"))),
        ),
    ]
    for calls in sheet.calls:
        to_note = ((say("1st call"), 10), (say("2nd call"), 10), (say("answered"), 11))
        parts.append(_calls(sheet.ground, calls, (24, 21, 24), to_note))
    seats = tuple((post.name, "", "", "") for post in sheet.seats)
    seat_columns = (
        Column(written(say("Seat")), 40),
        Column(written(say("reached at")), 16),
        Column(written(say("who")), 28),
        Column(written(say("can come in (min)")), 16),
    )
    parts.append(Grid(written(say("Seats reached")), seat_columns, seats))
    parts.append(_result(sheet))
    parts.append(Lines(written(say("Wrong numbers and other faults found")), 5))
    return sheet_print(
        SheetKind.DRILL,
        sheet.ground,
        sheet.body,
        (_goal(sheet),),
        parts,
        sheet.content(),
        version=sheet.version,
        is_exercise=True,
    )


def body_sheet(sheet: BodySheet) -> Print:
    """Members and deputies of a body with their numbers and the ages of these."""
    written = sheet.ground.written
    quorum = str(sheet.quorum) if sheet.quorum else written(say("not stated: all seats"))
    facts = [(written(say("Seats")), str(len(sheet.seats))), (written(say("Quorum")), quorum)]
    if sheet.convener:
        facts.append((written(say("Convened by")), sheet.convener))
    parts: list[Part] = [
        Facts("", tuple(facts)),
        _aged(sheet.ground, say("Members and deputies"), say("Seat"), sheet.seats),
        Lines(written(say("Notes"))),
    ]
    content: list[object] = [[post.content() for post in sheet.seats], sheet.quorum, sheet.convener]
    return sheet_print(
        SheetKind.BODY, sheet.ground, sheet.body, (sheet.place,) if sheet.place else (), parts, content
    )


def contact_sheet(sheet: ContactSheet) -> Print:
    """Whom the county can call: desks and roles with their numbers and the ages of these."""
    parts: list[Part] = [
        _aged(sheet.ground, title, say("Post"), posts) for title, posts in sheet.groups if posts
    ]
    content: list[object] = [
        [sheet.ground.written(title), [post.content() for post in posts]] for title, posts in sheet.groups
    ]
    return sheet_print(SheetKind.CONTACTS, sheet.ground, sheet.place, (), parts, content)


def cover(sheet: Cover) -> Print:
    """The cover of a binder: whose it is, what is in it, who keeps it, when it was changed."""
    written = sheet.ground.written
    changes = (
        Column(written(say("Day")), 18),
        Column(written(say("Taken out and put in")), 60),
        Column(written(say("initials")), 22),
    )
    contents = tuple(
        written(say("{title}: cards {n}", title=title, n=count)) for title, count in sheet.contents
    )
    parts: list[Part] = [
        Banner(sheet.place, written(SHEETS[SheetKind.COVER])),
        Facts(
            "",
            (
                (written(say("Kept at")), ""),
                (written(say("Kept by")), ""),
                (written(say("Copy number")), ""),
            ),
        ),
        *([Points(written(say("Contents")), contents)] if contents else []),
        Grid(written(say("Changes")), changes, (), blank_rows=8),
    ]
    return sheet_print(
        SheetKind.COVER, sheet.ground, sheet.place, (), parts, [list(one) for one in sheet.contents]
    )


def _calls(
    ground: Ground,
    calls: Calls,
    widths: tuple[int, int, int],
    to_note: tuple[tuple[Message, int], ...],
    *,
    note: str = "",
) -> Grid:
    """Whom one caller calls, with empty columns for what is noted; widths in percent."""
    known = zip((say("Post"), say("Name"), say("Numbers")), widths, strict=True)
    columns = tuple(Column(ground.written(title), width) for title, width in (*known, *to_note))
    empty = ("",) * len(to_note)
    rows = tuple((*row, *empty) for row in _rows(ground, calls.posts, numbered=calls.in_order))
    title = ground.written(say("{caller} calls", caller=calls.caller))
    return Grid(title, columns, rows, note=note, below=_deputies(calls.posts))


def _aged(ground: Ground, title: Message, post: Message, posts: tuple[Post, ...]) -> Grid:
    """Everyone in these posts with numbers and the ages of these."""
    named = ((post, 30), (say("Name"), 26), (say("Numbers"), 27), (say("Confirmed"), 17))
    rows = tuple(
        (*row, _age(ground, person))
        for row, person in zip(
            _rows(ground, posts, numbered=False, told=False),
            (person for one in posts for person in one.people),
            strict=True,
        )
    )
    columns = tuple(Column(ground.written(name), width) for name, width in named)
    return Grid(ground.written(title), columns, rows, below=_deputies(posts))


def _rows(
    ground: Ground, posts: Iterable[Post], *, numbered: bool, told: bool = True
) -> list[tuple[str | None, ...]]:
    """Post, name and numbers of everyone; ``told``: what keeps one from trusting a number stands below it."""
    rows: list[tuple[str | None, ...]] = []
    for number, post in enumerate(posts, start=1):
        for place, person in enumerate(post.people):
            name = f"{number}. {post.name}" if numbered else post.name
            first = ground.written(say("stands in")) if place else name
            numbers = "\n".join(person.numbers) if person else ""
            if numbers and told and person and (person.age_days is None or person.is_stale):
                numbers += f"\n{_age(ground, person)}"
            rows.append((first, person.name if person else None, numbers or None))
    return rows


def _deputies(posts: Iterable[Post]) -> frozenset[int]:
    """Which of the rows are those of deputies."""
    is_deputy = [number > 0 for post in posts for number in range(len(post.people))]
    return frozenset(number for number, deputy in enumerate(is_deputy) if deputy)


def _age(ground: Ground, person: Reached | None) -> str:
    if person is None or not person.numbers:
        return ""
    return ground.written(age_words(person.age_days, is_stale=person.is_stale))


def _goal(sheet: ChainSheet) -> str:
    return sheet.ground.written(
        say(
            "{quorum} of {seats} seats reached within {n} minutes of the alarm",
            quorum=sheet.quorum,
            seats=len(sheet.seats),
            n=sheet.deadline_min,
        )
    )


def _result(sheet: ChainSheet) -> Facts:
    written = sheet.ground.written
    labels = (
        say("Alarm given at"),
        say("Quorum ({n} seats) reached at", n=sheet.quorum),
        say("All {n} seats reached at", n=len(sheet.seats)),
        say("Not reached"),
    )
    return Facts(written(say("Result")), tuple((written(label), "") for label in labels))


def sheet_print(
    kind: SheetKind,
    ground: Ground,
    title: str,
    below: tuple[str, ...],
    parts: list[Part],
    content: list[object],
    *,
    version: int | None = None,
    is_exercise: bool = False,
) -> Print:
    what = ground.written(SHEETS[kind])
    printed = ground.written(say("printed {at}", at=ground.printed_at))
    digest = content_digest(
        {
            "kind": kind,
            "language": ground.language,
            "classification": ground.classification,
            "is_demo": ground.is_demo,
            "title": [title, list(below)],
            "content": content,
        }
    )
    return Print(
        name=f"{what}: {title}",
        kicker=what,
        title=title,
        below=below,
        code=card_code(digest),
        language=ground.language,
        parts=tuple(parts),
        foot=f"{ground.written(say('Version {n}', n=version))} · {printed}" if version else printed,
        classification=ground.written(CLASSIFICATIONS[ground.classification]),
        data_age="" if kind is SheetKind.COVER else ground.written(ground.data_age.in_words()),
        is_demo=ground.is_demo,
        is_exercise=is_exercise,
    )
