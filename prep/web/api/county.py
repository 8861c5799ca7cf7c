"""The county and its municipalities."""

from datetime import date

from pydantic import Field
from sqlalchemy import select

from prep.auth.permissions import nothing_here, require
from prep.auth.roles import Permission
from prep.models import County as CountyRow
from prep.readiness.facts import gather
from prep.readiness.findings import findings
from prep.readiness.municipalities import MunicipalityStanding, municipalities_standing
from prep.terms import State
from prep.web.api.operations import CODE, Asked, Operation, the_one
from prep.web.api.shapes import Names, Page, Paged, Query, Shape, names_of


class County(Shape):
    """The wellbeing services county (hyvinvointialue)."""

    key: str = Field(description="Key by which the county is known.")
    name: Names = Field(description="Its name.")
    municipalities: tuple[str, ...] = Field(description="Codes of its municipalities.")


class Municipality(Shape):
    """A municipality (kunta) and how it stands today."""

    code: str = Field(description="Code by Statistics Finland, three digits.")
    name: Names = Field(description="Its name.")
    population: int | None = Field(description="Residents; null where not known.")
    population_on: date | None = Field(description="The day of the figure of residents.")
    lat: float | None = Field(description="Latitude of the centre, WGS84 degrees.")
    lon: float | None = Field(description="Longitude of the centre, WGS84 degrees.")
    state: State = Field(description="The worst of what is not in order.")
    contact_state: State = Field(description="Whether the preparedness contact can be reached.")
    numbers_state: State = Field(description="Whether the numbers in use were confirmed recently.")
    oldest_number_days: int | None = Field(
        description="Days since the oldest number in use was confirmed; null where one never was."
    )
    places: int = Field(description="Confirmed places of temporary accommodation, persons.")
    places_needed: int | None = Field(
        description="Places that one resident in twenty would take, persons; null where not known."
    )
    unknown_premises: int = Field(description="Premises of which nobody knows whether they can be had.")


class MunicipalityPage(Page[Municipality]):
    """Municipalities, by name."""


def county(asked: Asked) -> County:
    """The county."""
    require(asked.viewer, Permission.REGION_READ)
    row = asked.session.scalars(select(CountyRow).order_by(CountyRow.id)).first()
    if row is None:
        raise nothing_here()
    return County(
        key=row.key, name=names_of(row), municipalities=tuple(one.code for one in row.municipalities)
    )


def listed(asked: Asked) -> Page[Municipality]:
    """The municipalities that the key may see."""
    return asked.page(MunicipalityPage, _standing(asked), _shape)


def one(asked: Asked) -> Municipality:
    """One municipality."""
    return _shape(the_one(_standing(asked), lambda found: found.municipality.code == asked.path["code"]))


def _standing(asked: Asked) -> list[MunicipalityStanding]:
    visible = asked.viewer.visible_municipalities(Permission.MUNICIPALITY_READ)
    facts = gather(asked.session, on=asked.on)
    standing = municipalities_standing(
        facts, findings(facts, language=asked.language), language=asked.language
    )
    return [one for one in standing if one.municipality.code in visible]


def _shape(standing: MunicipalityStanding) -> Municipality:
    row = standing.municipality
    return Municipality(
        code=row.code,
        name=names_of(row),
        population=row.population,
        population_on=row.population_on,
        lat=row.lat,
        lon=row.lon,
        state=standing.state,
        contact_state=standing.contact_state,
        numbers_state=standing.numbers_state,
        oldest_number_days=standing.oldest_days,
        places=standing.places,
        places_needed=standing.need,
        unknown_premises=standing.unknown_sites,
    )


OPERATIONS = (
    Operation(
        "/county", "getCounty", "county", "The county and the codes of its municipalities.",
        (Permission.REGION_READ,), County, county, Query, is_personal=False,
    ),
    Operation(
        "/municipalities", "listMunicipalities", "county", "The municipalities and how each stands today.",
        (Permission.MUNICIPALITY_READ,), MunicipalityPage, listed, Paged, is_personal=False,
    ),
    Operation(
        "/municipalities/{code}", "getMunicipality", "county", "One municipality.",
        (Permission.MUNICIPALITY_READ,), Municipality, one, Query, is_personal=False, parameters={"code": CODE},
    ),
)  # fmt: skip
