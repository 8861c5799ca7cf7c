"""The columns in which municipalities are listed, on the overview and on their own page."""

from prep.alerting.scenarios import parse
from prep.language import say
from prep.readiness.judgement import JUDGED_BY
from prep.readiness.municipalities import MunicipalityStanding
from prep.web.tables import Column
from prep.web.writing import named

_Row = MunicipalityStanding


def columns() -> tuple[Column[_Row], ...]:
    """Every column of the list."""
    return (
        Column("name", say("Municipality"), lambda row: named(row.municipality), names=True),
        Column("state", say("State"), lambda row: row.state, extra=True),
        Column("residents", say("Residents"), lambda row: row.municipality.population, is_figure=True),
        Column(
            "contact",
            say("Preparedness contact"),
            lambda row: row.contact_words,
            order=lambda row: (row.contact_state, row.contact_words),
        ),
        Column(
            "reach",
            say("Management group reached"),
            lambda row: row.reach.share.p if row.reach else None,
            note=parse(JUDGED_BY).name,
        ),
        Column("places", say("Sleeping places / need"), lambda row: row.places, note=say("5 % of residents")),
        Column("need", say("Need"), lambda row: row.need, is_figure=True, extra=True),
        Column(
            "unknown",
            say("Premises of unknown availability"),
            lambda row: row.unknown_sites,
            is_figure=True,
            extra=True,
        ),
        Column(
            "oldest",
            say("Oldest number"),
            lambda row: row.oldest_days,
            order=lambda row: (row.numbers_state, row.oldest_days or 0),
        ),
    )
