"""Every operation of the API, in the order in which the reference lists them."""

from prep.web.api import appointments, bodies, cards, chains, contacts, county, findings, health, me, premises
from prep.web.api.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *county.OPERATIONS,
    *bodies.OPERATIONS,
    *contacts.OPERATIONS,
    *appointments.OPERATIONS,
    *premises.OPERATIONS,
    *chains.OPERATIONS,
    *findings.OPERATIONS,
    *cards.OPERATIONS,
    *health.OPERATIONS,
)
