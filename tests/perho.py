"""Perho with a person in every post of its management group, and the chain by which they are reached."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from prep.models import Body, ContactPoint, County, Person
from prep.registry.appointments import appoint
from prep.terms import ContactKind

ON, SINCE = date(2026, 11, 22), date(2025, 6, 1)
CENTRE, GROUP = "desk:kp-command-centre", "seat:management-group-584"
CHAIN = f"""[[chain]]
key = "perho"
name = "Perhon johtoryhmä"
body = "management-group-584"
deadline_min = 30

[[chain.list]]
caller = "{CENTRE}"
source = true
items = [
  {{ target = "{GROUP}/manager", channels = ["call", "sms"], rounds = 2 }},
  {{ target = "{GROUP}/preparedness", channels = ["call"] }},
]

[[chain.list]]
caller = "{GROUP}/manager"
items = [
  {{ target = "{GROUP}/technical", channels = ["call"] }},
  {{ target = "{GROUP}/education", channels = ["call"], deputies = false }},
  {{ target = "{GROUP}/communications", channels = ["call"] }},
]
"""


def fill_group(session: Session) -> None:
    """Aino in every seat, each Aino named by her post; the manager has a deputy, Eero."""
    home = session.scalars(select(County)).one()
    body = session.scalars(select(Body).where(Body.key == "management-group-584")).one()
    for seat in body.seats:
        appoint(session, seat, person(home, f"Aino {seat.name_fi}"), starts=SINCE)
    manager = next(seat for seat in body.seats if seat.key == "manager")
    appoint(session, manager, person(home, "Eero Sijainen"), starts=SINCE, rank=1)


def person(home: County, name: str) -> Person:
    number = ContactPoint(position=1, kind=ContactKind.MOBILE, value="+35800000901", confirmed_on=ON)
    return Person(county=home, name=name, contact_points=[number])
