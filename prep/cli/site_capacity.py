"""``prep sites capacity``: how many people premises hold by a norm set, and what would raise it."""

from typing import TYPE_CHECKING, Any

import click

from prep.cli.output import as_json, open_database, remark, show_json, show_table, text
from prep.cli.rights import right
from prep.language import say
from prep.terms import SiteUse

if TYPE_CHECKING:
    from prep.evacuation.calculator import Calculated


@right("site.read")
@click.command()
@click.option("--municipality", metavar="M", help="Only those of a municipality: a code or a name.")
@click.option("--name", metavar="TEXT", help="Only those whose name contains this.")
@click.option(
    "--use", type=click.Choice([use.value for use in SiteUse]), help="For this use; else the main one."
)
@click.option("--hours", type=click.FloatRange(min=0.5, max=8760), default=72, help="How long people stay.")
@click.option(
    "--norms", "key", metavar="KEY", help="By this norm set; else by the county’s, see “prep norms list”."
)
@as_json
def capacity(
    municipality: str | None,
    name: str | None,
    use: str | None,
    hours: float,
    key: str | None,
    json_wanted: bool,
) -> None:
    """How many people premises hold in a stay, what limits it, what is next, and what would raise it."""
    from prep import clock
    from prep.db import read_session
    from prep.evacuation.calculator import calculate
    from prep.evacuation.capacity import main_use
    from prep.evacuation.norm_records import county_norms, one_norms
    from prep.evacuation.records import site_space
    from prep.registry.sites import find_municipality, premises

    with read_session(open_database()) as session:
        norms = one_norms(session, key) if key else county_norms(session)
        code = find_municipality(session, municipality).code if municipality else None
        found: list[tuple[str, str, Calculated]] = []
        for site in premises(session, on=clock.today(), municipality=code):
            space = site_space(site)
            asked = SiteUse(use) if use else main_use(space)
            if asked in space.uses and (name or "").casefold() in site.name.casefold():
                one = calculate(space, norms, asked, stay_h=hours)
                found.append((site.municipality_code, site.name, one))
    if json_wanted:
        show_json([_as_json(*one) for one in found])
        return
    _show(found)
    if not found:
        remark(say("No premises of this kind are in the registry."))


def _show(found: "list[tuple[str, str, Calculated]]") -> None:
    from prep.evacuation.words import word

    rows = []
    for _, name, one in found:
        limits = [
            say("{basis}: {n}", basis=limit.basis, n=limit.persons) for limit in one.capacity.limits[:2]
        ]
        binding, following = (*limits, None, None)[:2]
        if one.capacity.missing:
            binding = say("missing: {what}", what=[word(kind) for kind in one.capacity.missing])
        step = one.steps[0] if one.steps else None
        raised = say("{what}: +{gain} places", what=list(step.needs), gain=step.gain) if step else None
        persons = one.capacity.persons
        rows.append(
            [
                name,
                word(one.use),
                say("not known") if persons is None else persons,
                binding,
                following,
                raised,
            ]
        )
    columns = [
        say("Premises"),
        say("Use"),
        say("Places"),
        say("Limited by"),
        say("Next limit"),
        say("Raised by"),
    ]
    show_table(columns, rows)


def _as_json(municipality: str, name: str, one: "Calculated") -> dict[str, Any]:
    needs = one.needs
    return {
        "municipality": municipality,
        "name": name,
        "norms": one.norms.key,
        "norms_version": one.norms.version,
        "use": one.use,
        "phase": one.capacity.phase,
        "places": one.capacity.persons,
        "at_most": one.capacity.at_most,
        "accessible_places": one.accessible,
        "limits": [
            {"limit": limit.kind, "places": limit.persons, "basis": text(limit.basis)}
            for limit in one.capacity.limits
        ],
        "missing": list(one.capacity.missing),
        "units": [
            {"name": unit.name, "places": unit.capacity.persons, "missing": list(unit.capacity.missing)}
            for unit in one.capacity.units
        ],
        "steps": [
            {"places": step.persons, "gain": step.gain, "needs": [text(need) for need in step.needs]}
            for step in one.steps
        ],
        "needs": needs
        and {
            "area_m2": needs.area_m2,
            "toilets": needs.toilets,
            "water_l_per_day": needs.water_l_per_day,
            "meals_per_day": needs.meals_per_day,
            "staff": needs.staff,
        },
    }
