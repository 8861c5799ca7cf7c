"""Lists that a reader searches, puts in order, leafs through, chooses the columns of, and takes along as a file.

All of it is asked in the address, so a list can be kept as a bookmark, sent to a colleague, and gone back to. Which
columns somebody wants to see is remembered in the browser.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from unicodedata import combining, normalize
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, g, render_template, request
from markupsafe import Markup

from prep import audit, clock
from prep.auth.permissions import nothing_here
from prep.auth.roles import Permission
from prep.exchange.exporting import FileKind, Sheet, Value, table_file
from prep.language import Message, as_written, in_language, say, sort_key
from prep.terms import State
from prep.web import identity
from prep.web.choices import address_refused, asked, one_of
from prep.web.database import writing
from prep.web.language import page_language
from prep.web.sight import may
from prep.web.words import word

Row = TypeVar("Row")

SEARCH, ORDER, PAGE, PER_PAGE, COLUMN, FILE = "haku", "jarjestys", "sivu", "rivit", "sarake", "tiedosto"
PAGE_SIZES = (50, 100, 200)
_COOKIE = "prep_columns"
_YEAR_S = 365 * 24 * 3600
_LONGEST_SEARCH = 200
_LONGEST_COOKIE = 2000
_HIGHEST_PAGE = 999_999
_STATES = (State.FAULT, State.WARNING, State.UNKNOWN, State.OK)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its key in the address, its heading, and what stands in it.

    ``value`` is what a file holds and a search looks at; a state is told by its word. ``order`` is what the rows are
    put in order by, where that is something else. A column that ``names`` the row is always shown; one that is
    ``extra`` only when somebody asks for it.
    """

    key: str
    label: Message
    value: Callable[[Row], Value | State]
    order: Callable[[Row], Any] | None = None
    is_figure: bool = False
    names: bool = False
    extra: bool = False
    # A second line of the heading.
    note: Message | str | None = None


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One list as it is asked for: ``rows`` are those of this page, ``found`` all that the search lets through."""

    name: str
    title: Message
    columns: tuple[Column[Row], ...]
    shown: tuple[Column[Row], ...]
    found: tuple[Row, ...]
    total: int
    sorted_by: str
    is_descending: bool
    search: str | None
    page: int
    per_page: int
    # Whose permission it takes to take a row along: the code of its municipality, None for what is shared.
    place: Callable[[Row], str | None]
    export: Permission | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of this page."""
        return self.found[(self.page - 1) * self.per_page : self.page * self.per_page]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-len(self.found) // self.per_page))

    @property
    def first(self) -> int:
        """The number of this page's first row, from 1."""
        return min((self.page - 1) * self.per_page + 1, len(self.found))

    @property
    def last(self) -> int:
        """The number of this page's last row."""
        return min(self.page * self.per_page, len(self.found))

    @property
    def files(self) -> list[tuple[FileKind, str]]:
        """As what the list can be taken along by whoever asks, and from where."""
        if (
            self.export is None
            or not self.found
            or not any(may(self.export, self.place(row)) for row in self.found)
        ):
            return []
        return [(kind, asked({FILE: kind.value}, without=(PAGE, PER_PAGE))) for kind in FileKind]

    def kept(self, *asked_anew: str) -> list[tuple[str, str]]:
        """What the page asks beside these, for the hidden fields of a form that asks them."""
        left_out = {*asked_anew, PAGE, FILE, "lang"}
        return [(name, value) for name, value in request.args.items(multi=True) if name not in left_out]

    def direction(self, column: Column[Row]) -> str:
        """How the rows are ordered by a column, as ``aria-sort`` says it."""
        if column.key != self.sorted_by:
            return "none"
        return "descending" if self.is_descending else "ascending"

    def order_address(self, column: Column[Row]) -> str:
        """The list in the order of a column; the other way round when it is already."""
        turned = column.key == self.sorted_by and not self.is_descending
        return asked({ORDER: f"-{column.key}" if turned else column.key}, without=(PAGE,))

    def page_address(self, page: int) -> str:
        """Another page of the list."""
        return asked({PAGE: str(page) if page > 1 else ""})

    @property
    def orders(self) -> list[tuple[str, Message, bool]]:
        """Every order that can be chosen: its word in the address, what it is called, whether it is chosen."""
        now = f"-{self.sorted_by}" if self.is_descending else self.sorted_by
        return [
            (f"{sign}{column.key}", say(words, column=column.label), f"{sign}{column.key}" == now)
            for column in self.columns
            for sign, words in (("", "{column}, ascending"), ("-", "{column}, descending"))
        ]


