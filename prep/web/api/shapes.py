"""The shapes that several answers share, and the query parameters of every list."""

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from prep.registry.names import clause_of, name_of
from prep.terms import Language

Item = TypeVar("Item")
MOST_PER_PAGE = 200
_CODE = r"^[0-9]{3}$"


def _without_defaults(schema: dict[str, Any]) -> None:
    for found in schema.get("properties", {}).values():
        found.pop("default", None)


class Shape(BaseModel):
    """A part of an answer: nothing in it is converted, nothing is left out, nothing is added."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Partial(Shape):
    """What a change says: a field that is left out stays as it is."""

    # What is not said has no value, so none is published.
    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Query(BaseModel):
    """The parameters of a request; a name that is not among them is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _figures(value: object) -> object:
    # Pydantic would take " 1", "1.0" and "1_0" for whole numbers too.
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 10):
        raise ValueError("not a whole number")
    return value


def _day(value: object) -> object:
    # Pydantic would take a count of seconds for a day too.
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("not a day")
    return value


def _yes_or_no(value: object) -> object:
    # Pydantic would take "1", "on" and "YES" too.
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("not true or false")
    return value


def _moment(value: object) -> object:
    # Pydantic would take a count of seconds and a day for a moment too.
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt]", value, re.ASCII):
        raise ValueError("not a moment")
    return value


def _seen(value: str) -> str:
    if not value.isprintable():
        raise ValueError("not all of it can be seen")
    return value


# A day that a planner can mean; what is shorter or longer ago is a mistake.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
# The parameter of a change that says why it is made.
WHY, LONGEST_WHY = "reason", 1000
# In what a request carries; the database of some installations takes no NUL.
Seen = AfterValidator(_seen)
# In an address a NUL is turned away before anything else is read.
Reason = Annotated[str, Field(max_length=LONGEST_WHY, json_schema_extra={"pattern": "^[^\\u0000]*$"}), Seen]
WholeNumber = Annotated[int, BeforeValidator(_figures)]
RowNumber = Annotated[int, Field(ge=1, le=999_999_999), BeforeValidator(_figures)]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]
# In an address "+" means a space, so the example is one that needs no "+".
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), Field(examples=["2026-11-22T04:00:00Z"])]
Day = Annotated[date, BeforeValidator(_day), Field(examples=["2026-11-22"])]
SomeDay = Annotated[
    date,
    Field(
        ge=FIRST_DAY,
        le=LAST_DAY,
        examples=["2026-11-22"],
        json_schema_extra={"formatMinimum": FIRST_DAY.isoformat(), "formatMaximum": LAST_DAY.isoformat()},
    ),
]
MunicipalityCode = Annotated[
    str, Field(pattern=_CODE, description="Code by Statistics Finland, three digits.", examples=["272"])
]


class ChangeQuery(Query):
    """What can be said of every change."""

    reason: Reason = Field("", description="Why it is done; kept in the audit trail.")


class Paged(Query):
    """Which part of a list is wanted."""

    page: WholeNumber = Field(1, ge=1, le=1_000_000, description="Which page, from 1.")
    per_page: WholeNumber = Field(50, ge=1, le=MOST_PER_PAGE, description="How many items a page has.")


class Page(Shape, Generic[Item]):
    """One page of a list. The header ``Link`` names the first, previous, next and last."""

    page: int = Field(ge=1, description="Which page this is, from 1.")
    per_page: int = Field(ge=1, le=MOST_PER_PAGE, description="How many items a page has.")
    total: int = Field(ge=0, description="How many items there are on all pages.")
    items: tuple[Item, ...] = Field(description="The items of this page.")


class Names(Shape):
    """A name in each language in which it is stored."""

    fi: str = Field(description="In Finnish.")
    sv: str = Field(description="In Swedish; the Finnish one where there is no Swedish.")
    en: str = Field(description="In English; the Finnish one where there is no English.")


class PersonReference(Shape):
    """Somebody of the registry, by name. Numbers are among the contacts."""

    id: int = Field(description="Number of the contact.")
    name: str = Field(description="First name and family name, or the name of the desk or system.")


class ProblemLine(Shape):
    """One thing that is wrong."""

    place: str = Field(description="Where it is.")
    value: str | None = Field(description="What stands there; null where it is not repeated.")
    rule: str = Field(description="The rule that it breaks.")
    remedy: str = Field(description="What mends it.")


class ProblemDocument(Shape):
    """Why a request was not answered as asked (RFC 9457), in the language of the request."""

    type: str = Field(description="The kind of problem, the same in every language.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(ge=400, le=599, description="The status of the answer.")
    detail: str = Field(description="What happened, as a sentence.")
    problems: tuple[ProblemLine, ...] = Field(description="What is wrong, one by one; may be empty.")
    number: str | None = Field(description="By which a fault of the program is found in its log.")


def names_of(thing: object) -> Names:
    """The names of a body, seat, role or place."""
    return Names(
        fi=name_of(thing, Language.FI), sv=name_of(thing, Language.SV), en=name_of(thing, Language.EN)
    )


def clauses_of(thing: object) -> Names | None:
    """The clause of the agreement behind a thing; None where there is none."""
    fi, sv, en = (clause_of(thing, one) for one in (Language.FI, Language.SV, Language.EN))
    return Names(fi=fi, sv=sv or fi, en=en or fi) if fi else None
