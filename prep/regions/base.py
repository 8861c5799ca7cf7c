"""What every entry of a region pack is made of: words in three languages, keys, codes, shares."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from prep.regions.kinds import EvidenceMark
from prep.terms import Language


def _code_of_three_digits(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        # 074 is no number in TOML and 74 has lost its zero: a code is a name made of digits.
        raise PydanticCustomError("code_is_number", "a code is text, not a number")
    if isinstance(value, str) and not (len(value) == 3 and value.isascii() and value.isdigit()):
        raise PydanticCustomError("code_form", "a code has three digits")
    return value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
MunicipalityCode = Annotated[str, BeforeValidator(_code_of_three_digits)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
PositiveCount = Annotated[int, Field(ge=1)]


class Entry(BaseModel):
    """A table of a pack: strict, complete, and not to be changed after it is read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Words(Entry):
    """A name or a sentence in Finnish, Swedish and English; a pack of one's own may leave some out."""

    fi: Text | None = None
    sv: Text | None = None
    en: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Words":
        if not (self.fi or self.sv or self.en):
            raise PydanticCustomError("no_words", "no language given")
        return self

    def in_language(self, language: Language) -> str:
        """The words in a language; where that is missing, in Finnish, else in Swedish, else in English."""
        wanted = {Language.FI: self.fi, Language.SV: self.sv, Language.EN: self.en}[language]
        return wanted or self.fi or self.sv or self.en or ""


class Sourced(Entry):
    """An entry that says where it comes from.

    Attributes
    ----------
    evidence
        How the fact is known.
    clause
        Key of the clause it comes from; compulsory when the evidence is the agreement.
    source
        The public source it was seen in; compulsory when the evidence is a public source.
    inferred, editable
        Concluded rather than stated; meant to be changed by the county.
    """

    evidence: EvidenceMark
    clause: Key | None = Field(default=None, validate_default=True)
    source: Text | None = Field(default=None, validate_default=True)
    note: Words | None = None
    inferred: bool = False
    editable: bool = False

    @field_validator("clause", mode="after")
    @classmethod
    def _agreement_has_a_clause(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("evidence") is EvidenceMark.AGREEMENT:
            raise PydanticCustomError("clause_missing", "a fact of the agreement names its clause")
        return value

    @field_validator("source", mode="after")
    @classmethod
    def _public_source_is_named(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("evidence") is EvidenceMark.SEEN:
            raise PydanticCustomError("source_missing", "a public source is named")
        return value


def at_least(value: int | None, low: int | None) -> int | None:
    """A greatest number that is not below its least, where both are known."""
    if value is not None and low is not None and value < low:
        raise PydanticCustomError("max_below_min", "the most is less than the least", {"low": low})
    return value
