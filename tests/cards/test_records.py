"""Cards from the database, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from prep.cards import records, register_records
from prep.cards.action import ActionCard
from prep.cards.content import load_library
from prep.db import read_session, write_session
from prep.errors import NotFound, Refused
from prep.models import AuditEntry, IssuedCard, Municipality, SeatTerm
from prep.terms import (
    CardKind,
    CardRole,
    Classification,
    ContactKind,
    Disruption,
    Language,
    SiteStatus,
)
from tests.cards.builders import AT, NAMES, ON, POSTS, CountyBuilder, whole_county

PC, OUTAGE = CardRole.PREPAREDNESS_CONTACT, Disruption.POWER_OUTAGE
# Its card asks for evacuation centres.
FLOOD = Disruption.FLOOD


@pytest.fixture
def builder(engine: Engine) -> Iterator[CountyBuilder]:
    """A county with Perho, which has nothing yet."""
    with write_session(engine, actor="test") as session:
        builder = CountyBuilder(session)
        builder.municipality("584", "Perho", "Perho")
        session.flush()
        yield builder


def perho(session: Session) -> Municipality:
    session.flush()
    session.expire_all()
    return session.get_one(Municipality, "584")


def card(builder: CountyBuilder, disruption: Disruption = OUTAGE, *, on: date = ON) -> ActionCard:
    session = builder.session
    return records.action_card(session, perho(session), PC, disruption, Language.FI, on=on, at=AT)


def lines(made: ActionCard) -> list[tuple[str, str, bool]]:
    return [(row.post, row.name, row.is_deputy) for row in made.contacts]


def test_the_group_comes_first_in_the_order_of_its_seats_each_with_its_deputies(
    builder: CountyBuilder,
) -> None:
    aino, eero, outi = (builder.person("584", name=name) for name in ("Aino", "Eero", "Outi"))
    builder.desk("Tilannekeskus", "+358000000001")
    builder.group("584", (POSTS[0], (aino, eero)), (POSTS[1], (outi,)))
    assert lines(card(builder)) == [
        ("Kunnanjohtaja", "Aino", False),
        ("Kunnanjohtaja", "Eero", True),
        ("Tekninen johtaja", "Outi", False),
        ("Varautumisen yhteyshenkilö", "", False),
        ("Tilannekeskus", "päivystys 24 h", False),
    ]


def test_a_vacant_seat_keeps_its_place_without_a_name(builder: CountyBuilder) -> None:
    eero = builder.person("584", name="Eero")
    builder.group("584", (POSTS[0], (None, eero)))
    first, second, *_ = card(builder).contacts
    assert (first.post, first.name, first.numbers) == ("Kunnanjohtaja", "", ())
    assert (second.name, second.is_deputy) == ("Eero", True)


def test_who_held_a_seat_before_or_will_later_is_not_called(builder: CountyBuilder) -> None:
    aino, eero, outi = (builder.person("584", name=name) for name in ("Aino", "Eero", "Outi"))
    (seat,) = builder.group("584", (POSTS[0], (aino,))).seats
    seat.terms[0].ends = date(2026, 6, 30)
    seat.terms += [
        SeatTerm(person=eero, starts=date(2026, 7, 1), ends=date(2026, 12, 31)),
        SeatTerm(person=outi, starts=date(2027, 1, 1)),
    ]
    assert card(builder, on=date(2026, 6, 30)).contacts[0].name == "Aino"
    assert card(builder, on=date(2026, 7, 1)).contacts[0].name == "Eero"
    assert card(builder, on=date(2027, 1, 1)).contacts[0].name == "Outi"


def test_numbers_stand_in_calling_order_and_addresses_for_e_mail_are_left_out(builder: CountyBuilder) -> None:
    aino = builder.person(
        "584",
        (ContactKind.EMAIL, "aino@example.invalid", ON),
        (ContactKind.MOBILE, "+358000000101", date(2026, 11, 10)),
        (ContactKind.AUTHORITY_RADIO, "000 11", date(2026, 10, 13)),
    )
    builder.group("584", (POSTS[0], (aino,)))
    row = card(builder).contacts[0]
    assert row.numbers == ("+358\xa000\xa0000\xa00101", "VIRVE\xa0000\xa011")
    # 13 October to 22 November: the older of the two.
    assert row.age_days == 40


def test_one_number_that_was_never_confirmed_makes_the_age_unknown(builder: CountyBuilder) -> None:
    aino = builder.person(
        "584", (ContactKind.MOBILE, "+358000000101", ON), (ContactKind.LANDLINE, "+358000000102", None)
    )
    builder.group("584", (POSTS[0], (aino,)))
    made = card(builder)
    assert made.contacts[0].age_days is None
    assert made.imprint.data_age.unconfirmed == 1


def test_a_contact_who_sits_in_the_group_is_called_once_under_both_names(builder: CountyBuilder) -> None:
    aino, eero, outi = (builder.person("584", name=name) for name in ("Aino", "Eero", "Outi"))
    builder.group("584", (POSTS[1], (aino, eero)))
    builder.preparedness_contact("584", aino, eero, outi)
    assert lines(card(builder))[:3] == [
        ("Tekninen johtaja, varautumisen yhteyshenkilö", "Aino", False),
        ("Tekninen johtaja, varautumisen yhteyshenkilö", "Eero", True),
        ("Tekninen johtaja, varautumisen yhteyshenkilö", "Outi", True),
    ]


def test_a_municipality_without_a_group_says_so(builder: CountyBuilder) -> None:
    made = card(builder)
    assert str(made.contacts_note) == "the management group is not in the register"
    assert [row.post for row in made.contacts] == ["Varautumisen yhteyshenkilö", "Tilannekeskus"]
    assert [row.numbers for row in made.contacts] == [(), ()]


def test_the_county_calls_its_desks_and_the_contact_of_every_municipality(builder: CountyBuilder) -> None:
    session = builder.session
    builder.desk("Tilannekeskus", "+358000000001")
    builder.municipality("924", "Veteli", "Vetil")
    session.flush()
    builder.preparedness_contact(
        "924", builder.person("924", name="Aino"), builder.person("924", name="Eero")
    )
    session.flush()
    session.expire_all()
    role = CardRole.RESCUE_DUTY_OFFICER
    made = records.action_card(session, None, role, OUTAGE, Language.SV, on=ON, at=AT)
    assert made.for_whom == "Mellersta Österbottens välfärdsområde"
    assert lines(made) == [
        ("Tilannekeskus", "jour dygnet runt", False),
        ("Perho", "", False),
        ("Vetil", "Aino", False),
        ("Vetil", "Eero", True),
    ]
    centre = records.action_card(session, None, CardRole.SITUATION_CENTRE, OUTAGE, Language.FI, on=ON, at=AT)
    assert [row.post for row in centre.contacts] == ["Perho", "Veteli", "Veteli"]


def test_the_pack_says_which_desk_is_the_situation_centre(builder: CountyBuilder) -> None:
    builder.county.pack = {
        "situation_centres": [{"key": "tike", "name": {"fi": "Tike", "sv": "Lc", "en": "Sc"}}]
    }
    builder.desk("Hätäkeskus", "+358000000002")
    builder.desk("Tilannekeskus", "+358000000001").key = "tike"
    assert [row.post for row in card(builder).contacts][-1] == "Tike"
    assert "Hätäkeskus" not in [row.post for row in card(builder).contacts]
    role = CardRole.RESCUE_DUTY_OFFICER
    county = records.action_card(builder.session, None, role, OUTAGE, Language.EN, on=ON, at=AT)
    assert [row.post for row in county.contacts] == ["Sc", "Hätäkeskus", "Perho"]


def test_three_premises_are_offered_the_available_first_then_the_largest(builder: CountyBuilder) -> None:
    builder.site("584", "Pieni", 60)
    builder.site("584", "Suuri", 240)
    builder.site("584", "Keskikokoinen", 120)
    builder.site("584", "Ehdollinen", 900, status=SiteStatus.CONDITIONAL)
    builder.site("584", "Suljettu", 900, status=SiteStatus.OUT)
    builder.site("584", "Varattu", 900, status=SiteStatus.IN_USE)
    made = card(builder, FLOOD)
    assert made.premises is not None
    assert [row.name for row in made.premises] == ["Suuri", "Keskikokoinen", "Pieni"]


def test_the_limit_of_the_fire_inspection_counts_in_the_order(builder: CountyBuilder) -> None:
    builder.site("584", "Rajattu", 500, fire_max_persons=50)
    builder.site("584", "Avara", 100)
    builder.site("584", "Tuntematon", None)
    made = card(builder, FLOOD)
    assert made.premises is not None
    assert [(row.name, row.stated_capacity, row.fire_max_persons) for row in made.premises] == [
        ("Avara", 100, None),
        ("Rajattu", 500, 50),
        ("Tuntematon", None, None),
    ]


def test_premises_name_those_who_hold_the_key(builder: CountyBuilder) -> None:
    site = builder.site("584", "Halli", 100)
    builder.key_holder(site, builder.person("584", (ContactKind.MOBILE, "+358000000110", ON), name="Outi"))
    builder.key_holder(site, name="Vahtimestari", phone="+358000000111")
    builder.key_holder(site, name="Kolmas", phone="+358000000112")
    made = card(builder, FLOOD)
    assert made.premises is not None
    assert made.premises[0].key_holders == (
        ("Outi", "+358\xa000\xa0000\xa00110"),
        ("Vahtimestari", "+358\xa000\xa0000\xa00111"),
    )
    # The site of 1 September is the oldest but for the key of 15 August: 99 days.
    assert made.premises[0].age_days == 99


def test_premises_are_old_after_a_year_and_their_key_after_half_a_year(builder: CountyBuilder) -> None:
    site = builder.site("584", "Halli", 100, confirmed_on=ON - timedelta(days=365))
    assert [row.is_stale for row in card(builder, FLOOD).premises or ()] == [False]
    site.confirmed_on = ON - timedelta(days=366)
    assert [row.is_stale for row in card(builder, FLOOD).premises or ()] == [True]
    site.confirmed_on = ON
    builder.key_holder(site, name="Vahtimestari", phone="+358000000111")
    site.key_holders[0].confirmed_on = ON - timedelta(days=181)
    assert [row.is_stale for row in card(builder, FLOOD).premises or ()] == [True]


def test_a_card_without_premises_in_its_text_has_no_table_of_them(builder: CountyBuilder) -> None:
    session = builder.session
    made = records.action_card(
        session, perho(session), CardRole.COMMUNICATIONS, OUTAGE, Language.FI, on=ON, at=AT
    )
    assert load_library().card(CardRole.COMMUNICATIONS, OUTAGE).premises_use is None
    assert made.premises is None


def test_a_card_is_as_secret_as_the_most_secret_of_its_premises(builder: CountyBuilder) -> None:
    site = builder.site("584", "Halli", 100)
    assert card(builder, FLOOD).imprint.classification is Classification.INTERNAL
    site.classification = Classification.SECRET
    assert card(builder, FLOOD).imprint.classification is Classification.SECRET


def test_messages_name_the_municipality_in_each_language(builder: CountyBuilder) -> None:
    session = builder.session
    builder.municipality("272", "Kokkola", "Karleby")
    session.flush()
    kokkola = session.get_one(Municipality, "272")
    made = records.action_card(session, kokkola, PC, OUTAGE, Language.EN, on=ON, at=AT)
    assert all("Kokkola" in message.fi and "{" not in message.fi for message in made.messages)
    assert all("Karleby" in message.sv and "{" not in message.sv for message in made.messages)


def test_the_contact_card_has_the_group_the_roles_and_the_desk(builder: CountyBuilder) -> None:
    session = builder.session
    aino, eero = builder.person("584", name="Aino"), builder.person("584", name="Eero")
    builder.desk("Tilannekeskus", "+358000000001")
    builder.group("584", (POSTS[0], (aino, eero)))
    builder.preparedness_contact("584", eero)
    other = builder.preparedness_contact("584", aino)
    other.key, other.name_fi = "alueturva-responsible", "Alueturvan vastuuhenkilö"
    made = records.contact_card(session, perho(session), Language.FI, on=ON, at=AT)
    assert [[(row.post, row.name) for row in section.rows] for section in made.sections] == [
        [("Kunnanjohtaja", "Aino"), ("Kunnanjohtaja", "Eero")],
        [("Varautumisen yhteyshenkilö", "Eero"), ("Alueturvan vastuuhenkilö", "Aino")],
        [("Tilannekeskus", "päivystys 24 h")],
    ]


def test_a_role_without_a_card_is_not_found(builder: CountyBuilder) -> None:
    session = builder.session
    with pytest.raises(NotFound, match="There is no action card for this role in this disruption"):
        records.action_card(session, perho(session), CardRole.KEY_HOLDER, OUTAGE, Language.FI, on=ON, at=AT)


def test_without_a_county_it_is_said_how_to_begin(engine: Engine) -> None:
    with read_session(engine) as session, pytest.raises(NotFound, match="There is no county in it yet"):
        records.county_cards(session, language=Language.FI, on=ON, at=AT)


def test_the_county_gets_every_card_there_is_a_text_for(engine: Engine) -> None:
    library = load_library()
    county = [one for one in library.cards() if one.role in {"RO", "SC", "HC", "SO", "EH"}]
    local = [one for one in library.cards() if one.role not in {"RO", "SC", "HC", "SO", "EH"}]
    with write_session(engine, actor="test") as session:
        whole_county(session)
    with read_session(engine) as session:
        made = records.county_cards(session, language=Language.FI, on=ON, at=AT)
    kinds = [(one.kind, one.municipality_code is None) for one in made]
    assert kinds.count((CardKind.CONTACT, False)) == 8
    assert kinds.count((CardKind.ACTION, True)) == len(county)
    assert kinds.count((CardKind.ACTION, False)) == 8 * len(local)
    # The county first, then by name.
    places = list(dict.fromkeys(one.for_whom for one in made))
    assert places[:3] == ["Keski-Pohjanmaan hyvinvointialue", "Halsua", "Kannus"]


def test_one_municipality_role_or_disruption_can_be_chosen(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        whole_county(session)
    with read_session(engine) as session:
        kokkola = session.get_one(Municipality, "272")
        chosen = {"language": Language.FI, "on": ON, "at": AT}
        of_place = records.county_cards(session, municipality=kokkola, **chosen)
        of_role = records.county_cards(session, role=PC, **chosen)
        of_disruption = records.county_cards(session, municipality=kokkola, disruption=FLOOD, **chosen)
    assert {one.for_whom for one in of_place} == {"Kokkola"}
    assert len(of_role) == 8 * 12
    assert {one.title for one in of_disruption} == {"Tulva"}


def test_the_number_of_queries_does_not_grow_with_the_county(engine: Engine) -> None:
    def queries() -> int:
        asked: list[object] = []

        def count(*_given: object) -> None:
            asked.append(None)

        event.listen(engine, "after_cursor_execute", count)
        with read_session(engine) as session:
            records.county_cards(session, language=Language.FI, on=ON, at=AT)
        event.remove(engine, "after_cursor_execute", count)
        return len(asked)

    with write_session(engine, actor="test") as session:
        builder = CountyBuilder(session)
        builder.desk("Tilannekeskus", "+358000000001")
        builder.usual("584", "Perho", "Perho")
    of_one = queries()
    with write_session(engine, actor="test") as session:
        builder.session = session
        for code, name_fi, name_sv in NAMES:
            if code != "584":
                builder.usual(code, name_fi, name_sv)
    # The register of issued cards is asked for 500 codes at a time: once for one place, twice for eight.
    assert queries() == of_one + 1


def test_printing_again_keeps_the_code_counts_copies_and_remembers_the_first_day(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        whole_county(session)
    later = AT + timedelta(days=40)
    with write_session(engine, actor="test") as session:
        kokkola = session.get_one(Municipality, "272")
        first = records.action_card(session, kokkola, PC, OUTAGE, Language.FI, on=ON, at=AT)
        register_records.register(session, [first], AT)
    with write_session(engine, actor="test") as session:
        kokkola = session.get_one(Municipality, "272")
        again = records.action_card(session, kokkola, PC, OUTAGE, Language.FI, on=later.date(), at=later)
        register_records.register(session, [again], later)
    assert again.code == first.code
    assert again.imprint.valid_from == ON
    assert again.imprint.review_due == ON + timedelta(days=180)
    assert again.contacts[0].age_days == (first.contacts[0].age_days or 0) + 40
    with read_session(engine) as session:
        (row,) = session.scalars(select(IssuedCard))
        assert (row.copies, row.first_printed_at, row.last_printed_at) == (2, AT, later)
        assert (row.kind, row.role, row.disruption) == (CardKind.ACTION, PC, OUTAGE)
        assert (row.title, row.municipality_code, row.valid_from) == ("Laaja sähkökatko", "272", ON)
        assert row.content_digest == first.digest


def test_changed_content_is_another_card_valid_from_today(builder: CountyBuilder) -> None:
    aino = builder.person("584", name="Aino")
    builder.group("584", (POSTS[0], (aino,)))
    first = card(builder)
    register_records.register(builder.session, [first], AT)
    aino.name = "Aino Uusi"
    later = ON + timedelta(days=10)
    changed = card(builder, on=later)
    assert changed.code != first.code
    assert changed.imprint.valid_from == later


def test_a_card_whose_code_is_taken_gets_another(builder: CountyBuilder) -> None:
    made = card(builder)
    (row,) = register_records.register(builder.session, [made], AT)
    row.content_digest = "0" * 64
    other = card(builder)
    assert other.digest == made.digest
    assert other.code != made.code
    register_records.register(builder.session, [other], AT)
    assert len(list(builder.session.scalars(select(IssuedCard)))) == 2


def test_a_code_taken_meanwhile_is_refused(builder: CountyBuilder) -> None:
    made = card(builder)
    (row,) = register_records.register(builder.session, [made], AT)
    row.content_digest = "0" * 64
    with pytest.raises(
        Refused, match=r"Perho: Laaja sähkökatko, .*Another card has been printed under this code"
    ):
        register_records.register(builder.session, [made], AT)


def test_every_printing_is_in_the_audit_trail(engine: Engine) -> None:
    with write_session(engine, actor="test") as session:
        whole_county(session)
    with write_session(engine, actor="command: cards print") as session:
        kokkola = session.get_one(Municipality, "272")
        made = records.contact_card(session, kokkola, Language.FI, on=ON, at=AT)
        register_records.register(session, [made], AT)
    with read_session(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "issued_card")).all()
        assert [(entry.action, entry.row_key, entry.actor) for entry in entries] == [
            ("insert", made.code, "command: cards print")
        ]


def test_two_cards_of_one_content_in_one_printing_are_two_copies(builder: CountyBuilder) -> None:
    made = card(builder)
    register_records.register(builder.session, [made, replace(made)], AT)
    assert builder.session.get_one(IssuedCard, made.code).copies == 2
