"""An invented county in the database, from which cards are made. No number in it can be dialled."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from prep.models import (
    Body,
    ContactPoint,
    County,
    Installation,
    KeyHolder,
    Municipality,
    Person,
    Role,
    RoleTerm,
    Seat,
    SeatTerm,
    Site,
    SiteUseRow,
)
from prep.terms import ActorKind, BodyKind, ContactKind, KeyPower, SiteStatus, SiteUse

ON = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 8, 46, tzinfo=UTC)
NAMES = (
    ("217", "Kannus", "Kannus"),
    ("236", "Kaustinen", "Kaustby"),
    ("272", "Kokkola", "Karleby"),
    ("421", "Lestijärvi", "Lestijärvi"),
    ("584", "Perho", "Perho"),
    ("849", "Toholampi", "Toholampi"),
    ("924", "Veteli", "Vetil"),
    ("074", "Halsua", "Halso"),
)
POSTS = (
    ("Kunnanjohtaja", "Kommundirektör", "Municipal manager"),
    ("Tekninen johtaja", "Teknisk direktör", "Technical director"),
    ("Sivistysjohtaja", "Bildningsdirektör", "Director of education"),
    ("Viestintäpäällikkö", "Kommunikationschef", "Head of communications"),
    ("Tietohallintopäällikkö", "IT-chef", "Head of ICT"),
)
_FIRST = ("Aino", "Eero", "Outi", "Åke", "Märta", "Niillas", "Sofia", "Veikko")
_LAST = ("Esimerkki", "Exempel", "Mallila", "Fiktiv", "Keksitty", "Esimerkki-Malliniemi")


class CountyBuilder:
    """Adds an invented county to a session; every call of ``person`` gives another name and number."""

    def __init__(self, session: Session, *, is_demo: bool = True):
        self.session = session
        self.people = 0
        session.add(Installation(created_at=AT, created_with="test", is_demo=is_demo))
        self.county = County(
            key="keski-pohjanmaa",
            name_fi="Keski-Pohjanmaan hyvinvointialue",
            name_sv="Mellersta Österbottens välfärdsområde",
            name_en="Wellbeing services county of Central Ostrobothnia",
            pack={},
        )
        session.add(self.county)
        session.flush()
        self.county_id = self.county.id

    def municipality(self, code: str, name_fi: str, name_sv: str) -> Municipality:
        row = Municipality(code=code, county_id=self.county_id, name_fi=name_fi, name_sv=name_sv)
        self.session.add(row)
        return row

    def person(
        self, code: str | None, *numbers: tuple[ContactKind, str, date | None], name: str = ""
    ) -> Person:
        """A person; without numbers given, with one mobile number, and every third with a VIRVE radio."""
        n = self.people = self.people + 1
        if not numbers:
            numbers = ((ContactKind.MOBILE, f"+358000{n:06d}", date(2026, 11, 20 - n % 19)),)
            if n % 3 == 0:
                numbers += ((ContactKind.AUTHORITY_RADIO, f"000 {n:04d}", date(2026, 10, 2)),)
        name = name or f"{_FIRST[n % len(_FIRST)]} {_LAST[n % len(_LAST)]}"
        person = Person(county_id=self.county_id, municipality_code=code, name=name)
        self.session.add(person)
        for position, (kind, value, confirmed_on) in enumerate(numbers):
            person.contact_points.append(
                ContactPoint(position=position, kind=kind, value=value, confirmed_on=confirmed_on)
            )
        return person

    def desk(self, name: str, number: str) -> Person:
        desk = self.person(None, (ContactKind.LANDLINE, number, date(2026, 11, 19)), name=name)
        desk.kind = ActorKind.DUTY_DESK
        return desk

    def group(self, code: str, *holders: tuple[tuple[str, str, str], tuple[Person | None, ...]]) -> Body:
        """A management group: per seat its three names, and who sits, first the holder (None: vacant)."""
        body = Body(
            county_id=self.county_id,
            key=f"group-{code}",
            kind=BodyKind.MANAGEMENT_GROUP,
            municipality_code=code,
            name_fi="Johtoryhmä",
            name_sv="Ledningsgrupp",
            name_en="Management group",
        )
        for position, ((fi, sv, en), people) in enumerate(holders):
            seat = Seat(key=f"seat-{position}", position=position, name_fi=fi, name_sv=sv, name_en=en)
            seat.terms = [
                SeatTerm(person=person, rank=rank, starts=date(2025, 6, 1))
                for rank, person in enumerate(people)
                if person
            ]
            body.seats.append(seat)
        self.session.add(body)
        return body

    def preparedness_contact(self, code: str, *people: Person) -> Role:
        role = Role(
            county_id=self.county_id,
            key="preparedness-contact",
            municipality_code=code,
            name_fi="Varautumisen yhteyshenkilö",
            name_sv="Kontaktperson för beredskap",
            name_en="Preparedness contact",
        )
        role.terms = [
            RoleTerm(person=person, rank=rank, starts=date(2025, 6, 1)) for rank, person in enumerate(people)
        ]
        self.session.add(role)
        return role

    def site(self, code: str, name: str, capacity: int | None, **values: object) -> Site:
        site = Site(
            municipality_code=code,
            name=name,
            address="Koulutie 1",
            **{"status": SiteStatus.AVAILABLE, "confirmed_on": date(2026, 9, 1), **values},
        )
        site.uses = [SiteUseRow(use=use, stated_capacity=capacity) for use in SiteUse]
        self.session.add(site)
        return site

    def key_holder(
        self, site: Site, person: Person | None = None, *, name: str = "", phone: str = ""
    ) -> None:
        site.key_holders.append(
            KeyHolder(
                position=len(site.key_holders),
                power=KeyPower.OPEN,
                person=person,
                name=name,
                phone=phone,
                confirmed_on=date(2026, 8, 15),
            )
        )

    def usual(self, code: str, name_fi: str, name_sv: str) -> Municipality:
        """A municipality as it usually is: five posts with deputies, a contact, four premises."""
        row = self.municipality(code, name_fi, name_sv)
        self.session.flush()
        self.group(code, *((post, (self.person(code), self.person(code))) for post in POSTS))
        self.preparedness_contact(code, self.person(code), self.person(code))
        for number, capacity in enumerate((180, 60, None, 240)):
            site = self.site(
                code, f"{name_fi}: tila {number + 1}", capacity, backup_power_h=24.0 * (number % 2)
            )
            self.key_holder(site, self.person(code))
        return row


def whole_county(session: Session) -> CountyBuilder:
    """Eight municipalities and the desk of the situation centre."""
    builder = CountyBuilder(session)
    builder.desk("Tilannekeskus", "+358000000001")
    for code, name_fi, name_sv in NAMES:
        builder.usual(code, name_fi, name_sv)
    session.flush()
    return builder
