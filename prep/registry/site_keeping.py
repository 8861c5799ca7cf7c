"""Keeping the list of premises: added, changed, taken off the list; and who opens them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.attachments import require_no_files
from prep.errors import Problem, Refused
from prep.language import Message, say
from prep.models import Installation, KeyHolder, Municipality, Person, Site, SiteEvidence, SiteUseRow
from prep.registry.contact_values import kept_form
from prep.registry.site_doubles import forget_decisions
from prep.registry.site_units import require_uses_of_units
from prep.terms import ContactKind, KeyPower, SiteFeature, SiteStatus, SiteUse

_LONGEST_NAME = 200
_MOST_KEY_HOLDERS = 20


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is on record of premises: the columns of the table, and each use with the places stated for it.

    ``evidence`` says since which day a feature is known, and from what; None: nothing is changed about it.
    """

    columns: Mapping[str, Any]
    uses: Mapping[SiteUse, int | None]
    evidence: Mapping[SiteFeature, tuple[date | None, str]] | None = None


@dataclass(frozen=True, slots=True)
class KeyHolderFacts:
    """Who opens premises and what they may do: a person of the registry, or a name and a number."""

    power: KeyPower
    person: Person | None = None
    name: str = ""
    phone: str = ""


def add_site(session: Session, municipality: Municipality, facts: SiteFacts) -> Site:
    """Premises more on a municipality's list.

    Raises
    ------
    Refused
        If others on the list bear the name.
    """
    _require_free_name(session, municipality.code, facts.columns["name"], None)
    site = Site(municipality_code=municipality.code)
    session.add(site)
    _write(site, facts)
    session.flush()
    return site


def change_site(session: Session, site: Site, facts: SiteFacts) -> None:
    """Change what is on record of premises.

    Raises
    ------
    Refused
        If others on the list bear the name, or a unit has a use that the premises would no longer have.
    """
    _require_free_name(session, site.municipality_code, facts.columns["name"], site)
    require_uses_of_units(site, facts.uses)
    _write(site, facts)
    session.flush()


def withdraw_site(session: Session, site: Site) -> None:
    """Take premises off the list that are no longer to be had; all that is known of them stays, with their history.

    Raises
    ------
    Refused
        If they are withdrawn already, or no reason is given with the session.
    """
    if site.status is SiteStatus.WITHDRAWN:
        raise Refused(
            _problem(
                say("Availability"),
                site.name,
                say("The premises have been withdrawn already."),
                say("Take them back onto the list if they can be had again."),
            )
        )
    if not str(session.info.get("why", "")).strip():
        raise Refused(
            _problem(
                say("The reason"),
                None,
                say("It is needed: it stays in the history of the premises."),
                say("Write in a few words why they can no longer be had."),
            )
        )
    site.status = SiteStatus.WITHDRAWN
    session.flush()


def relist_site(session: Session, site: Site) -> None:
    """Take withdrawn premises back onto the list: whether they can be had is not known before somebody says so.

    Raises
    ------
    Refused
        If they are on the list.
    """
    if site.status is not SiteStatus.WITHDRAWN:
        raise Refused(
            _problem(
                say("Availability"),
                site.name,
                say("The premises are on the list."),
                say("Change their availability in their form."),
            )
        )
    site.status = SiteStatus.UNKNOWN
    # Whatever was confirmed was so before they were given up.
    site.confirmed_on = site.confirmed_by = None
    session.flush()


def remove_site(session: Session, site: Site) -> None:
    """Take premises off the list that never belonged on it; those that are no longer to be had are withdrawn.

    Raises
    ------
    Refused
        If they have files.
    """
    require_no_files(session, site)
    forget_decisions(session, site)
    session.delete(site)
    session.flush()


def add_key_holder(session: Session, site: Site, facts: KeyHolderFacts) -> KeyHolder:
    """Somebody more who opens the premises, the last to be called.

    Raises
    ------
    Refused
        If there are too many, nobody is named, or the number is none.
    """
    if len(site.key_holders) >= _MOST_KEY_HOLDERS:
        raise Refused(
            Problem(
                place=site.name,
                value=str(len(site.key_holders)),
                rule=say("Premises have at most {n} key holders.", n=_MOST_KEY_HOLDERS),
                remedy=say("Remove those who no longer open them."),
            )
        )
    holder = KeyHolder(position=1 + max((one.position for one in site.key_holders), default=-1))
    _write_holder(session, holder, facts)
    site.key_holders.append(holder)
    session.flush()
    return holder


