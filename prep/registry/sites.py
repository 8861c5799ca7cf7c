"""Premises of the registry: whose list they stand on, their uses, how fresh each row is."""

from collections.abc import Sequence
from datetime import date

from rapidfuzz import fuzz, process, utils
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from prep.errors import Problem, Refused
from prep.freshness import state_of
from prep.language import Message, say, sort_key
from prep.models import Municipality, Site, SiteUseRow
from prep.terms import SiteStatus, SiteUse, State

# How a municipality is called on lists beside its plain name: "Kokkolan kaupunki", "Karleby stad".
_TITLES = (" kaupunki", " kunta", " stad", " kommun")
_GENITIVES = (
    ("nen", "sen"),
    ("vesi", "veden"),
    ("lahti", "lahden"),
    ("mpi", "mmin"),
    ("joki", "joen"),
    ("virta", "virran"),
    ("kumpu", "kummun"),
    ("kaus", "kauden"),
    ("mes", "meksen"),
    ("nus", "nuksen"),
    ("järvi", "järven"),
    ("niemi", "niemen"),
    ("salmi", "salmen"),
    ("koski", "kosken"),
    ("mäki", "mäen"),
)


def premises(
    session: Session,
    *,
    on: date,
    municipality: str | None = None,
    use: SiteUse | None = None,
    state: State | None = None,
    with_withdrawn: bool = False,
) -> list[Site]:
    """Premises by municipality and name, with their uses and key holders loaded.

    Parameters
    ----------
    municipality
        A municipality's code: only those on its list.
    use
        Only those which have this use, among others.
    state
        Only those whose row is this fresh on the day, see :func:`prep.freshness.state_of`.
    with_withdrawn
        Also those that are no longer on the list.
    """
    query = select(Site).options(
        selectinload(Site.uses), selectinload(Site.key_holders), joinedload(Site.municipality)
    )
    if not with_withdrawn:
        query = query.where(Site.status != SiteStatus.WITHDRAWN)
    if municipality is not None:
        query = query.where(Site.municipality_code == municipality)
    if use is not None:
        query = query.where(Site.uses.any(SiteUseRow.use == use))
    found = session.scalars(query).all()
    chosen = [site for site in found if state is None or state_of(site, on=on) is state]
    return sorted(chosen, key=lambda site: (sort_key(site.municipality.name_fi), sort_key(site.name)))


def municipalities(session: Session) -> Sequence[Municipality]:
    """All municipalities of the registry, by code."""
    return session.scalars(select(Municipality).order_by(Municipality.code)).all()


def find_municipality(session: Session, wanted: str) -> Municipality:
    """The municipality of a code or of a Finnish or Swedish name.

    Raises
    ------
    Refused
        If there is none; the nearest names are in the remedy.
    """
    known = municipalities(session)
    found = match_municipality(wanted, known)
    if found is None:
        raise Refused(unknown_municipality(say("Municipality"), wanted, known))
    return found


def match_municipality(wanted: str, known: Sequence[Municipality]) -> Municipality | None:
    """The municipality meant by a code or by a name as it stands on lists; None when there is none.

    A code may have lost its first zero in a spreadsheet. A name may be in the genitive before the word for
    a municipality: Perhon kunta, Kokkolan kaupunki. Nothing is guessed from likeness.
    """
    plain = " ".join(wanted.split()).casefold()
    if plain.isdigit() and len(plain) <= 3:
        return next((one for one in known if one.code == plain.zfill(3)), None)
    for title in _TITLES:
        if plain.endswith(title):
            bare = plain.removesuffix(title)
            return next((one for one in known if bare in _forms(one)), None)
    return next((one for one in known if plain in {one.name_fi.casefold(), one.name_sv.casefold()}), None)


def unknown_municipality(place: Message | str, wanted: str, known: Sequence[Municipality]) -> Problem:
    """What to say when no municipality of this name or code is in the registry."""
    names = sorted({name for one in known for name in (one.name_fi, one.name_sv)}, key=sort_key)
    nearest = process.extract(
        wanted, names, scorer=fuzz.ratio, processor=utils.default_process, limit=3, score_cutoff=50
    )
    return Problem(
        place=place,
        value=wanted,
        rule=say("There is no such municipality in this county."),
        remedy=say("Nearest: {names}.", names=[name for name, _, _ in nearest])
        if nearest
        else say("Write its name or its three-digit code, one of: {names}.", names=names),
    )


def _forms(municipality: Municipality) -> set[str]:
    swedish, finnish = municipality.name_sv.casefold(), municipality.name_fi.casefold()
    forms = {finnish, swedish, f"{swedish}s", f"{finnish}n"}
    for ending, genitive in _GENITIVES:
        if finnish.endswith(ending):
            forms.add(finnish.removesuffix(ending) + genitive)
    return forms