# The two sentences of ``Listing.orders``, so that they are collected for translation.
_ORDERS = (say("{column}, ascending"), say("{column}, descending"))


def list_with(app: Flask) -> None:
    """Teach the templates to make lists, and remember in the browser which columns were chosen."""
    app.jinja_env.globals.update(asked=asked, parts_of=parts_of, PAGE_SIZES=PAGE_SIZES)
    app.after_request(_remember)


def parts_of(region: str) -> Markup:
    """The attributes of an element whose links and forms fetch only the element itself anew."""
    return Markup(
        'hx-boost:inherited="true" hx-target:inherited="#{0}" hx-select:inherited="#{0}" '
        'hx-swap:inherited="outerMorph show:none"'
    ).format(region)


def listing(
    name: str,
    title: Message,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    sorted_by: str,
    is_searched: bool = True,
    place: Callable[[Row], str | None] = lambda _: None,
    export: Permission | None = Permission.EXPORT,
) -> Listing[Row]:
    """The list as the address asks for it.

    Parameters
    ----------
    name
        By which its columns are remembered and its file is called.
    sorted_by
        The key of the column by which it is ordered when nobody asks otherwise; with ``-`` from the end.
    place
        The municipality of a row, None for what is shared: only rows where ``export`` is held are taken along.
    export
        The permission that a file asks for; None where there is none.

    Raises
    ------
    Refused
        If the address asks for a column, page or size that there is not.
    """
    kept = tuple(rows)
    order, is_descending = _order(columns, sorted_by)
    words = _search() if is_searched else ""
    found = [row for row in kept if _matches(row, columns, words)] if words else list(kept)
    column = next(one for one in columns if one.key == order)
    per_page = _number(PER_PAGE, PAGE_SIZES[0], PAGE_SIZES)
    made = Listing(
        name=name,
        title=title,
        columns=tuple(columns),
        shown=_shown(name, columns),
        found=tuple(_sorted(found, column, is_descending=is_descending)),
        total=len(kept),
        sorted_by=order,
        is_descending=is_descending,
        search=words if is_searched else None,
        page=1,
        per_page=per_page,
        place=place,
        export=export,
    )
    # A page that was there when somebody looked away may be gone: the last one is shown instead.
    page = min(_number(PAGE, 1, range(1, _HIGHEST_PAGE + 1)), made.pages)
    return replace(made, page=page)


def answer(made: Listing[Row], template: str, **context: Any) -> str | Response:
    """The page with its list, or the list as a file where the address asks for one."""
    kind = one_of(FileKind, FILE)
    return _file(made, kind) if kind else render_template(template, listing=made, **context)


def _file(made: Listing[Row], kind: FileKind) -> Response:
    """The rows that whoever asks may take along, in the columns that are shown; the trail says who took them."""
    if made.export is None:
        raise nothing_here()
    rows = [row for row in made.found if may(made.export, made.place(row))]
    if not rows:
        raise nothing_here()
    sheet = Sheet(
        in_language(made.title, page_language()),
        [column.label for column in made.shown],
        [[_plain(column.value(row)) for column in made.shown] for row in rows],
    )
    with writing(identity.actor()) as session:
        audit.note(
            session,
            "export",
            made.name,
            {
                "rows": len(rows),
                "columns": [one.key for one in made.shown],
                "search": made.search or "",
                "as": kind,
            },
        )
    return Response(
        table_file(sheet, kind, language=page_language()),
        content_type=kind.mime,
        headers={
            "Content-Disposition": f'attachment; filename="prep-{made.name}-{clock.today():%Y%m%d}.{kind}"'
        },
    )