def change_key_holder(session: Session, holder: KeyHolder, facts: KeyHolderFacts) -> None:
    """Change who opens the premises, or what they may do.

    Raises
    ------
    Refused
        If nobody is named, or the number is none.
    """
    _write_holder(session, holder, facts)
    session.flush()


def remove_key_holder(session: Session, holder: KeyHolder) -> None:
    """Take somebody away who no longer opens the premises."""
    holder.site.key_holders.remove(holder)
    session.flush()


def order_key_holders(session: Session, site: Site, order: Sequence[int]) -> None:
    """Put those who open the premises in the order in which they are called; ``order`` has every identifier once."""
    by_id = {one.id: one for one in site.key_holders}
    # Two may not stand in one place even for a moment.
    free = 1 + max(one.position for one in site.key_holders)
    for shift in (free, 0):
        for position, number in enumerate(order):
            by_id[number].position = position + shift
        session.flush()
    session.refresh(site, ["key_holders"])


def _write(site: Site, facts: SiteFacts) -> None:
    for name, value in facts.columns.items():
        setattr(site, name, value)
    rows = {one.use: one for one in site.uses}
    for use, row in rows.items():
        if use not in facts.uses:
            site.uses.remove(row)
    for use, stated in facts.uses.items():
        if use in rows:
            rows[use].stated_capacity = stated
        else:
            site.uses.append(SiteUseRow(use=use, stated_capacity=stated))
    if facts.evidence is not None:
        _write_evidence(site, facts.evidence)


def _write_evidence(site: Site, evidence: Mapping[SiteFeature, tuple[date | None, str]]) -> None:
    rows = {one.feature: one for one in site.evidence}
    for feature, row in rows.items():
        if feature not in evidence:
            site.evidence.remove(row)
    for feature, (known_on, source) in evidence.items():
        row = rows.get(feature) or SiteEvidence(feature=feature)
        row.known_on, row.source = known_on, source
        if feature not in rows:
            site.evidence.append(row)


def _write_holder(session: Session, holder: KeyHolder, facts: KeyHolderFacts) -> None:
    name = " ".join(facts.name.split())
    person = facts.person
    if person is None and not name:
        raise Refused(
            _problem(
                say("The key holder"), None, say("It is needed."), say("Choose a person, or write a name.")
            )
        )
    if len(name) > _LONGEST_NAME:
        rule = say("It has at most {n} letters; this has {found}.", n=_LONGEST_NAME, found=len(name))
        raise Refused(_problem(say("The name"), name, rule, say("Shorten it.")))
    phone = ""
    if person is None and facts.phone.strip():
        installation = session.get(Installation, 1)
        allow_invented = installation is not None and installation.is_demo
        phone = kept_form(ContactKind.MOBILE, facts.phone, allow_invented=allow_invented)
    now = (holder.person_id, holder.name, holder.phone)
    # The numbers of a person of the registry are kept with the person, not a second time here.
    holder.power, holder.person = facts.power, person
    holder.name, holder.phone = ("", "") if person is not None else (name, phone)
    if now != (person.id if person else None, holder.name, holder.phone):
        holder.confirmed_on = holder.confirmed_by = None


def _require_free_name(session: Session, code: str, name: str, site: Site | None) -> None:
    wanted = " ".join(name.split()).casefold()
    others = session.scalars(select(Site).where(Site.municipality_code == code)).all()
    if any(one is not site and " ".join(one.name.split()).casefold() == wanted for one in others):
        raise Refused(
            _problem(
                say("The name of the premises"),
                name,
                say("Other premises on the municipality’s list bear this name."),
                say("Give them different names, for instance with the hall or the floor."),
            )
        )


def _problem(place: Message, value: str | None, rule: Message, remedy: Message) -> Problem:
    return Problem(place=place, value=value, rule=rule, remedy=remedy)
