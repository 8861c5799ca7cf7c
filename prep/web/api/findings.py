"""What is not in order, faults first: what a planner reads first."""

from pydantic import Field

from prep.auth.roles import Permission
from prep.readiness import finding as readiness
from prep.readiness.facts import gather
from prep.readiness.finding import FindingKind
from prep.readiness.findings import findings
from prep.terms import State
from prep.web.api.operations import Asked, Operation
from prep.web.api.shapes import MunicipalityCode, Page, Paged, Shape

# A finding tells of what it is found on, so it asks for the permission of that too.
NEEDED = {
    FindingKind.VACANT_SEAT: Permission.BODY_READ,
    FindingKind.BODY_RULE: Permission.BODY_READ,
    FindingKind.AGREEMENT_ENDED: Permission.BODY_READ,
    FindingKind.VACANT_ROLE: Permission.CONTACT_READ,
    FindingKind.GROUP_NOT_REACHED: Permission.CHAIN_READ,
    FindingKind.NOT_SIMULATED: Permission.CHAIN_READ,
    FindingKind.SINGLE_POINT: Permission.CHAIN_READ,
    FindingKind.COMMON_POINT: Permission.CHAIN_READ,
    FindingKind.STALE_CONTACT: Permission.CONTACT_READ,
    FindingKind.NO_CONTACT: Permission.CONTACT_READ,
    FindingKind.NO_DEPUTY: Permission.CONTACT_READ,
    FindingKind.SITE_RULE: Permission.SITE_READ,
    FindingKind.SITE_STALE: Permission.SITE_READ,
}


class Finding(Shape):
    """One thing that is not in order, in the language of the request."""

    kind: FindingKind = Field(description="What kind of thing.")
    state: State = Field(description="How bad it is.")
    municipality: str | None = Field(description="Code of the municipality; null for what is the county's.")
    sentence: str = Field(description="What is not in order.")
    detail: str | None = Field(description="Why, or by which clause; null where there is no more to say.")
    about_kind: str = Field(description="On what kind of thing it is mended.")
    about: str = Field(description="Key or number of that thing.")


class FindingPage(Page[Finding]):
    """What is not in order, faults first."""


class FindingQuery(Paged):
    """Which findings are wanted."""

    municipality: MunicipalityCode | None = Field(None, description="Only those of this municipality.")
    kind: FindingKind | None = Field(None, description="Only those of this kind.")
    state: State | None = Field(None, description="Only those in this state.")


def listed(asked: Asked) -> Page[Finding]:
    """What is not in order, among what the key may see."""
    query: FindingQuery = asked.query
    wanted = [
        one
        for one in findings(gather(asked.session, on=asked.on), language=asked.language)
        if _may_see(asked, one)
        and query.municipality in (None, one.municipality)
        and query.kind in (None, one.kind)
        and query.state in (None, one.state)
    ]
    return asked.page(FindingPage, wanted, lambda one: _shape(asked, one))


def _may_see(asked: Asked, one: readiness.Finding) -> bool:
    return all(
        asked.viewer.may(needed, municipality=one.municipality)
        for needed in (Permission.OVERVIEW_READ, NEEDED[one.kind])
    )


def _shape(asked: Asked, one: readiness.Finding) -> Finding:
    kind, key = one.about
    return Finding(
        kind=one.kind,
        state=one.state,
        municipality=one.municipality,
        sentence=asked.words(one.sentence),
        detail=asked.words(one.detail) if one.detail else None,
        about_kind=kind,
        about=key,
    )


OPERATIONS = (
    Operation(
        "/findings", "listFindings", "findings", "What is not in order, faults first.",
        (Permission.OVERVIEW_READ,), FindingPage, listed, FindingQuery,
    ),
)  # fmt: skip