def _order(columns: Sequence[Column[Row]], otherwise: str) -> tuple[str, bool]:
    given = request.args.get(ORDER) or otherwise
    key = given.removeprefix("-")
    known = [column.key for column in columns]
    if key not in known:
        raise address_refused(ORDER, given, say("The list has no such column."), known)
    return key, given.startswith("-")


def _sorted(rows: list[Row], column: Column[Row], *, is_descending: bool) -> list[Row]:
    by = column.order or column.value
    known = [row for row in rows if by(row) is not None]
    # What is not known stands last, whichever way the list is turned.
    unknown = [row for row in rows if by(row) is None]
    return [*sorted(known, key=lambda row: _rank(by(row)), reverse=is_descending), *unknown]


def _rank(value: Any) -> Any:
    match value:
        case State():
            return _STATES.index(value)
        case Message() | str():
            return sort_key(in_language(value, page_language()))
        case tuple():
            return tuple(_rank(one) for one in value)
        case _:
            return value


def _search() -> str:
    words = " ".join(request.args.get(SEARCH, "").split())
    if len(words) > _LONGEST_SEARCH:
        raise address_refused(SEARCH, words, say("At most {n} letters are searched for.", n=_LONGEST_SEARCH))
    return words


def _matches(row: Row, columns: Sequence[Column[Row]], words: str) -> bool:
    """Whether every word stands somewhere in the row; capitals and accents do not count."""
    text = " ".join(_folded(_as_text(column.value(row))) for column in columns)
    return all(_folded(word) in text for word in words.split())


def _folded(text: str) -> str:
    # Whoever searches from a keyboard without å ä ö finds them too.
    return "".join(sign for sign in normalize("NFD", text.casefold()) if not combining(sign))


def _as_text(value: Value | State) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    # A number is found as it is typed, without the space between thousands.
    return str(plain) if isinstance(plain, (int, float)) else as_written(plain, page_language())


def _plain(value: Value | State) -> Value:
    return word(value) if isinstance(value, State) else value


def _shown(name: str, columns: Sequence[Column[Row]]) -> tuple[Column[Row], ...]:
    known = {column.key for column in columns}
    given = request.args.getlist(COLUMN)
    if unknown := [one for one in given if one not in known]:
        raise address_refused(COLUMN, unknown[0], say("The list has no such column."), sorted(known))
    if given:
        g.chosen_columns = (name, given)
    chosen = given or [one for one in _remembered().get(name, []) if one in known]
    if not chosen:
        return tuple(column for column in columns if not column.extra)
    return tuple(column for column in columns if column.names or column.key in chosen)


def _remembered() -> dict[str, list[str]]:
    """The chosen columns of every list, as the browser holds them: ``sites=use.places&people=role``."""
    pairs = parse_qsl(request.cookies.get(_COOKIE, "")[:_LONGEST_COOKIE])
    return {name: keys.split(".") for name, keys in pairs}


def _remember(response: Response) -> Response:
    chosen: tuple[str, list[str]] | None = g.get("chosen_columns")
    if chosen is not None and response.status_code == 200:
        kept = {**_remembered(), chosen[0]: chosen[1]}
        response.set_cookie(
            _COOKIE,
            urlencode([(name, ".".join(keys)) for name, keys in kept.items()], safe="."),
            max_age=_YEAR_S,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return response


def _number(name: str, otherwise: int, known: Sequence[int]) -> int:
    given = request.args.get(name)
    if not given:
        return otherwise
    number = (
        int(given) if given.isascii() and given.isdecimal() and len(given) <= len(str(_HIGHEST_PAGE)) else 0
    )
    if number not in known:
        rule = (
            say("It is the number of a page, from 1.")
            if isinstance(known, range)
            else say("It is one of {known}.", known=[str(one) for one in known])
        )
        raise address_refused(name, given, rule)
    return number
