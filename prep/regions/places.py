"""The county, its municipalities, and the constituencies in which municipalities act together."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from prep.regions.base import Count, Entry, Key, MunicipalityCode, Sourced, Text, Words
from prep.regions.kinds import ConstituencyUse, CountyKind, LanguageStatus, SourceCover

# Finland from the southernmost skerries to Nuorgam, from Märket to Virmajärvi, with a little around.
LATITUDES = (59.0, 70.2)
LONGITUDES = (19.0, 31.7)


def _within(limits: tuple[float, float]) -> BeforeValidator:
    low, high = limits

    def check(value: Any) -> Any:
        if isinstance(value, int | float) and not low <= value <= high:
            raise PydanticCustomError("outside_finland", "outside Finland", {"low": low, "high": high})
        return value

    return BeforeValidator(check)


class County(Entry):
    """The area of one rescue service: a wellbeing services county (hyvinvointialue), Helsinki or Åland."""

    kind: CountyKind
    name: Words
    short_name: Text | None = None
    brand: Text | None = None
    regional_council: Words | None = None
    rescue_service: Words | None = None


class Centre(Entry):
    """A municipal centre in WGS84, degrees."""

    lat: Annotated[float, _within(LATITUDES)]
    lon: Annotated[float, _within(LONGITUDES)]


class Population(Entry):
    """How many people lived in the municipality on a day."""

    day: date
    people: Count


class Municipality(Entry):
    """A municipality (kunta); without a centre when its place is not known."""

    code: MunicipalityCode
    name: Words
    subregion: Text | None = None
    languages: LanguageStatus = LanguageStatus.UNKNOWN
    centre: Centre | None = None
    populations: Annotated[tuple[Population, ...], Field(max_length=50)] = ()

    def population(self, *, on: date | None = None) -> Population | None:
        """The figure of a day, or the newest; None when there is none."""
        figures = [figure for figure in self.populations if on is None or figure.day == on]
        return max(figures, key=lambda figure: figure.day, default=None)


class Constituency(Sourced):
    """Municipalities that act together (jokilaakso, osa-alue)."""

    key: Key
    name: Words
    use: ConstituencyUse
    municipalities: Annotated[tuple[MunicipalityCode, ...], Field(min_length=1)]


class SourceNote(Entry):
    """From where something in the pack was taken, under which licence."""

    covers: Annotated[tuple[SourceCover, ...], Field(min_length=1)]
    holder: Words
    licence: Text | None = None
    day: date | None = None
    note: Words | None = None
