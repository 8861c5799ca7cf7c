"""Every operation of the API, in the order in which the reference lists them."""

from prep.web.api import (
    appointment_changes,
    appointments,
    bodies,
    cards,
    chains,
    contact_changes,
    contacts,
    county,
    findings,
    health,
    impact,
    me,
    meetings,
    number_changes,
    premises,
    review,
    search,
)
from prep.web.api.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS,
    *county.OPERATIONS,
    *bodies.OPERATIONS,
    *meetings.OPERATIONS,
    *contacts.OPERATIONS,
    *contact_changes.OPERATIONS,
    *number_changes.OPERATIONS,
    *appointments.OPERATIONS,
    *appointment_changes.OPERATIONS,
    *review.OPERATIONS,
    *premises.OPERATIONS,
    *chains.OPERATIONS,
    *impact.OPERATIONS,
    *findings.OPERATIONS,
    *search.OPERATIONS,
    *cards.OPERATIONS,
    *health.OPERATIONS,
)
