"""What of a list whoever asks may see: the rest is left out of rows, counts, maps and choices alike."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy.orm import Session

from prep.auth.permissions import NOBODY, nothing_here, shown_number
from prep.auth.roles import Permission
from prep.cards.directory import Directory
from prep.cards.masking import with_masked_numbers
from prep.models import Attachment, Chain, ContactPoint, KeyHolder, Municipality, Site
from prep.readiness.finding import Finding
from prep.readiness.impact import Impact
from prep.registry.bodies import BodyStanding
from prep.registry.people import callable_points
from prep.registry.sites import municipalities
from prep.terms import Classification
from prep.web import identity

# What must be allowed to see a line that is about this; a municipality's line is mended on its page.
NEEDED = {
    "body": Permission.BODY_READ,
    "bodies": Permission.BODY_READ,
    "roles": Permission.CONTACT_READ,
    "municipality": Permission.MUNICIPALITY_READ,
    "person": Permission.CONTACT_READ,
    "chain": Permission.CHAIN_READ,
    "chains": Permission.CHAIN_READ,
    "site": Permission.SITE_READ,
    "sites": Permission.SITE_READ,
    "cards": Permission.CARD_READ,
}


def may(needed: Permission, municipality: str | None = None) -> bool:
    """Whether whoever asks may do this in a municipality, or (None) on what is the county's or shared."""
    return identity.viewer().may(needed, municipality=municipality)


def may_somewhere(needed: Permission) -> bool:
    """Whether whoever asks may do this anywhere: for what is offered, never for the thing itself."""
    return identity.viewer().may_somewhere(needed)


def may_see(kind: str, municipality: str | None) -> bool:
    """Whether whoever asks may open the page of a kind of thing, there."""
    return may(NEEDED[kind], municipality)


def seen_findings(found: Iterable[Finding]) -> list[Finding]:
    """The lines about things that whoever asks may see."""
    return [one for one in found if may_see(one.about[0], one.municipality)]


def seen_impact(impact: Impact) -> Impact:
    """What rests on something, as far as whoever asks may see it."""
    return Impact(tuple(one for one in impact.effects if may_see(one.about[0], one.municipality)))


def seen_bodies(bodies: Iterable[BodyStanding]) -> list[BodyStanding]:
    """The bodies of the own municipalities and those that all share."""
    return [one for one in bodies if may(Permission.BODY_READ, one.body.municipality_code)]


def seen_chains(chains: Iterable[Chain]) -> list[Chain]:
    """The chains that reach a body of the own municipalities, or (for roles of the county) any."""
    return [one for one in chains if may(Permission.CHAIN_READ, one.body.municipality_code)]


def seen_places(session: Session, needed: Permission) -> Sequence[Municipality]:
    """The municipalities in which this is allowed."""
    return [one for one in municipalities(session) if may(needed, one.code)]


def municipality_of(session: Session, code: str, needed: Permission) -> Municipality:
    """The municipality of a code.

    Raises
    ------
    NotFound
        If it does not exist or whoever asks may not do this in it: the same words for both.
    """
    found = session.get(Municipality, code)
    if found is None or not may(needed, code):
        raise nothing_here()
    return found


def seen_files(site: Site, files: Iterable[Attachment]) -> list[Attachment]:
    """The files of premises that whoever asks may see: what is secret is for those who keep the list."""
    keeps = may(Permission.SITE_EDIT, site.municipality_code)
    return [one for one in files if keeps or one.classification is not Classification.SECRET]


def number_of(point: ContactPoint) -> str:
    """A number or address as whoever asks may see it."""
    return shown_number(point.value, identity.viewer(), municipality=point.person.municipality_code)


def key_numbers_of(holder: KeyHolder) -> list[str]:
    """The numbers of one who opens premises, as whoever asks may see them."""
    if holder.person is not None:
        return [number_of(point) for point in callable_points(holder.person)]
    return [key_number_of(holder)] if holder.phone else []


def key_number_of(holder: KeyHolder) -> str:
    """The number typed for the premises, as whoever asks may see it."""
    return shown_number(holder.phone, identity.viewer(), municipality=holder.site.municipality_code)


def seen_numbers(directory: Directory) -> Directory:
    """What cards are made from, with the numbers masked on the cards of every place where they may not be seen."""
    places: Collection[str | None] = [None, *(one.code for one in directory.municipalities)]
    masked = frozenset(code for code in places if not may(Permission.CONTACT_PHONE, code))
    return with_masked_numbers(
        directory, masked, lambda number: shown_number(number, NOBODY, municipality=None)
    )
